package dev.quittance.ingest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.quittance.fuzz.TellingRecords;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rooms of this service, and who may know whom.
class FloorPlanTest {

  private static final String HOUSE = "dev.quittance.ingest.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.quittance.ingest");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint",
        "journal",
        "operator",
        "provider",
        "provider.stripe",
        "provider.paysuper",
        "provider.standard",
        "publish",
        "recovery",
        "replay",
        "afterpayment",
        "translate",
        "webhook"
      })
  void noRoomIsEmpty(String room) {
    assertThat(CLASSES.stream().filter(type -> type.getPackageName().equals(HOUSE + room)))
        .as("classes in %s", room)
        .hasSizeGreaterThan(1);
  }

  @Test
  void callsFollowTheArrows() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("endpoint")
        .definedBy(HOUSE + "endpoint")
        .layer("provider")
        .definedBy(HOUSE + "provider..")
        .layer("publish")
        .definedBy(HOUSE + "publish")
        .layer("translate")
        .definedBy(HOUSE + "translate")
        .layer("replay")
        .definedBy(HOUSE + "replay")
        .layer("webhook")
        .definedBy(HOUSE + "webhook")
        .layer("journal")
        .definedBy(HOUSE + "journal")
        .layer("operator")
        .definedBy(HOUSE + "operator")
        .layer("recovery")
        .definedBy(HOUSE + "recovery")
        .layer("afterpayment")
        .definedBy(HOUSE + "afterpayment")
        .whereLayer("webhook")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("replay")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("translate")
        .mayOnlyBeAccessedByLayers("replay")
        .whereLayer("replay")
        .mayOnlyAccessLayers("translate", "provider", "publish", "endpoint")
        .whereLayer("operator")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("operator")
        .mayOnlyAccessLayers("provider", "endpoint", "journal")
        .whereLayer("journal")
        .mayNotAccessAnyLayer()
        .whereLayer("recovery")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("afterpayment")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("recovery")
        .mayOnlyAccessLayers("provider", "publish", "endpoint", "journal")
        .whereLayer("afterpayment")
        .mayOnlyAccessLayers("provider", "publish", "endpoint")
        .whereLayer("webhook")
        .mayOnlyAccessLayers("provider", "publish", "endpoint", "journal")
        .whereLayer("translate")
        .mayOnlyAccessLayers("provider", "publish", "endpoint")
        .whereLayer("publish")
        .mayOnlyAccessLayers("provider")
        .whereLayer("provider")
        .mayOnlyAccessLayers("endpoint")
        .whereLayer("endpoint")
        .mayNotAccessAnyLayer()
        .check(CLASSES);
  }

  @Test
  void thereAreNoCircles() {
    slices().matching(HOUSE + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void providersDontKnowEachOther() {
    for (String provider : List.of("stripe", "paysuper", "standard")) {
      noClasses()
          .that()
          .resideInAPackage(HOUSE + "provider." + provider)
          .should()
          .dependOnClassesThat(
              resideInAPackage(HOUSE + "provider.*")
                  .and(resideInAPackage(HOUSE + "provider." + provider).negate()))
          .check(CLASSES);
    }
  }

  @Test
  void nobodyKnowsAProviderButItself() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HOUSE + "provider.*")
        .should()
        .dependOnClassesThat(resideInAPackage(HOUSE + "provider.*"))
        .check(CLASSES);
  }

  @Test
  void onlyThoseWhoReadOrWriteTopicsKnowKafka() {
    noClasses()
        .that()
        .resideOutsideOfPackages(HOUSE + "publish", HOUSE + "replay", HOUSE + "translate")
        .should()
        .dependOnClassesThat(resideInAPackage("org.apache.kafka.."))
        .check(CLASSES);
  }

  /// Each says in one file what happens, from top to bottom, without how topics are read or
  /// written.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook.AcceptWebhook",
        "translate.TranslateWebhook",
        "translate.LookUpDetails",
        "recovery.RecoverMissedEvents",
        "replay.ReplayWebhooks"
      })
  void useCasesDontKnowKafka(String useCase) {
    noClasses()
        .that()
        .haveFullyQualifiedName(HOUSE + useCase)
        .should()
        .dependOnClassesThat(resideInAPackage("org.apache.kafka.."))
        .check(CLASSES);
  }

  /// Who callers are is web-access's to know; being at the machine is enough only by one class
  /// here.
  @Test
  void nobodyLooksForCallersBesideTheGate() {
    noClasses()
        .that()
        .doNotHaveSimpleName("OperatorAccess")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.quittance.access")
                .and(
                    simpleName("CallerSource")
                        .or(simpleName("Tokens"))
                        .or(simpleName("RequestOrigin"))))
        .check(CLASSES);
  }

  @Test
  void timeIsGiven() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(HOUSE + "SystemClock")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .check(CLASSES);
  }

  @Test
  void classesAreHiddenUntilAnotherRoomNeedsThem() {
    classes().that().resideInAPackage(HOUSE + "webhook").should().notBePublic().check(CLASSES);
  }

  @Test
  void noRecordSaysAnAddressOrASecret() {
    assertThat(
            TellingRecords.of(
                CLASSES.stream().map(JavaClass::reflect), Set.of("Refunds.Outcome.Refused code")))
        .isEmpty();
  }
}
