package dev.quittance.fulfillment.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.access.AccessFilter;
import dev.quittance.access.Open;
import dev.quittance.access.Problems;
import dev.quittance.fulfillment.api.ServicesForTests;
import dev.quittance.fuzz.RestEndpoints;
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

  static List<RestEndpoints.RestEndpoint> endpoints() {
    List<RestEndpoints.RestEndpoint> endpoints =
        RestEndpoints.of(
            Open.class,
            "dev.quittance.fulfillment",
            "dev.quittance.console",
            "dev.quittance.access");
    assertThat(endpoints)
        .extracting(RestEndpoints.RestEndpoint::toString)
        .contains("GET /orders", "GET /console/transactions", "GET /readiness");
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
