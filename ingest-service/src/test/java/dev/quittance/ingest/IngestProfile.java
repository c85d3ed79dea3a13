package dev.quittance.ingest;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The one configuration that all tests of the running service share.
public final class IngestProfile implements QuarkusTestProfile {

  public static final String STRIPE_SECRET = "whsec_test_stripe";
  public static final String PAYSUPER_SECRET = "test-paysuper-secret";
  public static final String STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /// Whoever says it is the operator.
  public static final String OPERATOR = "test-operator";

  /// What the operator asks.
  public static RequestSpecification operator() {
    return RestAssured.given().header("Authorization", "Bearer " + OPERATOR);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    var config = new HashMap<String, String>();
    config.put("quarkus.http.test-port", "0");
    config.put("quittance.admin-token", OPERATOR);
    // slow enough that a replay of thousands can be met while it runs, however busy the machine is
    config.put("quittance.replay.per-second", "200");
    config.put("quittance.endpoints.stripe.secrets", STRIPE_SECRET);
    config.put("quittance.endpoints.stripe.mode", "any");
    config.put("quittance.endpoints.paysuper.secrets", PAYSUPER_SECRET);
    config.put("quittance.endpoints.paysuper.mode", "any");
    config.put("quittance.endpoints.choosy.provider", "paysuper");
    config.put("quittance.endpoints.choosy.secrets", PAYSUPER_SECRET);
    config.put("quittance.endpoints.choosy.user-validate", "reject");
    config.put("quittance.endpoints.standard.secrets", STANDARD_SECRET);
    config.put("quittance.endpoints.standard.mode", "any");
    return config;
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(
        new TestResourceEntry(KafkaForTests.class),
        new TestResourceEntry(FulfillmentForTests.class));
  }
}
