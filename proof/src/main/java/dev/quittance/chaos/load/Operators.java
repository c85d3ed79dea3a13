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

/// What people do about orders while these still move: an administrator forgets customers who ask
/// for it, a warehouse ships, support stops an order and lets some go on. Whoever gets no answer
/// asks again, commands with the same key; and each command that was taken is sent once more, as
/// impatient people do.
public final class Operators implements AutoCloseable {

  /// One of so many orders' customers is forgotten, chosen by the order's id.
  private static final int ERASED_ONE_OF = 25;

  /// So many parts of the orders, of which two are shipped, one is held, and one held for a while.
  private static final int PARTS = 10;

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
  private final Set<String> attended = new HashSet<>();
  private final Set<String> toRelease = new HashSet<>();
  private final Thread thread;
  private volatile boolean over;
  private volatile @Nullable String asked;
  private volatile @Nullable Throwable failure;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_MAX)
          .build();

  /// What is done about an order once it is due.
  private enum Work {
    SHIP,
    HOLD,
    HOLD_FOR_A_WHILE,
    NOTHING;

    static Work of(String order) {
      return switch (Math.floorMod(order.hashCode() / ERASED_ONE_OF, PARTS)) {
        case 0, 1 -> SHIP;
        case 2 -> HOLD;
        case 3 -> HOLD_FOR_A_WHILE;
        default -> NOTHING;
      };
    }
  }

  /// @param orders fulfillment-service's
  public Operators(URI orders, Clock clock, Consumer<Entry> history) {
    this.orders = orders;
    this.clock = clock;
    this.history = history;
    this.thread = Thread.ofPlatform().name("operators").start(this::run);
  }

  private void run() {
    try {
      while (!over) {
        Thread.sleep(EVERY);
        for (String order : Set.copyOf(toRelease)) {
          command(order, "release");
          toRelease.remove(order);
        }
        for (JsonNode order : newest()) {
          String id = order.path("id").asText();
          if (order.path("fulfillmentStatus").asText().equals("due")) {
            attend(id);
          }
          if (Math.floorMod(id.hashCode(), ERASED_ONE_OF) == 0 && !erased.contains(id)) {
            erase(id);
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

  private List<JsonNode> newest() throws InterruptedException {
    try {
      HttpResponse<byte[]> page = answer(request("?limit=" + NEWEST).GET());
      if (page.statusCode() == 200) {
        return WireFormat.read(page.body(), JsonNode.class).path("orders").valueStream().toList();
      }
    } catch (IOException _) {
      // the service is away
    }
    return List.of();
  }

  private void attend(String order) throws InterruptedException {
    if (!attended.add(order)) {
      return;
    }
    switch (Work.of(order)) {
      case SHIP -> command(order, "fulfillments");
      case HOLD -> command(order, "hold");
      case HOLD_FOR_A_WHILE -> {
        if (command(order, "hold")) {
          toRelease.add(order);
        }
      }
      case NOTHING -> {}
    }
  }

  /// Asks until the answer comes, by one key, so that it is taken once however often it arrives.
  ///
  /// @return whether it was taken; it is not where the order changed meanwhile
  private boolean command(String order, String verb) throws InterruptedException {
    var request =
        request("/" + escaped(order) + "/" + verb)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "chaos-" + verb)
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    int first = ask(verb + " of " + order, request);
    boolean taken = first < 400;
    history.accept(new Entry.Commanded(clock.millis(), order, verb, taken));
    asked = null;
    if (taken) {
      int again = ask(verb + " of " + order + ", again", request);
      if (again != first) {
        history.accept(new Entry.Answered(clock.millis(), "orders", order + " " + verb, again));
      }
      asked = null;
    }
    return taken;
  }

  private void erase(String order) throws InterruptedException {
    ask("customers to erase: " + order, request("/" + escaped(order) + "/customer").DELETE());
    history.accept(new Entry.Erased(clock.millis(), order));
    erased.add(order);
    asked = null;
  }

  /// Asks until the answer comes: without one it isn't known what was done, nor before it is
  /// written down.
  ///
  /// @return its status: done, or refused because of how the order stands
  private int ask(String what, HttpRequest.Builder request) throws InterruptedException {
    asked = what;
    while (true) {
      try {
        int status = answer(request).statusCode();
        if (status < 300 || status == 409) {
          return status;
        }
      } catch (IOException _) {
        // the service is away
      }
      Thread.sleep(PAUSE);
    }
  }

  private static String escaped(String order) {
    return URLEncoder.encode(order, StandardCharsets.UTF_8);
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
  /// is none, however that came, nobody knows what was done.
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
      history.accept(new Entry.Unsettled(String.valueOf(unanswered), 1));
    }
    Throwable defect = failure;
    if (defect != null) {
      history.accept(new Entry.Unsettled("operators, ended by " + defect, 1));
    }
    thread.interrupt();
    http.shutdownNow();
  }
}
