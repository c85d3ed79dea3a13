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
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.persistence.OrderRepository;
import dev.quittance.fulfillment.persistence.OrderTransactions;
import dev.quittance.fulfillment.usecase.HandleIncomingCommands;
import dev.quittance.fulfillment.usecase.HandlePaymentFacts;
import dev.quittance.fuzz.TellingRecords;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rooms of this service, and who may know what.
class FloorPlanTest {

  private static final String ROOT = "dev.quittance.fulfillment";

  /// Beside the service, in the same process.
  private static final String CONSOLE = "dev.quittance.console";

  private static final List<String> ROOMS =
      List.of(
          "usecase",
          "order",
          "persistence",
          "intake",
          "access",
          "api",
          "clients",
          "broker",
          "console");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT, CONSOLE);

  private static String room(String name) {
    return name.equals("console") ? CONSOLE + ".." : ROOT + "." + name + "..";
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
  void onlyPersistenceKnowsTheDatabase() {
    // that it is away is told by its exception; relay and intake hand the data source to their
    // library
    noClasses()
        .that()
        .resideOutsideOfPackage(room("persistence"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.sql..",
                    "javax.sql..",
                    "org.hibernate..",
                    "io.quarkus.hibernate..",
                    "org.postgresql..")
                .and(not(type(SQLException.class))))
        .check(HOUSE);
  }

  /// Whoever else wants something of an order changed asks a use case.
  @Test
  void onlyUseCasesChangeOrders() {
    noClasses()
        .that()
        .resideOutsideOfPackages(room("order"), room("persistence"), room("usecase"))
        .should()
        .dependOnClassesThat(
            type(OrderRepository.class)
                .or(type(OrderTransactions.class))
                .or(type(Order.class))
                .or(type(StatementPipeline.class)))
        .check(HOUSE);
  }

  @Test
  void useCasesKnowNoSqlAndNoBroker() {
    noClasses()
        .that()
        .resideInAPackage(room("usecase"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.sql..",
                    "javax.sql..",
                    "jakarta.persistence..",
                    "org.apache.kafka..",
                    "org.eclipse.microprofile.reactive..")
                .and(not(type(SQLException.class)))
                .or(type(Sql.class))
                .or(type(Parameters.class)))
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
        .resideOutsideOfPackages(room("clients"), room("broker"), room("console"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("clients"), room("broker"))
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAnyPackage(room("clients"), room("broker"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            room("intake"),
            room("usecase"),
            room("persistence"),
            room("access"),
            room("api"),
            room("console"))
        .check(HOUSE);
  }

  /// Who callers are, but for signing in, is web-access's to know.
  @Test
  void nobodyLooksForCallersBesideTheGate() {
    noClasses()
        .that()
        .resideOutsideOfPackages(room("access"))
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
        .resideOutsideOfPackages(room("access"), room("api"), room("console"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.ws.rs..", "io.vertx..")
        .check(HOUSE);
  }

  /// Each room, and those that it may not know.
  @Test
  void callsGoInOneDirection() {
    knowsNothingOf("persistence", "usecase", "intake", "access", "api", "console");
    knowsNothingOf("usecase", "intake", "access", "api", "console");
    knowsNothingOf("access", "usecase", "intake", "api", "console");
    knowsNothingOf("intake", "access", "api", "console");
    knowsNothingOf("api", "intake", "console");
    knowsNothingOf("console", "intake");
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(HOUSE);
    slices().matching(CONSOLE + ".(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  /// It is a client of the service, which could do without it.
  @Test
  void theConsoleKnowsTheServiceOnlyByItsQueriesAndCommands() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(room("console"))
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage(room("console"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.quittance.messaging.inbox..", "dev.quittance.messaging.jdbc..")
                .or(type(HandlePaymentFacts.class))
                .or(type(HandleIncomingCommands.class)))
        .check(HOUSE);
  }

  private static void knowsNothingOf(String room, String... others) {
    noClasses()
        .that()
        .resideInAPackage(room(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(Stream.of(others).map(FloorPlanTest::room).toArray(String[]::new))
        .check(HOUSE);
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
        .doNotHaveSimpleName("ClockProducer")
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
                    "ReceiptClient.Code to",
                    "ReceiptClient.Receipt to",
                    "ReceiptClient.Resent to",
                    "ReceiptClient.Sending to",
                    "ServiceReply.Refused code",
                    "WebhooksModel.Place secrets",
                    "WrongReceiptsPage.Row to")))
        .isEmpty();
  }
}
