package dev.quittance.ingest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.quittance.access.AccessFilter;
import dev.quittance.access.Open;
import dev.quittance.access.Problems;
import dev.quittance.fuzz.Doors;
import dev.quittance.ingest.KafkaForTests;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A service as it starts on a developer's machine: the local endpoints, and no token.
@QuarkusTest
@TestProfile(LocalOperatorTest.Local.class)
class LocalOperatorTest {

  /// What the service is set to.
  public static final class Local implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.http.test-port", "0");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(KafkaForTests.class));
    }
  }

  static List<Doors.Door> doors() {
    List<Doors.Door> doors =
        Doors.of(
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.quittance.ingest", "dev.quittance.access")
                    .stream()
                    .map(JavaClass::reflect),
            Open.class);
    assertThat(doors)
        .extracting(Doors.Door::toString)
        .contains("POST /refunds", "POST /replay", "GET /deliveries", "GET /readiness");
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
