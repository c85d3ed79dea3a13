package dev.quittance.messaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.PreparedStatement;
import java.sql.Statement;

/// The rooms of this library, and who may know what.
@AnalyzeClasses(
    packages = "dev.quittance.messaging",
    importOptions = ImportOption.DoNotIncludeTests.class)
class FloorPlanTest {

  @ArchTest
  static final ArchRule isPlainJava =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.quittance.contracts..",
              "dev.quittance.messaging..",
              "com.fasterxml.jackson..",
              "io.opentelemetry..",
              "java..",
              "javax.sql..",
              "org.apache.kafka..",
              "org.jspecify..",
              "org.slf4j..");

  @ArchTest
  static final ArchRule onlyJdbcHandlesStatements =
      noClasses()
          .that()
          .resideOutsideOfPackage("..messaging.jdbc..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Statement.class, PreparedStatement.class);

  @ArchTest
  static final ArchRule jdbcAndTracingKnowNoBroker =
      noClasses()
          .that()
          .resideInAnyPackage("..messaging.jdbc..", "..messaging.tracing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule deadLettersAndKafkaKnowNoDatabase =
      noClasses()
          .that()
          .resideInAnyPackage("..messaging.deadletter..", "..messaging.kafka..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..");

  @ArchTest
  static final ArchRule hasNoCycles =
      slices().matching("dev.quittance.messaging.(*)..").should().beFreeOfCycles();
}
