package dev.quittance.chaos.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.chaos.history.Entry;
import dev.quittance.contracts.Sha256;
import dev.quittance.sandbox.delivery.SignedRequest;
import dev.quittance.sandbox.events.ProviderEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Delivers events as providers do: late, twice, out of order, and again on everything that isn't a
/// 2xx. Unlike them it tries again within seconds and never gives up, so that a run ends.
public final class Provider implements AutoCloseable {

  /// Both providers give an endpoint ten seconds.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final long PAUSE_MS_FIRST = 300;
  private static final long PAUSE_MS_MAX = 5_000;

  /// What may be under way at a time; the rest queues up, as it does at a provider.
  private static final int AT_ONCE_MAX = 64;

  /// What a reader of the history needs of an event's object.
  private static final List<String> KEPT =
      List.of(
          "id",
          "uuid",
          "object",
          "mode",
          "status",
          "payment_status",
          "payment_intent",
          "charge",
          "amount",
          "amount_total",
          "amount_captured",
          "failure_balance_transaction",
          "amount_received",
          "amount_refunded",
          "reason",
          "currency",
          "customer_details",
          "client_reference_id",
          "receipt_email");

  private final URI webhooks;
  private final SignedRequest.Secrets secrets;
  private final Clock clock;
  private final Consumer<Entry> history;
  private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Counts counts = new Counts();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  /// What has happened so far.
  public static final class Counts {
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /// Events that were told or are still to be.
    public long sent() {
      return sent.get();
    }

    /// Events that were accepted at least once.
    public long accepted() {
      return accepted.get();
    }

    /// Acceptances of what had been accepted before.
    public long repeated() {
      return repeated.get();
    }

    /// Attempts that were not accepted.
    public long failed() {
      return failed.get();
    }
  }

  /// @param webhooks to which the endpoint's name is added
  public Provider(
      URI webhooks, SignedRequest.Secrets secrets, Clock clock, Consumer<Entry> history) {
    this.webhooks = webhooks;
    this.secrets = secrets;
    this.clock = clock;
    this.history = history;
  }

  /// What has happened so far.
  public Counts counts() {
    return counts;
  }

  /// Whether everything that was told was accepted.
  public boolean done() {
    return counts.accepted() == counts.sent();
  }

  /// Tells of all that an order brings, from now on.
  void tell(List<ScheduledDelivery> story) {
    for (ScheduledDelivery telling : story) {
      ProviderEvent event = telling.event();
      counts.sent.incrementAndGet();
      history.accept(
          new Entry.Sent(
              event.provider().wireName(),
              event.id(),
              event.type(),
              event.envelope().path("created").asLong(clock.instant().getEpochSecond()),
              kept(event)));
      Thread.ofVirtual().start(() -> deliver(telling));
    }
  }

  private static JsonNode kept(ProviderEvent event) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    ObjectNode object = event.object().orElseThrow();
    KEPT.stream().filter(object::hasNonNull).forEach(field -> kept.set(field, object.get(field)));
    return kept;
  }

  private void deliver(ScheduledDelivery telling) {
    try {
      Thread.sleep(telling.after());
      long pause = PAUSE_MS_FIRST;
      for (int attempt = 0; !closed.get(); attempt++) {
        if (accepted(telling.event(), attempt)) {
          counts.accepted.incrementAndGet();
          break;
        }
        Thread.sleep(pause);
        pause = Math.min(2 * pause, PAUSE_MS_MAX);
      }
      if (!telling.again().isZero() && !closed.get()) {
        Thread.sleep(telling.again());
        if (accepted(telling.event(), 1)) {
          counts.repeated.incrementAndGet();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean accepted(ProviderEvent event, int attempt) throws InterruptedException {
    atOnce.acquire();
    try {
      SignedRequest signed = SignedRequest.of(event, attempt, clock.instant(), secrets);
      String endpoint = event.provider().wireName();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(webhooks + "/" + endpoint))
              .timeout(ANSWER_MAX)
              .POST(HttpRequest.BodyPublishers.ofByteArray(signed.body()));
      signed.headers().forEach(request::header);
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status / 100 == 2) {
        history.accept(
            new Entry.Accepted(clock.millis(), endpoint, event.id(), sha256(signed.body())));
        return true;
      }
      if (status != 503) {
        history.accept(new Entry.Answered(clock.millis(), endpoint, event.id(), status));
      }
    } catch (IOException _) {
      // no answer, or none in time: whether it was taken is unknown, so it is told again
    } finally {
      atOnce.release();
    }
    counts.failed.incrementAndGet();
    return false;
  }

  /// As the history writes it.
  public static String sha256(byte[] body) {
    return Sha256.hex(body);
  }

  @Override
  public void close() {
    closed.set(true);
    http.shutdownNow();
  }
}
