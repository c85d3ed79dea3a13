package dev.quittance.access;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.SQLException;

/// What this library may know: HTTP, and nobody who uses it.
@AnalyzeClasses(
    packages = "dev.quittance.access",
    importOptions = ImportOption.DoNotIncludeTests.class)
class FloorPlanTest {

  @ArchTest
  static final ArchRule knowsNoServiceNoDatabaseAndNoBroker =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "dev.quittance.ingest..",
                      "dev.quittance.fulfillment..",
                      "dev.quittance.receipts..",
                      "java.sql..",
                      "javax.sql..",
                      "org.apache.kafka..")
                  .and(not(type(SQLException.class))));

  @ArchTest
  static final ArchRule onlyProblemsKnowHowADatabaseFails =
      noClasses()
          .that()
          .doNotBelongToAnyOf(Problems.class)
          .should()
          .dependOnClassesThat(type(SQLException.class));

  @ArchTest
  static final ArchRule onlyConnectionsKnowNetty =
      noClasses()
          .that()
          .resideOutsideOfPackage("..access.connection..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..");

  @ArchTest
  static final ArchRule hasNoCycles =
      slices().matching("dev.quittance.(access..)").should().beFreeOfCycles();
}
