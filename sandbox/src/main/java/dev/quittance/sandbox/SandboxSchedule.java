package dev.quittance.sandbox;

import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.shop.Settlements;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Sees every now and then whether something is due.
@Singleton
final class SandboxSchedule {

  /// Soon enough for a schedule that was made a thousand times faster.
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final Logger LOG = Logger.getLogger(SandboxSchedule.class);

  private final Deliveries deliveries;
  private final Settlements settlements;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("rounds").factory());

  @Inject
  SandboxSchedule(Deliveries deliveries, Settlements settlements) {
    this.deliveries = deliveries;
    this.settlements = settlements;
  }

  void start(@Observes StartupEvent start) {
    var _ =
        thread.scheduleWithFixedDelay(
            this::go, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent stop) {
    thread.shutdownNow();
  }

  private void go() {
    try {
      deliveries.runDue();
      settlements.runDue();
    } catch (RuntimeException e) {
      LOG.error("rounds.failed", e);
    }
  }
}
