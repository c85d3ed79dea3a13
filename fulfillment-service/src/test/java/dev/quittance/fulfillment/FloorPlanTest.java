package dev.quittance.fulfillment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.List;
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
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.sql.Connection")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.sql.PreparedStatement")
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
        .resideInAnyPackage(room("intake"), room("api"))
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
}
