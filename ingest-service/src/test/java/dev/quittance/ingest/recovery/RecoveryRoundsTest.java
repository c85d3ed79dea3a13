package dev.quittance.ingest.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RecoveryRoundsTest {

  @Test
  void aSweepThatFailedIsNotToldAsRunning() {
    var cancelled = new CompletableFuture<Sweep>();
    cancelled.cancel(false);

    assertThat(RecoveryRounds.state(CompletableFuture.failedFuture(new IllegalStateException())))
        .extracting(Sweep::state)
        .isEqualTo("failed");
    assertThat(RecoveryRounds.state(cancelled)).extracting(Sweep::state).isEqualTo("failed");
    assertThat(RecoveryRounds.state(new CompletableFuture<>()))
        .extracting(Sweep::state)
        .isEqualTo("running");
    var done = new Sweep("done", List.of());
    assertThat(RecoveryRounds.state(CompletableFuture.completedFuture(done))).isSameAs(done);
  }
}
