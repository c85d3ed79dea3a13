package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class CircuitBreakerTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final CircuitBreaker circuit =
      new CircuitBreaker(Duration.ofSeconds(1), Duration.ofSeconds(3));

  @Test
  void itOpensAfterFailuresInARowOnly() {
    fail(CircuitBreaker.FAILURES_MAX - 1);
    circuit.answered();
    fail(CircuitBreaker.FAILURES_MAX - 1);

    assertThat(circuit.open()).isFalse();
    assertThat(circuit.admits(NOW)).isTrue();

    circuit.failed(NOW);

    assertThat(circuit.open()).isTrue();
    assertThat(circuit.admits(NOW)).isFalse();
  }

  @Test
  void afterThePauseOneQuestionTriesIt() {
    fail(CircuitBreaker.FAILURES_MAX);

    assertThat(circuit.admits(NOW.plusMillis(999))).isFalse();
    assertThat(circuit.admits(NOW.plusSeconds(1))).isTrue();
    assertThat(circuit.admits(NOW.plusSeconds(1))).isFalse();
  }

  @Test
  void anAnswerClosesItAndTheNextPauseIsTheFirstAgain() {
    fail(CircuitBreaker.FAILURES_MAX);
    Instant tried = NOW.plusSeconds(1);
    circuit.admits(tried);
    circuit.failed(tried);
    assertThat(circuit.admits(tried.plusSeconds(1))).isFalse();
    assertThat(circuit.admits(tried.plusSeconds(2))).isTrue();

    circuit.answered();

    assertThat(circuit.open()).isFalse();
    fail(CircuitBreaker.FAILURES_MAX);
    assertThat(circuit.admits(NOW.plusSeconds(1))).isTrue();
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    fail(CircuitBreaker.FAILURES_MAX);
    Instant now = NOW.plusSeconds(1);
    for (int pause : new int[] {2, 3, 3}) {
      assertThat(circuit.admits(now)).isTrue();
      circuit.failed(now);
      assertThat(circuit.admits(now.plusSeconds(pause).minusMillis(1))).isFalse();
      now = now.plusSeconds(pause);
    }
  }

  @Test
  void whatWasAskedBeforeItOpenedAndFailsLaterPutsOffNoTry() {
    fail(CircuitBreaker.FAILURES_MAX);

    circuit.failed(NOW.plusMillis(900));

    assertThat(circuit.admits(NOW.plusSeconds(1))).isTrue();
  }

  @Test
  void aTryThatWasNeverPutToTheProviderIsMadeAgainAtOnce() {
    fail(CircuitBreaker.FAILURES_MAX);
    Instant now = NOW.plusSeconds(1);
    circuit.admits(now);

    circuit.notAsked(now);

    assertThat(circuit.open()).isTrue();
    assertThat(circuit.admits(now)).isTrue();
  }

  private void fail(int times) {
    for (int n = 0; n < times; n++) {
      circuit.failed(NOW);
    }
  }
}
