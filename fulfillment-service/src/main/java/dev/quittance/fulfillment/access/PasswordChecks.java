package dev.quittance.fulfillment.access;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Checks passwords in threads of its own: a hash takes a core for a fifth of a second, and those
/// who wait for one must not hold what serves pages.
@ApplicationScoped
class PasswordChecks {

  /// Half of the cores serve, whatever comes; more than two people a fifth of a second don't sign
  /// in.
  static final int AT_ONCE_MAX = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 2);

  /// The last of them waits for some ten seconds: longer nobody looks at a form.
  static final int WAITING_MAX = 50;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          AT_ONCE_MAX,
          AT_ONCE_MAX,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().daemon().name("password-check-", 0).factory());

  /// Checks, when it's its turn.
  ///
  /// @return empty when too many wait already
  <T> Optional<CompletionStage<T>> check(Supplier<T> work) {
    try {
      return Optional.of(CompletableFuture.supplyAsync(work, threads));
    } catch (RejectedExecutionException e) {
      return Optional.empty();
    }
  }

  void stop(@Observes ShutdownEvent stopping) {
    threads.shutdownNow();
  }
}
