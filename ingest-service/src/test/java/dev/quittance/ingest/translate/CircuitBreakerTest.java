package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class CircuitBreakerTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private int asked;

  private final CircuitBreaker circuit =
      new CircuitBreaker(Duration.ofSeconds(1), Duration.ofSeconds(3));

  @Test
  void itOpensAfterFailuresInARowOnly() {
    fail(CircuitBreaker.FAILURES_MAX - 1);
    circuit.answered();
    fail(CircuitBreaker.FAILURES_MAX - 1);

    assertThat(circuit.open()).isFalse();
    assertThat(admits(NOW)).isTrue();

    circuit.failed(NOW);

    assertThat(circuit.open()).isTrue();
    assertThat(admits(NOW)).isFalse();
  }

  @Test
  void afterThePauseOneQuestionTriesIt() {
    fail(CircuitBreaker.FAILURES_MAX);

    assertThat(admits(NOW.plusMillis(999))).isFalse();
    assertThat(admits(NOW.plusSeconds(1))).isTrue();
    assertThat(admits(NOW.plusSeconds(1))).isFalse();
  }

  @Test
  void anAnswerClosesItAndTheNextPauseIsTheFirstAgain() {
    fail(CircuitBreaker.FAILURES_MAX);
    Instant tried = NOW.plusSeconds(1);
    admits(tried);
    circuit.failed(tried);
    assertThat(admits(tried.plusSeconds(1))).isFalse();
    assertThat(admits(tried.plusSeconds(2))).isTrue();

    circuit.answered();

    assertThat(circuit.open()).isFalse();
    fail(CircuitBreaker.FAILURES_MAX);
    assertThat(admits(NOW.plusSeconds(1))).isTrue();
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    fail(CircuitBreaker.FAILURES_MAX);
    Instant now = NOW.plusSeconds(1);
    for (int pause : new int[] {2, 3, 3}) {
      assertThat(admits(now)).isTrue();
      circuit.failed(now);
      assertThat(admits(now.plusSeconds(pause).minusMillis(1))).isFalse();
      now = now.plusSeconds(pause);
    }
  }

  @Test
  void whatWasAskedBeforeItOpenedAndFailsLaterPutsOffNoTry() {
    fail(CircuitBreaker.FAILURES_MAX);

    circuit.failed(NOW.plusMillis(900));

    assertThat(admits(NOW.plusSeconds(1))).isTrue();
  }

  @Test
  void aTryThatWasNeverPutToTheProviderIsMadeAgainAtOnce() {
    fail(CircuitBreaker.FAILURES_MAX);
    Instant now = NOW.plusSeconds(1);
    admits(now);

    circuit.notAsked(now);

    assertThat(circuit.open()).isTrue();
    assertThat(admits(now)).isTrue();
  }

  @Test
  void theNextTryIsAnotherLanesIfItHasAQuestion() {
    var refunds = RetryLane.of("stripe", LookUpKind.PAYMENT, circuit);
    var items = RetryLane.of("stripe", LookUpKind.ITEMS, circuit);
    fail(CircuitBreaker.FAILURES_MAX);
    Instant first = NOW.plusSeconds(1);
    assertThat(circuit.admits(first, items)).isTrue();
    circuit.failed(first);
    Instant second = first.plusSeconds(2);

    assertThat(circuit.admits(second, items)).isFalse();
    assertThat(circuit.admits(second, refunds)).isTrue();

    circuit.failed(second);
    Instant third = second.plusSeconds(3);
    assertThat(circuit.admits(third, refunds)).isFalse();
    assertThat(circuit.admits(third.plusSeconds(1), refunds)).isTrue();
  }

  /// Each time another's question.
  private boolean admits(Instant now) {
    asked++;
    return circuit.admits(now, RetryLane.of("stripe" + asked, LookUpKind.ITEMS, circuit));
  }

  private void fail(int times) {
    for (int n = 0; n < times; n++) {
      circuit.failed(NOW);
    }
  }
}
