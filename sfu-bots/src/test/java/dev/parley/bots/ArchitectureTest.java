package dev.parley.bots;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Bots meet a server as strangers do: by its wire, or by the engine's own packages. */
@AnalyzeClasses(packages = "dev.parley", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String BOTS = "dev.parley.bots..";
  private static final String CLIENT = "dev.parley.bots.client..";

  @ArchTest
  static final ArchRule botsKnowTheCoreAlone =
      noClasses()
          .that()
          .resideInAPackage(BOTS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.parley.signaling..", "dev.parley.admin..", "dev.parley.server..");

  /** From below: what a package may use of the others. */
  @ArchTest
  static final ArchRule arrowsPointDown =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("client")
          .definedBy(CLIENT)
          .layer("media")
          .definedBy("dev.parley.bots.media..")
          .layer("measure")
          .definedBy("dev.parley.bots.measure..")
          .layer("signal")
          .definedBy("dev.parley.bots.signal..")
          .layer("scenario")
          .definedBy("dev.parley.bots.scenario..")
          .layer("bot")
          .definedBy("dev.parley.bots.bot..")
          .layer("run")
          .definedBy("dev.parley.bots.run..")
          .layer("report")
          .definedBy("dev.parley.bots.report..")
          .layer("command")
          .definedBy("dev.parley.bots.command..")
          .layer("probe")
          .definedBy("dev.parley.bots.probe..")
          .layer("bench")
          .definedBy("dev.parley.bots.bench..")
          .layer("network")
          .definedBy("dev.parley.bots.network..")
          .whereLayer("network")
          .mayNotAccessAnyLayer()
          .whereLayer("client")
          .mayOnlyAccessLayers("network")
          .whereLayer("measure")
          .mayNotAccessAnyLayer()
          .whereLayer("media")
          .mayOnlyAccessLayers("client")
          .whereLayer("signal")
          .mayOnlyAccessLayers("client")
          .whereLayer("scenario")
          .mayOnlyAccessLayers("client", "media", "measure", "network")
          .whereLayer("bot")
          .mayOnlyAccessLayers("client", "media", "measure", "signal", "scenario")
          .whereLayer("run")
          .mayOnlyAccessLayers("client", "measure", "scenario", "bot")
          .whereLayer("report")
          .mayOnlyAccessLayers("measure", "scenario", "run")
          .whereLayer("probe")
          .mayNotAccessAnyLayer()
          .whereLayer("bench")
          .mayOnlyAccessLayers("client", "media", "signal", "measure", "scenario", "run", "report")
          .whereLayer("command")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule onlyTheLoopKnowsSocketsAndTheClock =
      noClasses()
          .that()
          .resideInAPackage(CLIENT)
          .and()
          .haveSimpleNameNotStartingWith("ClientLoop")
          .and()
          .haveNameNotMatching(".*\\.ClientLoop\\w*\\$.*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.channels..", "io.netty..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule namesSayWhat =
      noClasses()
          .that()
          .resideInAPackage(BOTS)
          .should()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper");
}
