package dev.parley.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the arrows of ARCHITECTURE.md and the contract of the core's root package. */
@AnalyzeClasses(packages = "dev.parley.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.parley.core.";

  /** No clock, lock, logger or thread; {@code dtls} and {@code speech} are apart, and say why. */
  private static final String[] SANS_IO = {
    ROOT + "api..",
    ROOT + "common..",
    ROOT + "rtp..",
    ROOT + "codec..",
    ROOT + "sdp..",
    ROOT + "ice..",
    ROOT + "srtp..",
    ROOT + "bwe..",
    ROOT + "publisher..",
    ROOT + "subscriber..",
    ROOT + "transport..",
    ROOT + "turn..",
    ROOT + "room.."
  };

  private static String[] in(String... names) {
    String[] packages = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      packages[i] = ROOT + names[i] + "..";
    }
    return packages;
  }

  @ArchTest
  static final ArchRule arrows =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("api")
          .definedBy(in("api"))
          .layer("common")
          .definedBy(in("common"))
          .layer("address")
          .definedBy(in("address"))
          .layer("rtp")
          .definedBy(in("rtp"))
          .layer("codec")
          .definedBy(in("codec"))
          .layer("sdp")
          .definedBy(in("sdp"))
          .layer("ice")
          .definedBy(in("ice"))
          .layer("dtls")
          .definedBy(in("dtls"))
          .layer("srtp")
          .definedBy(in("srtp"))
          .layer("bwe")
          .definedBy(in("bwe"))
          .layer("speech")
          .definedBy(in("speech"))
          .layer("publisher")
          .definedBy(in("publisher"))
          .layer("subscriber")
          .definedBy(in("subscriber"))
          .layer("transport")
          .definedBy(in("transport"))
          .layer("room")
          .definedBy(in("room"))
          .layer("relay")
          .definedBy(in("relay"))
          .layer("turn")
          .definedBy(in("turn"))
          .layer("net")
          .definedBy(in("net"))
          .layer("server")
          .definedBy(in("server"))
          .whereLayer("server")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("address")
          .mayOnlyBeAccessedByLayers("server")
          .whereLayer("sdp")
          .mayOnlyBeAccessedByLayers("server")
          .whereLayer("net")
          .mayOnlyBeAccessedByLayers("server")
          .whereLayer("turn")
          .mayOnlyBeAccessedByLayers("net", "server")
          .whereLayer("relay")
          .mayOnlyBeAccessedByLayers("server")
          .whereLayer("room")
          .mayOnlyBeAccessedByLayers("relay", "server")
          .whereLayer("transport")
          .mayOnlyBeAccessedByLayers("net", "room", "server")
          .whereLayer("subscriber")
          .mayOnlyBeAccessedByLayers("room", "server")
          .whereLayer("publisher")
          .mayOnlyBeAccessedByLayers("subscriber", "room", "relay", "server")
          .whereLayer("dtls")
          .mayOnlyBeAccessedByLayers("transport", "server")
          .whereLayer("ice")
          .mayOnlyBeAccessedByLayers("transport", "net", "server")
          .whereLayer("srtp")
          .mayOnlyBeAccessedByLayers("transport", "dtls", "server")
          .whereLayer("speech")
          .mayOnlyBeAccessedByLayers("room")
          .whereLayer("bwe")
          .mayOnlyBeAccessedByLayers("transport", "room", "server")
          .whereLayer("codec")
          .mayOnlyBeAccessedByLayers("publisher", "subscriber", "room", "server")
          .whereLayer("rtp")
          .mayOnlyBeAccessedByLayers(
              "codec",
              "srtp",
              "bwe",
              "publisher",
              "subscriber",
              "transport",
              "room",
              "relay",
              "server")
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("sdp", "room", "net", "server");

  @ArchTest
  static final ArchRule noCycles = slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule apiNeedsNothing =
      noClasses()
          .that()
          .resideInAnyPackage(in("api"))
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("java..", ROOT + "api..", "org.jspecify..");

  @ArchTest
  static final ArchRule nothingBelowKnowsSockets =
      noClasses()
          .that()
          .resideInAnyPackage(SANS_IO)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.nio.channels..", "io.netty..", "org.slf4j..", "java.util.logging..");

  @ArchTest
  static final ArchRule threadsOnlyAsAnExecutorArgument =
      noClasses()
          .that()
          .resideInAnyPackage(SANS_IO)
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "start or coordinate threads",
                  c ->
                      (c.getPackageName().startsWith("java.util.concurrent")
                              && !c.getName().equals("java.util.concurrent.Executor")
                              && !c.getName().startsWith("java.util.concurrent.CompletionStage"))
                          || c.getName().equals("java.lang.Thread")));

  @ArchTest
  static final ArchRule timeIsAnArgument =
      noClasses()
          .that()
          .resideInAnyPackage(SANS_IO)
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule noLocks =
      noMethods()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(SANS_IO)
          .should()
          .haveModifier(JavaModifier.SYNCHRONIZED);

  @ArchTest
  static final ArchRule noSharedMutableFields =
      noFields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(SANS_IO)
          .should()
          .haveModifier(JavaModifier.VOLATILE);

  @ArchTest
  static final ArchRule sdpIsOursAlone =
      classes()
          .that()
          .resideInAPackage(ROOT + "sdp..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "org.jspecify..", ROOT + "sdp..", ROOT + "api..", ROOT + "common..");

  @ArchTest
  static final ArchRule namesSayWhat =
      noClasses()
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
