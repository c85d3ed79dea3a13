package dev.quittance.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.publish.Publication.NotSafe;
import dev.quittance.ingest.publish.Publication.Safe;
import dev.quittance.ingest.publish.Publication.Why;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PublishTimeoutsTest {

  private static final Duration MOST = Duration.ofSeconds(5);

  private final PublishTimeouts timeouts = new PublishTimeouts();

  /// Providers hang up after ten seconds or more, and are promised an answer after five.
  @Test
  void theClientGivesUpBeforeTheDoorAndTheDoorWithinFiveSeconds() {
    assertThat(Provider.PATIENCE_MAX.minus(VerbatimTopic.ANSWER_TAKES))
        .isGreaterThan(ProducerSettings.DELIVERY_MAX)
        .isLessThan(Duration.ofSeconds(5));
    assertThat(ProducerSettings.REQUEST_MAX).isLessThan(ProducerSettings.DELIVERY_MAX);
  }

  @Test
  void whoHasWaitedLongEnoughIsToldThatNobodyKnows() {
    var first = waitsSince(Duration.ZERO);
    var second = waitsSince(Duration.ofSeconds(1));

    timeouts.look(MOST.toNanos());

    assertThat(first).isCompletedWithValue(new NotSafe(Why.NO_ACK));
    assertThat(second).isNotDone();
  }

  @Test
  void oneWhoWaitsDoesNotKeepTheLaterOnesFromTheirAnswer() {
    var first = waitsSince(Duration.ZERO);
    var second = waitsSince(Duration.ofMillis(1));
    second.complete(new Safe(0, 7));
    var third = waitsSince(Duration.ofMillis(2));

    timeouts.look(Duration.ofSeconds(1).toNanos());
    assertThat(first).isNotDone();
    assertThat(third).isNotDone();
    timeouts.look(MOST.plusMillis(2).toNanos());

    assertThat(first).isCompletedWithValue(new NotSafe(Why.NO_ACK));
    assertThat(second).isCompletedWithValue(new Safe(0, 7));
    assertThat(third).isCompletedWithValue(new NotSafe(Why.NO_ACK));
  }

  @Test
  void whoIsLessPatientIsToldSooner() {
    var patient = waitsSince(Duration.ZERO);
    var hurried = new CompletableFuture<Publication>();
    timeouts.waits(hurried, 0, Duration.ofSeconds(3));

    timeouts.look(Duration.ofSeconds(3).toNanos());

    assertThat(hurried).isCompletedWithValue(new NotSafe(Why.NO_ACK));
    assertThat(patient).isNotDone();
  }

  @Test
  void looksByItself() {
    try (var hurried = new PublishTimeouts()) {
      hurried.start();
      var outcome = new CompletableFuture<Publication>();
      long before = System.nanoTime();
      hurried.waits(outcome, before, Duration.ofMillis(300));

      assertThat(outcome.orTimeout(1, TimeUnit.MINUTES).join()).isEqualTo(new NotSafe(Why.NO_ACK));
      assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(200).toNanos());
    }
  }

  @Test
  void nobodyWaitsForWhatIsClosed() {
    var outcome = waitsSince(Duration.ZERO);

    timeouts.close();

    assertThat(outcome).isCompletedWithValue(new NotSafe(Why.NO_ACK));
  }

  private CompletableFuture<Publication> waitsSince(Duration start) {
    var outcome = new CompletableFuture<Publication>();
    timeouts.waits(outcome, start.toNanos(), MOST);
    return outcome;
  }
}
