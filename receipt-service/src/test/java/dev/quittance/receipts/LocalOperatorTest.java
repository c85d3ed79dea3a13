package dev.quittance.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.access.AccessFilter;
import dev.quittance.access.Open;
import dev.quittance.access.Problems;
import dev.quittance.fuzz.RestEndpoints;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A service as it starts on a developer's machine.
@QuarkusTest
@QuarkusTestResource(
    value = ServicesForTests.class,
    initArgs = @ResourceArg(name = ServicesForTests.LOOPBACK, value = "true"),
    restrictToAnnotatedClass = true)
class LocalOperatorTest {

  static List<RestEndpoints.RestEndpoint> endpoints() {
    List<RestEndpoints.RestEndpoint> endpoints =
        RestEndpoints.of(Open.class, "dev.quittance.receipts", "dev.quittance.access");
    assertThat(endpoints)
        .extracting(RestEndpoints.RestEndpoint::toString)
        .contains("POST /receipts/test-mail", "POST /receipts/none:none/resend", "GET /readiness");
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
