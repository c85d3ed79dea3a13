package dev.quittance.ingest.operator;

import static dev.quittance.ingest.IngestProfile.operator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.quittance.fuzz.RestEndpoints;
import dev.quittance.ingest.IngestProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an operator sees of the running service, and may ask of it.
@QuarkusTest
@TestProfile(IngestProfile.class)
class OperatorApiTest {

  @Test
  void endpointsAreToldWithoutTheirSecrets() {
    String body =
        operator()
            .get("/endpoints")
            .then()
            .statusCode(200)
            .body("endpoints.name", hasItems("choosy", "paysuper", "standard", "stripe"))
            .body("endpoints.find { it.name == 'stripe' }.path", equalTo("/webhooks/stripe"))
            .body("endpoints.find { it.name == 'stripe' }.secrets", equalTo(1))
            .body("endpoints.find { it.name == 'stripe' }.publishedSecrets", equalTo(false))
            .body("endpoints.find { it.name == 'stripe' }.apiAccess", equalTo("no_key"))
            .body("endpoints.find { it.name == 'paysuper' }.apiAccess", equalTo("none"))
            .body("endpoints.find { it.name == 'choosy' }.mode", equalTo("live"))
            .extract()
            .asString();

    assertThat(body)
        .doesNotContain(
            IngestProfile.STRIPE_SECRET,
            IngestProfile.PAYSUPER_SECRET,
            IngestProfile.STANDARD_SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stripe", "paysuper", "choosy", "standard"})
  void aSignedSampleGoesThroughTheDoor(String endpoint) {
    operator()
        .post("/endpoints/{name}/test", endpoint)
        .then()
        .statusCode(200)
        .body("request.method", equalTo("POST"))
        .body("request.path", equalTo("/webhooks/" + endpoint))
        .body("request.body", containsString("quittance.test"))
        .body("request.headers.toString()", containsString("…"))
        .body("answer.status", equalTo(200))
        .body("answer.durationMs", lessThan(10_000f));

    operator()
        .get("/deliveries?endpoint={name}&outcome=accepted&limit=1", endpoint)
        .then()
        .statusCode(200)
        .body("deliveries", hasSize(1))
        .body("deliveries[0].type", equalTo("quittance.test"))
        .body("deliveries[0].eventId", containsString("quittance_test_"))
        .body("deliveries[0].status", equalTo(200));
  }

  @Test
  void anEndpointThatThereIsNotCannotBeTried() {
    operator()
        .post("/endpoints/nobody/test")
        .then()
        .statusCode(404)
        .contentType(startsWith("application/problem+json"));
  }

  @Test
  void refusedDeliveriesAreCountedByTheirReason() {
    operator().body("{}").post("/webhooks/stripe").then().statusCode(400);
    operator().body("{}").post("/webhooks/nobody-knows").then().statusCode(404);

    operator()
        .get("/deliveries?outcome=refused")
        .then()
        .statusCode(200)
        .body("deliveries.outcome", not(hasItems("accepted")))
        .body("deliveries.endpoint", hasItems("stripe", "unknown"))
        .body(
            "counts.find { it.endpoint == 'stripe' && it.outcome == 'signature_missing' }.count",
            greaterThanOrEqualTo(1));
    operator()
        .get("/deliveries?outcome=signature_missing")
        .then()
        .body("deliveries.outcome", everyItem(equalTo("signature_missing")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=501", "limit=x", "endpoint=%00", "outcome=no%20word"})
  void whatIsNoQuestionIsRefused(String query) {
    operator()
        .urlEncodingEnabled(false)
        .get("/deliveries?" + query)
        .then()
        .statusCode(400)
        .contentType(startsWith("application/problem+json"));
  }

  @Test
  void whoeverHasNoTokenGetsInNowhere() throws Exception {
    assertThat(
            RestEndpoints.wrong(
                RestAssured.port,
                LocalOperatorTest.endpoints(),
                RestEndpoints.withToken(RestAssured.port, IngestProfile.OPERATOR)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"order\": \"nothing\"}",
        "{\"order\": \"stripe:pi_1\", \"reason\": \"fun\"}",
        "{\"order\": \"stripe:pi_1\", \"amount\": {\"minorUnits\": 0, \"currency\": \"USD\"}}",
        "{\"order\": \"stripe:pi_1\", \"amount\": {\"minorUnits\": -5, \"currency\": \"USD\"}}",
        "{\"order\": \"stripe:pi_1\", \"amount\": {\"minorUnits\": 1.5, \"currency\": \"USD\"}}",
        "{\"order\": \"stripe:pi_1\", \"amount\": {\"minorUnits\": 5, \"currency\": \"XXQ\"}}",
        "{\"order\": \"stripe:pi_1\", \"amount\": {\"minorUnits\": 1000000000000, \"currency\":"
            + " \"USD\"}}",
        // all of it would be refunded otherwise
        "{\"order\": \"stripe:pi_1\", \"amuont\": {\"minorUnits\": 5, \"currency\": \"USD\"}}",
        "{\"order\": \"stripe:pi_1\"} {\"amount\": {\"minorUnits\": 5, \"currency\": \"USD\"}}",
        "{\"order\": \"stripe:pi_1\", \"order\": \"stripe:pi_2\"}"
      })
  void whatIsNoRefundIsRefused(String body) {
    refund(body)
        .post("/refunds")
        .then()
        .statusCode(400)
        .contentType(startsWith("application/problem+json"));
  }

  /// What was to be for one endpoint would be done for all otherwise.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/replay?from=2026-11-20T00:00:00Z&endpiont=stripe",
        "/replay?from=2026-11-20T00:00:00Z&endpoint=stripe&endpoint=paysuper",
        "/replay?from=-999999999-01-01T00:00:00Z",
        "/replay?from=%2B999999999-01-01T00:00:00Z&to=%2B999999999-12-31T00:00:00Z",
        "/recovery?snice=1h",
        "/recovery?since=1h&since=72h",
        "/endpoints/stripe/test?dry-run=true"
      })
  void anAddressThatCannotBeMeantLikeThatDoesNothing(String address) {
    operator()
        .urlEncodingEnabled(false)
        .post(address)
        .then()
        .statusCode(400)
        .contentType(startsWith("application/problem+json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/replay?event=evt_1%0Arefund.asked%20by=otto",
        "/replay?event=evt_1%0D",
        "/replay?event=evt_%E2%80%A8",
        "/replay?from=2026-11-20T00:00:00Z&endpoint=stripe%0Alie"
      })
  void nobodyMakesUpLinesOfTheLog(String address) {
    operator()
        .urlEncodingEnabled(false)
        .post(address)
        .then()
        .statusCode(400)
        .body("detail", containsString("printable ASCII"));
  }

  @Test
  void whoAskedForWhatIsLogged() {
    var lines = new Lines();
    Logger.getLogger("dev.quittance.ingest").addHandler(lines);
    try {
      operator().post("/endpoints/stripe/test").then().statusCode(200);
      operator().post("/recovery?since=1h").then().statusCode(200);
      operator().post("/replay?event=evt_none&to=1970-02-01T00:00:00Z&from=1970-01-01T00:00:00Z");
      operator().delete("/replay").then().statusCode(200);
    } finally {
      Logger.getLogger("dev.quittance.ingest").removeHandler(lines);
    }

    assertThat(lines.said)
        .contains(
            "endpoint.test_asked endpoint=stripe by=admin-token",
            "recovery.asked since=PT1H by=admin-token",
            "replay.asked from=1970-01-01T00:00:00Z to=1970-02-01T00:00:00Z endpoint=null"
                + " event=evt_none by=admin-token",
            "replay.cancel_asked by=admin-token");
  }

  /// What is logged.
  private static final class Lines extends Handler {

    private final List<String> said = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      Object[] parameters = line.getParameters();
      said.add(parameters == null ? line.getMessage() : line.getMessage().formatted(parameters));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aRefundNeedsAKeyBecauseItIsMoney() {
    operator()
        .contentType("application/json")
        .body("{\"order\": \"stripe:pi_1\"}")
        .post("/refunds")
        .then()
        .statusCode(400)
        .body("detail", containsString("Idempotency-Key"));
  }

  @Test
  void whereNoRefundCanBeAskedForTheAnswerSaysWhy() {
    refund("{\"order\": \"stripe:pi_1\"}")
        .post("/refunds")
        .then()
        .statusCode(409)
        .body("code", equalTo("no_api_key"));
    refund("{\"order\": \"paysuper:726d9e07\"}")
        .post("/refunds")
        .then()
        .statusCode(409)
        .body("code", equalTo("refunds_not_offered"));
    refund("{\"order\": \"nobody:pi_1\"}")
        .post("/refunds")
        .then()
        .statusCode(404)
        .body("code", equalTo("no_such_account"));
  }

  private static RequestSpecification refund(String body) {
    return operator().contentType("application/json").header("Idempotency-Key", "key-1").body(body);
  }
}
