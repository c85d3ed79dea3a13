package dev.quittance.sandbox.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.Provider;
import dev.quittance.sandbox.events.ProviderEvent;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetriesTest {

  private final Retries retries = new Retries(1);

  @Test
  void stripeTriesTestEventsThreeTimesAgain() {
    QueuedEvent parcel = parcel(Provider.STRIPE, "checkout.session.completed", false);

    assertThat(retries.pauseAfter(parcel, 1)).hasValue(Duration.ofMinutes(10));
    assertThat(retries.pauseAfter(parcel, 3)).hasValue(Duration.ofHours(3));
    assertThat(retries.pauseAfter(parcel, 4)).isEmpty();
  }

  @Test
  void stripeTriesLiveEventsForAboutThreeDays() {
    assertThat(total(parcel(Provider.STRIPE, "checkout.session.completed", true)))
        .isBetween(Duration.ofHours(60), Duration.ofHours(72));
  }

  @Test
  void paySuperTriesForTwoDaysEveryTenMinutes() {
    QueuedEvent parcel = parcel(Provider.PAYSUPER, "payment.success", false);

    assertThat(retries.pauseAfter(parcel, 17)).hasValue(Duration.ofMinutes(10));
    assertThat(total(parcel)).isEqualTo(Duration.ofDays(2));
  }

  @Test
  void questionsAboutAUserAreAskedOnce() {
    assertThat(retries.pauseAfter(parcel(Provider.PAYSUPER, "user.validate", false), 1)).isEmpty();
  }

  @Test
  void scheduleCanBeMadeFaster() {
    QueuedEvent parcel = parcel(Provider.PAYSUPER, "payment.success", false);

    assertThat(new Retries(60).pauseAfter(parcel, 1)).hasValue(Duration.ofSeconds(10));
    assertThatThrownBy(() -> new Retries(0.5)).hasMessageContaining("retry-speed");
  }

  @Test
  void providersCallDifferentAnswersSuccess() {
    assertThat(Retries.success(Provider.STRIPE, 202)).isTrue();
    assertThat(Retries.success(Provider.STRIPE, 302)).isFalse();
    assertThat(Retries.success(Provider.PAYSUPER, 204)).isTrue();
    assertThat(Retries.success(Provider.PAYSUPER, 202)).isFalse();
  }

  private Duration total(QueuedEvent parcel) {
    Duration total = Duration.ZERO;
    for (int failures = 1; ; failures++) {
      Optional<Duration> pause = retries.pauseAfter(parcel, failures);
      if (pause.isEmpty()) {
        return total;
      }
      total = total.plus(pause.get());
    }
  }

  private static QueuedEvent parcel(Provider provider, String type, boolean live) {
    ObjectNode envelope = JsonText.object().put("livemode", live);
    return QueuedEvent.of(
        new ProviderEvent(provider, "evt_1", type, null, null, envelope),
        URI.create("http://127.0.0.1/webhooks"),
        QueuedEvent.State.WAITING,
        null);
  }
}
