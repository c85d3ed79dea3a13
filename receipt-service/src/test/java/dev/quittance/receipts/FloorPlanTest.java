package dev.quittance.receipts;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.quittance.fuzz.TellingRecords;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.reactive.messaging.Incoming;

@AnalyzeClasses(
    packages = "dev.quittance.receipts",
    importOptions = ImportOption.DoNotIncludeTests.class)
class FloorPlanTest {

  private static final List<String> ROOMS =
      List.of("intake", "actions", "receipt", "render", "mail", "persistence", "api");

  @ArchTest
  static final ArchRule callsFollowTheArrows =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("wiring")
          .definedBy("dev.quittance.receipts")
          .layer("api")
          .definedBy("..receipts.api..")
          .layer("intake")
          .definedBy("..receipts.intake..")
          .layer("actions")
          .definedBy("..receipts.actions..")
          .layer("mail")
          .definedBy("..receipts.mail..")
          .layer("render")
          .definedBy("..receipts.render..")
          .layer("persistence")
          .definedBy("..receipts.persistence..")
          .layer("receipt")
          .definedBy("..receipts.receipt..")
          .whereLayer("wiring")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("wiring")
          .whereLayer("intake")
          .mayOnlyBeAccessedByLayers("wiring")
          .whereLayer("actions")
          .mayOnlyBeAccessedByLayers("wiring", "api")
          .whereLayer("mail")
          .mayOnlyBeAccessedByLayers("wiring", "api")
          .whereLayer("render")
          .mayOnlyBeAccessedByLayers("wiring", "api", "mail")
          .whereLayer("persistence")
          .mayOnlyBeAccessedByLayers("wiring", "api", "actions", "mail", "intake");

  @ArchTest
  static final ArchRule theDomainIsPlainJava =
      noClasses()
          .that()
          .resideInAPackage("..receipts.receipt..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io..", "jakarta..", "java.sql..", "javax.sql..", "org.apache..", "org.eclipse..");

  /// That it may be away, everybody has to know who waits for it.
  @ArchTest
  static final ArchRule onlyPersistenceKnowsTheDatabase =
      noClasses()
          .that()
          .resideInAnyPackage("..receipts.*..")
          .and()
          .resideOutsideOfPackage("..receipts.persistence..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.sql..", "javax.sql..", "io.agroal..", "org.hibernate..")
                  .and(not(type(SQLException.class))));

  @ArchTest
  static final ArchRule onlyTheIntakeTakesMessages =
      noClasses()
          .that()
          .resideOutsideOfPackage("..receipts.intake..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Incoming.class);

  @ArchTest
  static final ArchRule onlyTheIntakeKnowsTheBroker =
      noClasses()
          .that()
          .resideOutsideOfPackage("..receipts.intake..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.smallrye.reactive..");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.quittance.receipts.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule timeIsGiven =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDate.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  /// What is known to tell nothing: addresses that are masked before, and what a shop says of
  /// itself.
  @ArchTest
  static void noRecordSaysAnAddressOrASecret(JavaClasses classes) {
    assertThat(
            TellingRecords.of(
                classes.stream().map(JavaClass::reflect),
                Set.of(
                    "MailActions.Earlier to",
                    "MailActionsResource.Code to",
                    "Merchant address",
                    "ReceiptView to",
                    "ReceiptView.Code to",
                    "ResendMail.Answer.Due to",
                    "Sendings.Sending to",
                    "MerchantSettings.Shop code")))
        .isEmpty();
  }

  @ArchTest
  static void everyRoomIsFurnished(JavaClasses classes) {
    for (String room : ROOMS) {
      assertThat(classes.stream().map(JavaClass::getPackageName))
          .contains("dev.quittance.receipts." + room);
    }
  }
}
