package dev.quittance.ingest.afterpayment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// When a provider is asked about a checkout whose order isn't known.
@ConfigMapping(prefix = "quittance.returns")
interface ReturnsSettings {

  /// How long after the customer's first look.
  @WithDefault("PT3S")
  Duration askAfter();

  /// How long until it is asked about the same checkout again.
  @WithDefault("PT15S")
  Duration askAgainAfter();
}
