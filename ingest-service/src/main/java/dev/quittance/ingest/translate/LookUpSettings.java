package dev.quittance.ingest.translate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How long and how often providers are asked for what their webhooks leave open.
@ConfigMapping(prefix = "quittance.lookups")
interface LookUpSettings {

  /// After the first vain attempt; doubles from there. Also until a provider that doesn't answer is
  /// tried again.
  @WithDefault("PT1S")
  Duration pauseFirst();

  /// The longest pause of both.
  @WithDefault("PT1M")
  Duration pauseMax();

  /// When to give up, from the moment that the question came up.
  @WithDefault("PT1H")
  Duration limit();

  /// When to give up waiting for a key that the provider accepts.
  @WithDefault("P3D")
  Duration accessLimit();

  /// How long what is known of a payment waits for what its provider is being asked. Refunds and
  /// disputes never wait.
  @WithDefault("PT0.1S")
  Duration hold();

  /// As the translation takes them.
  default LookUpRetryPolicy retryPolicy() {
    return new LookUpRetryPolicy(pauseFirst(), pauseMax(), limit(), accessLimit());
  }
}
