package dev.quittance.sandbox.delivery;

import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.settings.SandboxSettings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Posts signed events to their endpoints.
@Singleton
public final class Courier {

  /// Both providers give an endpoint ten seconds.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  private final URI webhooks;
  private final SignedRequest.Secrets secrets;
  private final Clock clock;
  private final HttpClient http;

  @Inject
  Courier(SandboxSettings settings, Clock clock) {
    this(
        settings.webhooks(),
        new SignedRequest.Secrets(settings.stripe().secret(), settings.paysuper().secret()),
        clock);
  }

  Courier(URI webhooks, SignedRequest.Secrets secrets, Clock clock) {
    this.webhooks = webhooks;
    this.secrets = secrets;
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// Posts an event once and waits for the answer.
  public Delivery deliver(ProviderEvent event) {
    Instant start = clock.instant();
    URI endpoint = endpoint(event);
    SignedRequest signed = SignedRequest.of(event, 0, start, secrets);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(ANSWER_MAX)
            .POST(HttpRequest.BodyPublishers.ofByteArray(signed.body()));
    signed.headers().forEach(request::header);
    try {
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return delivery(event, endpoint, answer.statusCode(), null, start);
    } catch (HttpTimeoutException e) {
      return delivery(event, endpoint, null, "no answer within 10 s", start);
    } catch (ConnectException e) {
      return delivery(event, endpoint, null, "nothing listens there", start);
    } catch (IOException e) {
      return delivery(event, endpoint, null, "the connection broke", start);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return delivery(event, endpoint, null, "the sandbox stops", start);
    }
  }

  @PreDestroy
  void close() {
    http.shutdownNow();
  }

  private URI endpoint(ProviderEvent event) {
    return URI.create(webhooks + "/" + event.provider().wireName());
  }

  private Delivery delivery(
      ProviderEvent event,
      URI endpoint,
      @Nullable Integer status,
      @Nullable String error,
      Instant start) {
    long took = Duration.between(start, clock.instant()).toMillis();
    return new Delivery(
        event.type(), event.id(), endpoint.toString(), status, error, took, event.order());
  }
}
