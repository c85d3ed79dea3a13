package dev.quittance.ingest.operator;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.quittance.ingest.IngestProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
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
        given()
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

    org.assertj.core.api.Assertions.assertThat(body)
        .doesNotContain(
            IngestProfile.STRIPE_SECRET,
            IngestProfile.PAYSUPER_SECRET,
            IngestProfile.STANDARD_SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stripe", "paysuper", "choosy", "standard"})
  void aSignedSampleGoesThroughTheDoor(String endpoint) {
    given()
        .post("/endpoints/{name}/test", endpoint)
        .then()
        .statusCode(200)
        .body("request.method", equalTo("POST"))
        .body("request.path", equalTo("/webhooks/" + endpoint))
        .body("request.body", containsString("quittance.test"))
        .body("request.headers.toString()", containsString("…"))
        .body("answer.status", equalTo(200))
        .body("answer.durationMs", lessThan(10_000f));

    given()
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
    given()
        .post("/endpoints/nobody/test")
        .then()
        .statusCode(404)
        .contentType(startsWith("application/problem+json"));
  }

  @Test
  void refusedDeliveriesAreCountedByTheirReason() {
    given().body("{}").post("/webhooks/stripe").then().statusCode(400);
    given().body("{}").post("/webhooks/nobody-knows").then().statusCode(404);

    given()
        .get("/deliveries?outcome=refused")
        .then()
        .statusCode(200)
        .body("deliveries.outcome", not(hasItems("accepted")))
        .body("deliveries.endpoint", hasItems("stripe", "unknown"))
        .body(
            "counts.find { it.endpoint == 'stripe' && it.outcome == 'signature_missing' }.count",
            greaterThanOrEqualTo(1));
    given()
        .get("/deliveries?outcome=signature_missing")
        .then()
        .body("deliveries.outcome", everyItem(equalTo("signature_missing")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=501", "limit=x", "endpoint=%00", "outcome=no%20word"})
  void whatIsNoQuestionIsRefused(String query) {
    given()
        .urlEncodingEnabled(false)
        .get("/deliveries?" + query)
        .then()
        .statusCode(400)
        .contentType(startsWith("application/problem+json"));
  }

  @Test
  void aPageOfAnybodysMayAskNothing() {
    for (String path : new String[] {"/endpoints", "/deliveries"}) {
      given().header("Origin", "https://evil.example").get(path).then().statusCode(403);
    }
    given()
        .header("Origin", "https://evil.example")
        .post("/endpoints/stripe/test")
        .then()
        .statusCode(403);
    refund("{\"order\": \"stripe:pi_1\"}")
        .header("Origin", "https://evil.example")
        .post("/refunds")
        .then()
        .statusCode(403)
        .body("code", equalTo("not_the_operator"));
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
            + " \"USD\"}}"
      })
  void whatIsNoRefundIsRefused(String body) {
    refund(body)
        .post("/refunds")
        .then()
        .statusCode(400)
        .contentType(startsWith("application/problem+json"));
  }

  @Test
  void aRefundNeedsAKeyBecauseItIsMoney() {
    given()
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
    return given().contentType("application/json").header("Idempotency-Key", "key-1").body(body);
  }
}
