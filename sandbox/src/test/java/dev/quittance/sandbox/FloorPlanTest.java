package dev.quittance.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which room may know which.
class FloorPlanTest {

  private static final String ROOT = "dev.quittance.sandbox.";

  private static final List<String> ROOMS =
      List.of(
          "settings",
          "problem",
          "page",
          "events",
          "documents",
          "api",
          "stripe",
          "paysuper",
          "standard",
          "delivery",
          "shop",
          "payments",
          "trigger",
          "mailbox");

  private static final JavaClasses SANDBOX =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.quittance.sandbox");

  @Test
  void noRoomIsEmpty() {
    for (String room : ROOMS) {
      assertThat(SANDBOX.stream().filter(type -> type.getPackageName().equals(ROOT + room)))
          .as(room)
          .isNotEmpty();
    }
  }

  @Test
  void roomsFormNoCircle() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(SANDBOX);
  }

  @Test
  void providersDontKnowHowTheirEventsTravel() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "stripe",
            ROOT + "paysuper",
            ROOT + "standard",
            ROOT + "events",
            ROOT + "documents")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "delivery", ROOT + "trigger", ROOT + "settings", "jakarta..", "io.quarkus..")
        .check(SANDBOX);
  }

  @Test
  void providersDontKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "stripe")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "paysuper")
        .check(SANDBOX);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "paysuper")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "stripe")
        .check(SANDBOX);
  }

  @Test
  void onlyTheMailboxKnowsMail() {
    classes()
        .that()
        .resideOutsideOfPackage(ROOT + "mailbox")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages("com.icegreen..", "jakarta.mail..")
        .check(SANDBOX);
  }

  @Test
  void timeIsGiven() {
    for (Class<?> type :
        List.of(Instant.class, LocalDate.class, OffsetDateTime.class, ZonedDateTime.class)) {
      noClasses().should().callMethod(type, "now").check(SANDBOX);
    }
    noClasses().should().callMethod(System.class, "currentTimeMillis").check(SANDBOX);
    noClasses()
        .that()
        .doNotHaveSimpleName("Sandbox")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .check(SANDBOX);
  }
}
