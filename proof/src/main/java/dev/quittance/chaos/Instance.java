package dev.quittance.chaos;

import dev.quittance.chaos.fault.Part;
import dev.quittance.testkit.JvmProfile;
import dev.quittance.testkit.Ports;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A place for a service's process, and what its successors inherit.
final class Instance {

  /// The manifests' liveness probe: every 10 s, 6 times in vain.
  private static final Duration DEAD_AFTER = Duration.ofMinutes(1);

  /// The manifests' start-up probe: every 2 s, 60 times in vain.
  private static final Duration STARTED_WITHIN = Duration.ofMinutes(2);

  private static final Duration ASKED_EVERY = Duration.ofSeconds(5);

  private final Part part;
  private final String name;
  private final URI url;
  private final URI management;
  private final Path repository;
  private final Path home;
  private final JvmProfile profile;
  private final Map<String, String> environment;
  private final Clock clock;
  private @Nullable ServiceProcess process;
  private long deadAt;
  private long askAt;

  Instance(
      Part part,
      String name,
      int port,
      Path repository,
      Path home,
      JvmProfile profile,
      Map<String, String> environment,
      Clock clock) {
    this.part = part;
    this.name = name;
    this.url = Ports.url(port);
    this.management = Ports.url(Ports.free());
    this.repository = repository;
    this.home = home;
    this.profile = profile;
    this.environment = environment;
    this.clock = clock;
  }

  synchronized void launch() {
    process =
        ServiceProcess.launch(
            name,
            switch (part) {
              case INGEST -> Service.INGEST;
              case FULFILLMENT -> Service.FULFILLMENT;
              case RECEIPTS -> Service.RECEIPTS;
              case BROKER, DATABASE, MAIL, API ->
                  throw new IllegalArgumentException(part + " is no service");
            },
            repository,
            profile,
            environment,
            url,
            management,
            // those of earlier runs, too
            home.resolveSibling("chaos-classes"),
            home.resolve("logs").resolve(name + ".log"));
    deadAt = clock.millis() + STARTED_WITHIN.toMillis();
    askAt = clock.millis() + ASKED_EVERY.toMillis();
  }

  synchronized ServiceProcess process() {
    return Objects.requireNonNull(process);
  }

  URI url() {
    return url;
  }

  /// It was broken on purpose for a while, which doesn't count.
  synchronized void forgive() {
    deadAt = Math.max(deadAt, clock.millis() + DEAD_AFTER.toMillis());
  }

  /// Whether Kubernetes would start it again, and why.
  synchronized Optional<String> needsRestart() {
    if (!process().alive()) {
      return Optional.of("ended by itself");
    }
    long now = clock.millis();
    if (now < askAt) {
      return Optional.empty();
    }
    askAt = now + ASKED_EVERY.toMillis();
    if (process().live()) {
      deadAt = clock.millis() + DEAD_AFTER.toMillis();
      return Optional.empty();
    }
    return now > deadAt ? Optional.of("not live") : Optional.empty();
  }
}
