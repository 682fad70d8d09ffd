package dev.parley.bots;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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

  @ArchTest
  static final ArchRule clientsKnowNoBenchmark =
      noClasses()
          .that()
          .resideInAPackage(CLIENT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.parley.bots.bench..");

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
