package dev.quittance.receipts;

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
      List.of("intake", "receipt", "render", "mail", "store", "api");

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
          .layer("mail")
          .definedBy("..receipts.mail..")
          .layer("render")
          .definedBy("..receipts.render..")
          .layer("store")
          .definedBy("..receipts.store..")
          .layer("receipt")
          .definedBy("..receipts.receipt..")
          .whereLayer("wiring")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("wiring")
          .whereLayer("intake")
          .mayOnlyBeAccessedByLayers("wiring")
          .whereLayer("mail")
          .mayOnlyBeAccessedByLayers("wiring", "api")
          .whereLayer("render")
          .mayOnlyBeAccessedByLayers("wiring", "api", "mail")
          .whereLayer("store")
          .mayOnlyBeAccessedByLayers("wiring", "api", "mail", "intake");

  @ArchTest
  static final ArchRule theDomainIsPlainJava =
      noClasses()
          .that()
          .resideInAPackage("..receipts.receipt..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io..", "jakarta..", "java.sql..", "javax.sql..", "org.apache..", "org.eclipse..");

  @ArchTest
  static final ArchRule onlyTheStoreKnowsTheDatabase =
      noClasses()
          .that()
          .resideInAnyPackage("..receipts.receipt..", "..receipts.render..", "..receipts.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "io.agroal..", "org.hibernate..");

  @ArchTest
  static final ArchRule onlyTheIntakeTakesMessages =
      noClasses()
          .that()
          .resideOutsideOfPackage("..receipts.intake..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Incoming.class);

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
                    "ByHand.Answer.Due to",
                    "CodeActions.Answer.Done to",
                    "MailActionsResource.Code to",
                    "Merchant address",
                    "ReceiptView to",
                    "ReceiptView.Code to",
                    "Sendings.Sending to",
                    "Shops.Shop code")))
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
