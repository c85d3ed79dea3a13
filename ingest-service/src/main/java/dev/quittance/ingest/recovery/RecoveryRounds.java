package dev.quittance.ingest.recovery;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Sweeps on a schedule and on demand, one sweep at a time.
@Singleton
final class RecoveryRounds {

  private static final Logger LOG = Logger.getLogger(RecoveryRounds.class);

  private static final Sweep RUNNING = new Sweep("running", List.of());

  /// Of our own doing; a provider that doesn't tell is a fault in a sweep that is done.
  private static final Sweep FAILED = new Sweep("failed", List.of());

  private final Sweeping sweeping;
  private final Duration since;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("recovery").factory());
  private final AtomicReference<@Nullable Round> latest = new AtomicReference<>();

  /// A sweep, and how far back it looks.
  private record Round(Duration age, CompletableFuture<Sweep> sweep) {}

  /// Sweeps once.
  @FunctionalInterface
  interface Sweeping {
    /// @param age how far back it looks
    Sweep sweep(Duration age) throws InterruptedException;
  }

  @Inject
  RecoveryRounds(RecoverMissedEvents recovery, RecoverySettings settings) {
    this(recovery::sweep, settings.since());
  }

  RecoveryRounds(Sweeping sweeping, Duration since) {
    this.sweeping = sweeping;
    this.since = since;
  }

  /// Stripe's own retries take three days, so each failure is seen many times; that costs a few
  /// requests and changes nothing.
  @Scheduled(
      every = "{quittance.recovery.every}",
      delayed = "{quittance.recovery.first-after}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void onSchedule() {
    var _ = sweep(since);
  }

  /// Starts a sweep, or joins the one that is running and looks back at least as far; one that
  /// looks back farther follows it.
  CompletableFuture<Sweep> sweep(Duration age) {
    while (true) {
      Round running = latest.get();
      if (running != null && !running.sweep().isDone() && running.age().compareTo(age) >= 0) {
        return running.sweep();
      }
      var next = new Round(age, new CompletableFuture<>());
      if (latest.compareAndSet(running, next)) {
        worker.execute(() -> complete(next.sweep(), age));
        return next.sweep();
      }
    }
  }

  private void complete(CompletableFuture<Sweep> next, Duration age) {
    try {
      next.complete(sweeping.sweep(age));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      next.cancel(false);
    } catch (RuntimeException | Error e) { // or else this sweep would run for ever, and no other
      LOG.error("recovery.failed", e);
      next.completeExceptionally(e);
    }
  }

  /// The sweep that is running, or the last one, also when it failed.
  Sweep state() {
    Round last = latest.get();
    return last == null ? new Sweep("none", List.of()) : state(last.sweep());
  }

  static Sweep state(CompletableFuture<Sweep> sweep) {
    return switch (sweep.state()) {
      case RUNNING -> RUNNING;
      case SUCCESS -> sweep.resultNow();
      case FAILED, CANCELLED -> FAILED;
    };
  }

  void stop(@Observes ShutdownEvent event) {
    worker.shutdownNow();
  }
}
