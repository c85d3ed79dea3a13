package dev.quittance.ingest;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A service of its own, because its endpoints can ask a provider (the other profile's tests show
/// what holds where none can) and because providers are made up for it.
public final class SeamProfile implements QuarkusTestProfile {

  public static final String BATCH_SECRET = "batch-secret";
  public static final String HINT_WEBHOOK_ID = "webhook-1";

  @Override
  public Map<String, String> getConfigOverrides() {
    var config = new HashMap<String, String>();
    config.put("quarkus.http.test-port", "0");
    config.put("quittance.admin-token", IngestProfile.OPERATOR);
    config.put("quittance.lookups.pause-first", "PT0.1S");
    config.put("quittance.test.made-up-providers", "true");
    config.put("quittance.endpoints.batch.secrets", BATCH_SECRET);
    config.put("quittance.endpoints.batch.mode", "test");
    config.put("quittance.endpoints.hint.secrets", "unused");
    config.put("quittance.endpoints.hint.webhook-id", HINT_WEBHOOK_ID);
    return config;
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(
        new TestResourceEntry(KafkaForTests.class),
        new TestResourceEntry(FulfillmentForTests.class),
        new TestResourceEntry(StripeForTests.class));
  }
}
