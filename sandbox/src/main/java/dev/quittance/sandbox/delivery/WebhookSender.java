package dev.quittance.sandbox.delivery;

import dev.quittance.sandbox.events.ProviderEvent;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Posts signed events to their endpoints.
final class WebhookSender implements AutoCloseable {

  /// Both providers give an endpoint ten seconds.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private static final String TOO_LATE = "no answer within 10 s";

  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  /// Enough of an answer's body to see what is wrong.
  private static final int ANSWER_BYTES_MAX = 4_096;

  private final URI webhooks;
  private final SignedRequest.Secrets secrets;
  private final RegisteredEndpoints registered;
  private final Clock clock;
  private final HttpClient http;

  WebhookSender(
      URI webhooks, SignedRequest.Secrets secrets, RegisteredEndpoints registered, Clock clock) {
    this.webhooks = webhooks;
    this.secrets = secrets;
    this.registered = registered;
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// Posts an event once and waits for the answer.
  ///
  /// @param number how often the provider tried before
  Attempt attempt(ProviderEvent event, int number, Attempt.Cause cause) {
    Instant start = clock.instant();
    SignedRequest signed = signed(event, number, start);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint(event))
            .POST(HttpRequest.BodyPublishers.ofByteArray(signed.body()));
    signed.headers().forEach(request::header);
    var made = new Try(number, cause, signed.headers(), start);
    var beginning = new Beginning();
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArrayConsumer(beginning));
    try {
      int status = answer.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      return ended(made, status, null, beginning.text());
    } catch (TimeoutException e) {
      answer.cancel(true);
      return ended(made, null, TOO_LATE, "");
    } catch (ExecutionException e) {
      return ended(made, null, explained(e.getCause()), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ended(made, null, "the sandbox stops", "");
    }
  }

  private static String explained(@Nullable Throwable fault) {
    return switch (fault) {
      case HttpTimeoutException _ -> TOO_LATE;
      case ConnectException _ -> "nothing listens there";
      case null, default -> "the connection broke";
    };
  }

  /// The body of an attempt that was made: signing is repeatable, so it needn't be kept.
  byte[] body(QueuedEvent queued, Attempt attempt) {
    return signed(queued.asEvent(), attempt.number(), attempt.at()).body();
  }

  URI endpoint(ProviderEvent event) {
    return registered
        .target(event)
        .map(RegisteredEndpoints.Target::url)
        .orElseGet(() -> URI.create(webhooks + "/" + event.provider().wireName()));
  }

  /// As whoever registered for it wants it.
  private SignedRequest signed(ProviderEvent event, int number, Instant at) {
    return registered
        .target(event)
        .map(target -> {
          var own =
              new SignedRequest.Secrets(target.secret(), secrets.paySuper(), secrets.standard());
          return SignedRequest.of(target.thin() ? ThinEvents.of(event) : event, number, at, own);
        })
        .orElseGet(() -> SignedRequest.of(event, number, at, secrets));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private Attempt ended(Try made, @Nullable Integer status, @Nullable String error, String answer) {
    long took = Duration.between(made.start(), clock.instant()).toMillis();
    return new Attempt(
        made.number(),
        made.start().toEpochMilli(),
        made.cause(),
        made.headers(),
        status,
        error,
        answer,
        took);
  }

  /// Keeps the beginning of a body and lets the rest pass by.
  private static final class Beginning implements Consumer<Optional<byte[]>> {

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public synchronized void accept(Optional<byte[]> chunk) {
      chunk.ifPresent(
          bytes -> kept.write(bytes, 0, Math.min(bytes.length, ANSWER_BYTES_MAX - kept.size())));
    }

    synchronized String text() {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }

  private record Try(int number, Attempt.Cause cause, Map<String, String> headers, Instant start) {}
}
