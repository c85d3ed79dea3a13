package dev.quittance.ingest.recovery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// When and how far back providers are asked for events that never reached us.
@ConfigMapping(prefix = "quittance.recovery")
interface RecoverySettings {

  /// How often, as the scheduler reads it.
  @WithDefault("15m")
  String every();

  /// How long after the start, as the scheduler reads it.
  @WithDefault("1m")
  String firstAfter();

  /// How far back. Stripe goes on trying for three days by itself.
  @WithDefault("PT72H")
  Duration since();
}
