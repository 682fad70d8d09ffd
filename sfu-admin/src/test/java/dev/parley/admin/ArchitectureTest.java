package dev.parley.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
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
