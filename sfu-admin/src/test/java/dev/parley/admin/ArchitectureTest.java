package dev.parley.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  @Test
  void shouldKeepWebhooksFreeOfTheRestInterface() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.parley.admin.webhook", "dev.parley.admin.event")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.parley.admin", "dev.parley.admin.rest")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.parley.admin"));
  }

  @Test
  void shouldKeepTheRestInterfaceFreeOfTheServerAroundIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.admin.rest")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.parley.admin")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.parley.admin"));
  }
}
