package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.Pause;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Posts events to somebody's server, for those whose server speaks HTTP: in order for each order,
/// several orders at the same time, each event until it is accepted by 2xx. What one order's events
/// wait for keeps no other's.
///
/// An event goes as a [CloudEvent in
/// JSON](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md),
/// signed by Standard Webhooks. Its id is `webhook-id`, and the same however often it comes.
final class EventForwarder implements AutoCloseable {

  /// In hand, waiting or under way; whoever has more to give waits for room.
  private static final int IN_HAND_MAX = 1_000;

  private static final int AT_ONCE_MAX = 16;

  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final URI url;
  private final ForwardSecret secret;
  private final Clock clock;
  private final Pause pause;
  private final Consumer<String> say;
  private final Map<String, Queue<Event>> waiting = new HashMap<>();
  private final Semaphore inHand = new Semaphore(IN_HAND_MAX);
  private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_MAX)
          .build();

  /// An event as it was published.
  ///
  /// @param order events of one are posted one after the other
  /// @param type as people read it
  /// @param attributes of the CloudEvent, without `ce_`
  record Event(
      String order, String id, String type, Map<String, String> attributes, JsonNode data) {

    /// As a CloudEvent in JSON.
    String body() {
      ObjectNode event = WireFormat.mapper().createObjectNode();
      attributes.forEach(event::put);
      event.put("datacontenttype", "application/json");
      event.set("data", data);
      return event.toString();
    }

    @Override
    public String toString() {
      return "Event[" + id + "]";
    }
  }

  /// @param say hears what became of each attempt, a line each
  EventForwarder(URI url, ForwardSecret secret, Clock clock, Pause pause, Consumer<String> say) {
    this.url = url;
    this.secret = secret;
    this.clock = clock;
    this.pause = pause;
    this.say = say;
  }

  /// Takes an event on. Waits while too many are in hand.
  void forward(Event event) {
    inHand.acquireUninterruptibly();
    synchronized (waiting) {
      Queue<Event> others = waiting.get(event.order());
      if (others == null) {
        others = new ArrayDeque<>();
        waiting.put(event.order(), others);
        Thread.ofVirtual().name("forwards").start(() -> postAll(event.order()));
      }
      others.add(event);
    }
  }

  private void postAll(String order) {
    try {
      for (Event event = next(order); event != null; event = next(order)) {
        post(event);
        inHand.release();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Event next(String order) {
    synchronized (waiting) {
      Queue<Event> others = waiting.get(order);
      Event next = others == null ? null : others.poll();
      if (next == null) {
        waiting.remove(order);
      }
      return next;
    }
  }

  /// Until it is accepted. Each attempt is signed anew, because whoever takes it looks at the time.
  private void post(Event event) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      String became;
      atOnce.acquire();
      try {
        long began = System.nanoTime();
        int status = http.send(request(event), HttpResponse.BodyHandlers.discarding()).statusCode();
        became = status + " in " + (System.nanoTime() - began) / 1_000_000 + " ms";
        if (status / 100 == 2) {
          say.accept("%s %s: %s".formatted(event.type(), event.order(), became));
          return;
        }
      } catch (IOException e) {
        became = "no answer (" + e.getClass().getSimpleName() + ")";
      } finally {
        atOnce.release();
      }
      Duration wait = Backoff.doubled(FIRST_PAUSE, LONGEST_PAUSE, attempt - 1);
      say.accept(
          "%s %s: %s, again in %d s"
              .formatted(event.type(), event.order(), became, wait.toSeconds()));
      pause.sleep(wait);
    }
  }

  private HttpRequest request(Event event) {
    Instant now = clock.instant();
    String body = event.body();
    return HttpRequest.newBuilder(url)
        .timeout(ANSWER_MAX)
        .header("Content-Type", "application/cloudevents+json; charset=utf-8")
        .header("webhook-id", event.id())
        .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
        .header("webhook-signature", secret.signature(event.id(), now, body))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /// Waits until all in hand are accepted, however long that takes.
  @Override
  public void close() {
    inHand.acquireUninterruptibly(IN_HAND_MAX);
    http.shutdownNow();
  }
}
