package dev.quittance.ingest.afterpayment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.quittance.contracts.WireFormat;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Asks fulfillment-service for the order of a checkout. Read-only, and never for long: the page
/// must work without it.
@Singleton
final class FulfillmentOrders {

  /// A page that waits for longer looks broken.
  static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  /// Whatever happens there, pages take no more of this service than this; webhooks come first.
  static final int QUESTIONS_MAX = 64;

  /// An order of 1,000 lines with long texts.
  static final long ANSWER_BYTES_MAX = 2_000_000;

  private final URI base;
  private final @Nullable String token;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build();
  private final Semaphore questions = new Semaphore(QUESTIONS_MAX);

  FulfillmentOrders(FulfillmentSettings settings) {
    base = settings.url();
    token = settings.token().orElse(null);
  }

  OrderLookup find(SessionId session) throws InterruptedException {
    if (!questions.tryAcquire()) {
      return new OrderLookup.Silent("too_many_questions");
    }
    try {
      return ask(session);
    } finally {
      questions.release();
    }
  }

  private OrderLookup ask(SessionId session) throws InterruptedException {
    // the header's time limit ends with the answer's head; this one covers the body, too
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request(session), BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    try {
      return read(answer.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return new OrderLookup.Silent("too_slow");
    } catch (ExecutionException e) {
      return new OrderLookup.Silent("no_connection");
    } finally {
      answer.cancel(true);
    }
  }

  private HttpRequest request(SessionId session) {
    String path = base.toString().replaceFirst("/+$", "") + "/orders?limit=1&session=";
    var request =
        HttpRequest.newBuilder(URI.create(path + session.value()))
            .timeout(ANSWER_MAX)
            .header("Accept", "application/json");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  private static OrderLookup read(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 200) {
      return new OrderLookup.Silent("status_" + answer.statusCode());
    }
    try {
      Answer read = WireFormat.mapper().readValue(answer.body(), Answer.class);
      return read.orders().isEmpty()
          ? new OrderLookup.Unknown()
          : new OrderLookup.Found(read.orders().getFirst());
    } catch (IOException | IllegalArgumentException e) {
      return new OrderLookup.Silent("unreadable");
    }
  }

  /// A page of orders, of which there is one at most.
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Answer(List<OrderSeen> orders) {
    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    Answer {
      orders = orders == null ? List.of() : List.copyOf(orders);
    }
  }

  @PreDestroy
  void close() {
    http.shutdownNow();
  }
}
