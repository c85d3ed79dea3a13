package dev.quittance.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quittance.chaos.history.Entry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperatorsTest {

  private static final int NO_CONTENT = 204;

  /// One of those whose customers ask for it.
  private static final String ORDER = order(hash -> Math.floorMod(hash, 25) == 0);

  /// One of those that support stops for a while.
  private static final String DOUBTFUL =
      order(hash -> Math.floorMod(hash, 25) != 0 && Math.floorMod(hash / 25, 10) == 3);

  private static String order(IntPredicate hash) {
    return IntStream.range(0, 10_000)
        .mapToObj(n -> "pi_" + n)
        .filter(order -> hash.test(order.hashCode()))
        .findFirst()
        .orElseThrow();
  }

  private final List<Entry> history = new CopyOnWriteArrayList<>();
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final CountDownLatch listed = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final HttpServer service;
  private volatile String page = "{\"orders\": [{\"id\": \"" + ORDER + "\"}]}";

  OperatorsTest() throws IOException {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext("/orders", this::answer);
    service.start();
  }

  @AfterEach
  void stop() {
    service.stop(0);
  }

  @Test
  void whoWasErasedIsWrittenDown() throws InterruptedException {
    try (var _ = operators(this::write)) {
      await(done);
    }

    assertThat(history).singleElement().isInstanceOf(Entry.Erased.class);
  }

  @Test
  void whoMayHaveBeenErasedIsNamedThoughTheThreadDied() throws InterruptedException {
    Consumer<Entry> fails =
        entry -> {
          write(entry);
          if (entry instanceof Entry.Erased) {
            history.clear();
            throw new IllegalStateException("no room for it");
          }
        };
    try (var _ = operators(fails)) {
      await(done);
    }

    assertThat(history)
        .contains(new Entry.Unsettled("customers to erase: " + ORDER, 1))
        .hasSize(2)
        .last()
        .asString()
        .contains("no room for it");
  }

  @Test
  void anEndOfWhoeverWorksIsToldThoughNobodyWaits() throws InterruptedException {
    page = "no JSON";
    try (var _ = operators(this::write)) {
      await(listed);
    }

    assertThat(history)
        .singleElement()
        .asString()
        .contains("operators, ended by", "UnreadableEvent");
  }

  @Test
  void whatIsStoppedIsLetGoAndAskedForByOneKeyUntilItIsAnswered() throws InterruptedException {
    page = "{\"orders\": [{\"id\": \"%s\", \"fulfillmentStatus\": \"due\"}]}".formatted(DOUBTFUL);
    answers.addAll(List.of(503, 200, 200, 200, 409));
    var released = new CountDownLatch(1);
    try (var _ =
        operators(entry -> {
          history.add(entry);
          if (entry instanceof Entry.Answered) {
            released.countDown();
          }
        })) {
      await(released);
    }

    String hold = "/orders/" + DOUBTFUL + "/hold chaos-hold";
    String release = "/orders/" + DOUBTFUL + "/release chaos-release";
    assertThat(commands).containsExactly(hold, hold, hold, release, release);
    assertThat(history)
        .extracting(entry ->
            switch (entry) {
              case Entry.Commanded command -> command.command() + " " + command.taken();
              case Entry.Answered other -> "again: " + other.status();
              default -> entry.toString();
            })
        .containsExactly("hold true", "release true", "again: 409");
  }

  private Operators operators(Consumer<Entry> writes) {
    URI orders =
        URI.create("http://127.0.0.1:" + service.getAddress().getPort()).resolve("/orders");
    return new Operators(orders, Clock.systemUTC(), writes);
  }

  private void write(Entry entry) {
    history.add(entry);
    done.countDown();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("DELETE")) {
        exchange.sendResponseHeaders(NO_CONTENT, -1);
        return;
      }
      if (exchange.getRequestMethod().equals("POST")) {
        commands.add(
            exchange.getRequestURI()
                + " "
                + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        exchange.sendResponseHeaders(Objects.requireNonNull(answers.poll()), -1);
        return;
      }
      byte[] body = page.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      listed.countDown();
    }
  }
}
