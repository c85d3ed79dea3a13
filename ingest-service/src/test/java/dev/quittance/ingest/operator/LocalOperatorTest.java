package dev.quittance.ingest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.access.AccessFilter;
import dev.quittance.access.Open;
import dev.quittance.access.Problems;
import dev.quittance.fuzz.RestEndpoints;
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

  static List<RestEndpoints.RestEndpoint> endpoints() {
    List<RestEndpoints.RestEndpoint> endpoints =
        RestEndpoints.of(Open.class, "dev.quittance.ingest", "dev.quittance.access");
    assertThat(endpoints)
        .extracting(RestEndpoints.RestEndpoint::toString)
        .contains("POST /refunds", "POST /replay", "GET /deliveries", "GET /readiness");
    return endpoints;
  }

  @Test
  void whoeverOnlyPretendsToBeAtThisMachineGetsInNowhere() throws Exception {
    assertThat(
            RestEndpoints.wrong(
                RestAssured.port, endpoints(), RestEndpoints.onThisMachine(RestAssured.port)))
        .isEmpty();
  }

  @Test
  void theSharedGateIsFoundHere() {
    assertThat(Arc.container().instance(AccessFilter.class).isAvailable()).isTrue();
    assertThat(Arc.container().instance(Problems.class).isAvailable()).isTrue();
  }
}
