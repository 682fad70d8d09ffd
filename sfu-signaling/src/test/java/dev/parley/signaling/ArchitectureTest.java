package dev.parley.signaling;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private static final JavaClasses SIGNALING =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.parley.signaling");

  @Test
  void shouldKnowTheEngineByItsApiOnly() {
    classes()
        .that()
        .resideInAPackage("dev.parley.signaling..")
        .should()
        .onlyDependOnClassesThat(
            new DescribedPredicate<JavaClass>("are outside core or in its api") {
              @Override
              public boolean test(JavaClass used) {
                return !used.getPackageName().startsWith("dev.parley.core")
                    || used.getPackageName().equals("dev.parley.core.api");
              }
            })
        .check(SIGNALING);
  }

  @Test
  void shouldHaveNoCyclesBetweenPackages() {
    slices().matching("dev.parley.signaling.(*)..").should().beFreeOfCycles().check(SIGNALING);
  }

  @Test
  void shouldKeepRoomsFreeOfSocketsAndClocks() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.signaling.room..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(SIGNALING);
  }

  @Test
  void shouldKeepRulesPure() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.signaling.rules..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "io.netty..",
            "org.slf4j..",
            "com.fasterxml..",
            "java.io..",
            "java.nio..",
            "java.net..",
            "java.time..",
            "java.util.concurrent..",
            "java.util.random..",
            "java.security..")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(SIGNALING);
  }
}
