package dev.quittance.chaos.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.chaos.history.Entry;
import dev.quittance.contracts.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An administrator whom some customers ask to be forgotten, soon after they bought, while their
/// orders still move. Whoever gets no answer asks again.
public final class Erasures implements AutoCloseable {

  /// One of so many orders, chosen by its id.
  private static final int ONE_OF = 25;

  /// More than are new since the last time, also where the service was away for a while.
  private static final int NEWEST = 200;

  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration LAST_ANSWER_MAX = Duration.ofMinutes(1);

  private final URI orders;
  private final Clock clock;
  private final Consumer<Entry> history;
  private final Set<String> erased = new HashSet<>();
  private final Thread thread;
  private volatile boolean over;
  private volatile @Nullable String asked;
  private volatile @Nullable Throwable failure;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_MAX)
          .build();

  /// @param orders fulfillment-service's
  public Erasures(URI orders, Clock clock, Consumer<Entry> history) {
    this.orders = orders;
    this.clock = clock;
    this.history = history;
    this.thread = Thread.ofPlatform().name("erasures").start(this::run);
  }

  private void run() {
    try {
      while (!over) {
        Thread.sleep(EVERY);
        for (String order : newest()) {
          if (Math.floorMod(order.hashCode(), ONE_OF) == 0 && !erased.contains(order)) {
            erase(order);
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  private List<String> newest() throws InterruptedException {
    try {
      HttpResponse<byte[]> page = answer(request("?limit=" + NEWEST).GET());
      if (page.statusCode() == 200) {
        return WireFormat.read(page.body(), JsonNode.class)
            .path("orders")
            .valueStream()
            .map(order -> order.path("id").asText())
            .toList();
      }
    } catch (IOException _) {
      // the service is away
    }
    return List.of();
  }

  /// Asks until the answer comes: without one it isn't known whether the customer was erased.
  private void erase(String order) throws InterruptedException {
    var request =
        request("/" + URLEncoder.encode(order, StandardCharsets.UTF_8) + "/customer").DELETE();
    asked = order;
    while (asked != null) {
      try {
        if (answer(request).statusCode() == 204) {
          history.accept(new Entry.Erased(clock.millis(), order));
          erased.add(order);
          asked = null;
        }
      } catch (IOException _) {
        // the service is away
      }
      Thread.sleep(PAUSE);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(orders + path))
        .timeout(ANSWER_MAX)
        .header("Accept", "application/json");
  }

  private HttpResponse<byte[]> answer(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /// Nobody asks any more. Who has asked gets an answer, now that everything is there. Where there
  /// is none, however that came, the customer may have been erased.
  @Override
  public void close() {
    over = true;
    boolean ended = false;
    try {
      ended = thread.join(LAST_ANSWER_MAX);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    String unanswered = asked;
    if (!ended || unanswered != null) {
      history.accept(new Entry.Unsettled("customers to erase: " + unanswered, 1));
    }
    Throwable defect = failure;
    if (defect != null) {
      history.accept(new Entry.Unsettled("erasures, ended by " + defect, 1));
    }
    thread.interrupt();
    http.shutdownNow();
  }
}
