package dev.quittance.fulfillment.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.quittance.access.AccessFilter;
import dev.quittance.access.Open;
import dev.quittance.access.Problems;
import dev.quittance.fulfillment.api.ServicesForTests;
import dev.quittance.fuzz.Doors;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A service as it starts on a developer's machine, where nobody signs in.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
class LocalOperatorTest {

  static List<Doors.Door> doors() {
    List<Doors.Door> doors =
        Doors.of(
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.quittance.fulfillment", "dev.quittance.access")
                    .stream()
                    .map(JavaClass::reflect),
            Open.class);
    assertThat(doors)
        .extracting(Doors.Door::toString)
        .contains("GET /orders", "GET /console/transactions", "GET /readiness");
    return doors;
  }

  @Test
  void whoeverOnlyPretendsToBeAtThisMachineGetsInNowhere() throws Exception {
    assertThat(Doors.wrong(RestAssured.port, doors(), Doors.onThisMachine(RestAssured.port)))
        .isEmpty();
  }

  @Test
  void theSharedGateIsFoundHere() {
    assertThat(Arc.container().instance(AccessFilter.class).isAvailable()).isTrue();
    assertThat(Arc.container().instance(Problems.class).isAvailable()).isTrue();
  }
}
