package dev.quittance.sandbox.delivery;

import dev.quittance.sandbox.events.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When the providers try again.
///
/// | provider | after a failure | how often | success |
/// |---|---|---|---|
/// | Stripe, test | 10 min, 1 h, 3 h | 3 times "over a few hours" | any 2xx |
/// | Stripe, live | 5 min, 30 min, 2 h, 5 h, 10 h, then every 12 h | up to 3 days, "with exponential back-off" | any 2xx |
/// | PaySuper | 10 min | 288 times, two days | 200 or 204 |
///
/// Stripe publishes how long and how often it tries, but not the pauses: those are a guess that
/// fits. PaySuper asks about a user only once, as somebody waits for the answer.
final class Retries {

  private static final List<Duration> STRIPE_TEST =
      List.of(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofHours(3));

  private static final List<Duration> STRIPE_LIVE =
      List.of(
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(12),
          Duration.ofHours(12),
          Duration.ofHours(12),
          Duration.ofHours(12));

  /// As the specification of Standard Webhooks proposes.
  private static final List<Duration> STANDARD =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  private static final Duration PAYSUPER_PAUSE = Duration.ofMinutes(10);

  private static final int PAYSUPER_RETRIES_MAX = 288;

  private final double speed;

  /// @param speed how many times faster than the provider it goes
  Retries(double speed) {
    if (!(speed >= 1)) {
      throw new IllegalArgumentException(
          "quittance.sandbox.retry-speed has to be 1, the provider's own pace, or more");
    }
    this.speed = speed;
  }

  /// How long the provider waits after so many failures; empty when it gives up.
  Optional<Duration> pauseAfter(QueuedEvent queued, int failures) {
    return switch (queued.provider()) {
      case STRIPE -> {
        boolean live = queued.envelope().path("livemode").asBoolean();
        List<Duration> pauses = live ? STRIPE_LIVE : STRIPE_TEST;
        yield failures > pauses.size()
            ? Optional.empty()
            : Optional.of(faster(pauses.get(failures - 1)));
      }
      case PAYSUPER ->
          failures > PAYSUPER_RETRIES_MAX || queued.event().startsWith("user.")
              ? Optional.empty()
              : Optional.of(faster(PAYSUPER_PAUSE));
      case STANDARD ->
          failures > STANDARD.size()
              ? Optional.empty()
              : Optional.of(faster(STANDARD.get(failures - 1)));
    };
  }

  /// Whether a provider takes an answer for success.
  static boolean success(Provider provider, int status) {
    return switch (provider) {
      case STRIPE, STANDARD -> status >= 200 && status < 300;
      case PAYSUPER -> status == 200 || status == 204;
    };
  }

  private Duration faster(Duration pause) {
    return Duration.ofMillis(Math.max(1, Math.round(pause.toMillis() / speed)));
  }
}
