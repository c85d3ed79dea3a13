package dev.quittance.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.publish.Publication.NotSafe;
import dev.quittance.ingest.publish.Publication.Safe;
import dev.quittance.ingest.publish.Publication.Why;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PatienceTest {

  private static final Duration MOST = Duration.ofSeconds(5);

  private final Patience patience = new Patience(MOST);

  /// Providers hang up after ten seconds or more, and are promised an answer after five.
  @Test
  void theClientGivesUpBeforeTheDoorAndTheDoorWithinFiveSeconds() {
    assertThat(VerbatimTopic.ANSWER_MAX)
        .isGreaterThan(ProducerSettings.DELIVERY_MAX)
        .isLessThan(Duration.ofSeconds(5));
    assertThat(ProducerSettings.REQUEST_MAX).isLessThan(ProducerSettings.DELIVERY_MAX);
  }

  @Test
  void whoHasWaitedLongEnoughIsToldThatNobodyKnows() {
    var first = waitsSince(Duration.ZERO);
    var second = waitsSince(Duration.ofSeconds(1));

    patience.look(MOST.toNanos());

    assertThat(first).isCompletedWithValue(new NotSafe(Why.NO_ACK));
    assertThat(second).isNotDone();
  }

  @Test
  void oneWhoWaitsDoesNotKeepTheLaterOnesFromTheirAnswer() {
    var first = waitsSince(Duration.ZERO);
    var second = waitsSince(Duration.ofMillis(1));
    second.complete(new Safe(0, 7));
    var third = waitsSince(Duration.ofMillis(2));

    patience.look(Duration.ofSeconds(1).toNanos());
    assertThat(first).isNotDone();
    assertThat(third).isNotDone();
    patience.look(MOST.plusMillis(2).toNanos());

    assertThat(first).isCompletedWithValue(new NotSafe(Why.NO_ACK));
    assertThat(second).isCompletedWithValue(new Safe(0, 7));
    assertThat(third).isCompletedWithValue(new NotSafe(Why.NO_ACK));
  }

  @Test
  void looksByItself() {
    try (var hurried = new Patience(Duration.ofMillis(300))) {
      hurried.start();
      var outcome = new CompletableFuture<Publication>();
      long before = System.nanoTime();
      hurried.waits(outcome, before);

      assertThat(outcome.orTimeout(1, TimeUnit.MINUTES).join()).isEqualTo(new NotSafe(Why.NO_ACK));
      assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(200).toNanos());
    }
  }

  @Test
  void nobodyWaitsForWhatIsClosed() {
    var outcome = waitsSince(Duration.ZERO);

    patience.close();

    assertThat(outcome).isCompletedWithValue(new NotSafe(Why.NO_ACK));
  }

  private CompletableFuture<Publication> waitsSince(Duration start) {
    var outcome = new CompletableFuture<Publication>();
    patience.waits(outcome, start.toNanos());
    return outcome;
  }
}
