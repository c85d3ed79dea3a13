package dev.quittance.ingest.replay;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// How fast a replay is.
@ConfigMapping(prefix = "quittance.replay")
interface ReplaySettings {

  /// How many webhooks it translates a second. A month of ten thousand a day takes ten minutes;
  /// more would crowd out what is live.
  @WithDefault("500")
  int perSecond();

  /// @throws IllegalArgumentException when it is no number to replay by
  default int checkedPerSecond() {
    if (perSecond() < 1) {
      throw new IllegalArgumentException("quittance.replay.per-second is a number from 1");
    }
    return perSecond();
  }
}
