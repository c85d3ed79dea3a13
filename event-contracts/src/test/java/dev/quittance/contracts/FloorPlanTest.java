package dev.quittance.contracts;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(
    packages = "dev.quittance.contracts",
    importOptions = ImportOption.DoNotIncludeTests.class)
class FloorPlanTest {

  @ArchTest
  static final ArchRule knowsNoBrokerNoDatabaseNoWebAndNoFramework =
      ArchRuleDefinition.classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.quittance.contracts..",
              "java.io",
              "java.lang..",
              "java.math",
              "java.nio.charset",
              "java.security",
              "java.time..",
              "java.util..",
              "com.fasterxml.jackson..",
              "org.jspecify.annotations")
          .because("a test runs it in microseconds, and every service can afford it");

  @ArchTest
  static final ArchRule hasNoCycles =
      slices().matching("dev.quittance.(contracts..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheWireFormatConfiguresJson =
      ArchRuleDefinition.noClasses()
          .that()
          .doNotHaveSimpleName("WireFormat")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("com.fasterxml.jackson.databind.json.JsonMapper");

  @ArchTest
  static final ArchRule timeIsGiven =
      ArchRuleDefinition.noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC");

  @ArchTest
  static final ArchRule printsNothing =
      GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
