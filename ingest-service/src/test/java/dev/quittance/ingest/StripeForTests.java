package dev.quittance.ingest;

import dev.quittance.ingest.provider.stripe.FakeStripe;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Stripe's API, for an endpoint `shared` of an account that several shops share.
public final class StripeForTests implements QuarkusTestResourceLifecycleManager {

  public static final String SECRET = "whsec_test_shared";

  private static @Nullable FakeStripe fake;

  @Override
  public Map<String, String> start() {
    fake = new FakeStripe();
    var config = new HashMap<String, String>();
    String endpoint = "quittance.endpoints.shared.";
    fake.endpoint("shared").settings().forEach((name, value) -> config.put(endpoint + name, value));
    config.put(endpoint + "provider", "stripe");
    config.put(endpoint + "secrets", SECRET);
    config.put(endpoint + "mode", "any");
    config.put(endpoint + "only[0]", "metadata.shop=garden");
    config.put(endpoint + "only[1]", "metadata.shop=orchard");
    return config;
  }

  /// What tests have it say.
  public static FakeStripe fake() {
    return Objects.requireNonNull(fake);
  }

  @Override
  public void stop() {
    if (fake != null) {
      fake.close();
    }
  }
}
