package dev.quittance.fulfillment;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.quittance.fuzz.TellingRecords;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/// The rooms of this service, and who may know what.
class FloorPlanTest {

  private static final String ROOT = "dev.quittance.fulfillment";
  private static final List<String> ROOMS =
      List.of("order", "store", "intake", "door", "api", "neighbor", "broker", "console");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static String room(String name) {
    return ROOT + "." + name + "..";
  }

  @Test
  void everyRoomIsFurnished() {
    for (String room : ROOMS) {
      assertThat(HOUSE.that(in(room))).as(room).hasSizeGreaterThan(1);
    }
  }

  private static com.tngtech.archunit.base.DescribedPredicate<
          com.tngtech.archunit.core.domain.JavaClass>
      in(String room) {
    return com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(room(room));
  }

  @Test
  void theDomainIsPlainJava() {
    classes()
        .that()
        .resideInAPackage(room("order"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            room("order"),
            "dev.quittance.contracts..",
            "java.lang..",
            "java.util..",
            "java.time..",
            "org.jspecify..")
        .check(HOUSE);
  }

  @Test
  void onlyTheStoreKnowsTheDatabase() {
    noClasses()
        .that()
        .resideOutsideOfPackage(room("store"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.hibernate..", "io.quarkus.hibernate..", "org.postgresql..")
        .check(HOUSE);
    // that it is away is told by its exception; the intake hands the data source on to its library
    noClasses()
        .that()
        .resideOutsideOfPackage(room("store"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.sql..", "javax.sql..")
                .and(not(type(SQLException.class)))
                .and(not(type(DataSource.class))))
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackages(room("store"), room("intake"))
        .should()
        .dependOnClassesThat(type(DataSource.class))
        .check(HOUSE);
  }

  @Test
  void onlyTheIntakeTakesFromTheBroker() {
    noClasses()
        .that()
        .resideOutsideOfPackage(room("intake"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.microprofile.reactive..", "io.smallrye.reactive..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackages(room("intake"), room("broker"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..")
        .check(HOUSE);
  }

  @Test
  void onlyPagesLookAtNeighborsAndBrokers() {
    noClasses()
        .that()
        .resideOutsideOfPackages(room("neighbor"), room("broker"), room("console"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("neighbor"), room("broker"))
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAnyPackage(room("neighbor"), room("broker"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            room("intake"), room("store"), room("door"), room("api"), room("console"))
        .check(HOUSE);
  }

  /// Who callers are, but for signing in, is web-access's to know.
  @Test
  void nobodyLooksForCallersBesideTheGate() {
    noClasses()
        .that()
        .resideOutsideOfPackages(room("door"))
        .should()
        .dependOnClassesThat(
            type(dev.quittance.access.RequestOrigin.class)
                .or(type(dev.quittance.access.Tokens.class))
                .or(type(dev.quittance.access.CallerSource.class)))
        .check(HOUSE);
  }

  @Test
  void onlyTheDoorAndWhatIsBehindItKnowHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackages(room("door"), room("api"), room("console"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.ws.rs..", "io.vertx..")
        .check(HOUSE);
  }

  @Test
  void callsGoInOneDirection() {
    noClasses()
        .that()
        .resideInAPackage(room("store"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("intake"), room("door"), room("api"), room("console"))
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage(room("door"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("intake"), room("api"), room("console"))
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage(room("console"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(room("intake"))
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage(room("intake"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("door"), room("api"), room("console"))
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage(room("api"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("intake"), room("console"))
        .check(HOUSE);
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void timeIsGiven() {
    noClasses()
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(HOUSE);
    noClasses()
        .that()
        .doNotHaveSimpleName("Desks")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .check(HOUSE);
  }

  /// What is known to tell nothing: addresses that are masked before, and words of our own.
  @Test
  void noRecordSaysAnAddressOrASecret() {
    assertThat(
            TellingRecords.of(
                HOUSE.stream().map(JavaClass::reflect),
                Set.of(
                    "OrderModel.Latency to",
                    "ReceiptService.Code to",
                    "ReceiptService.Receipt to",
                    "ReceiptService.Resent to",
                    "ReceiptService.Sending to",
                    "Reply.Refused code",
                    "WebhooksModel.Place secrets",
                    "WrongReceiptsPage.Row to")))
        .isEmpty();
  }
}
