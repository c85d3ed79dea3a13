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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ErasuresTest {

  private static final int NO_CONTENT = 204;

  /// One of those whose customers ask for it.
  private static final String ORDER =
      IntStream.range(0, 1_000)
          .mapToObj(n -> "pi_" + n)
          .filter(order -> Math.floorMod(order.hashCode(), 25) == 0)
          .findFirst()
          .orElseThrow();

  private final List<Entry> history = new CopyOnWriteArrayList<>();
  private final CountDownLatch listed = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final HttpServer service;
  private volatile String page = "{\"orders\": [{\"id\": \"" + ORDER + "\"}]}";

  ErasuresTest() throws IOException {
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
    try (var _ = erasures(this::write)) {
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
    try (var _ = erasures(fails)) {
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
  void anEndOfWhoeverErasesIsToldThoughNobodyWaits() throws InterruptedException {
    page = "no JSON";
    try (var _ = erasures(this::write)) {
      await(listed);
    }

    assertThat(history)
        .singleElement()
        .asString()
        .contains("erasures, ended by", "UnreadableEvent");
  }

  private Erasures erasures(Consumer<Entry> writes) {
    URI orders =
        URI.create("http://127.0.0.1:" + service.getAddress().getPort()).resolve("/orders");
    return new Erasures(orders, Clock.systemUTC(), writes);
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
      byte[] body = page.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      listed.countDown();
    }
  }
}
