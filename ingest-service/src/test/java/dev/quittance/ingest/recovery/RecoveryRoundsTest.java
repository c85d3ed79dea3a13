package dev.quittance.ingest.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RecoveryRoundsTest {

  @Test
  void aSweepThatFailedIsNotSaidToRun() {
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

  @Test
  void aSweepThatLooksBackFartherFollowsTheOneThatIsRunning() throws Exception {
    var asked = new CopyOnWriteArrayList<Duration>();
    var go = new CountDownLatch(1);
    var rounds =
        new RecoveryRounds(
            age -> {
              asked.add(age);
              go.await();
              return new Sweep("done", List.of());
            },
            Duration.ofDays(3));

    CompletableFuture<Sweep> scheduled = rounds.sweep(Duration.ofDays(3));
    CompletableFuture<Sweep> shorter = rounds.sweep(Duration.ofHours(1));
    CompletableFuture<Sweep> longer = rounds.sweep(Duration.ofDays(30));

    assertThat(shorter).isSameAs(scheduled);
    assertThat(longer).isNotSameAs(scheduled).isNotDone();
    go.countDown();
    assertThat(longer.get(1, TimeUnit.MINUTES).state()).isEqualTo("done");
    assertThat(asked).containsExactly(Duration.ofDays(3), Duration.ofDays(30));
  }
}
