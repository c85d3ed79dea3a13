package dev.quittance.chaos;

import dev.quittance.chaos.fault.Part;
import dev.quittance.localstack.Ports;
import dev.quittance.localstack.Service;
import dev.quittance.localstack.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_MAX)
          .build();

  private final Part part;
  private final String name;
  private final URI url;
  private final URI management;
  private final Path repository;
  private final Path home;
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
      Map<String, String> environment,
      Clock clock) {
    this.part = part;
    this.name = name;
    this.url = URI.create("http://127.0.0.1:" + port);
    this.management = URI.create("http://127.0.0.1:" + Ports.free());
    this.repository = repository;
    this.home = home;
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
            environment,
            url,
            management,
            home.resolve("classes"),
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
    if (live()) {
      deadAt = clock.millis() + DEAD_AFTER.toMillis();
      return Optional.empty();
    }
    return now > deadAt ? Optional.of("not live") : Optional.empty();
  }

  private boolean live() {
    try {
      var request =
          HttpRequest.newBuilder(management.resolve("/q/health/live")).timeout(ANSWER_MAX).build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
