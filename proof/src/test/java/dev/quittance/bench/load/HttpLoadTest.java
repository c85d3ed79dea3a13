package dev.quittance.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpLoadTest {

  private static final byte[] REQUEST =
      "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello".getBytes(US_ASCII);

  private final AtomicInteger seen = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean refused = seen.incrementAndGet() % 5 == 0;
            exchange.sendResponseHeaders(refused ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private HttpLoad load() {
    return new HttpLoad(server.getAddress().getPort(), 3, _ -> REQUEST);
  }

  @Test
  void everyAnswerIsCountedAsWhatItIs() throws IOException {
    HttpLoad.Outcome outcome = load().closed(Duration.ofMillis(200));

    assertThat(outcome.accepted() + outcome.refused()).isEqualTo(seen.get()).isPositive();
    assertThat(outcome.refused()).isEqualTo(seen.get() / 5);
    assertThat(outcome.latencies()).hasSize(seen.get());
  }

  @Test
  void anOpenLoopSendsAllThatIsDueAndNoMore() throws IOException {
    HttpLoad.Outcome outcome = load().open(100, Duration.ofMillis(300));

    assertThat(seen).hasValue(30);
    assertThat(outcome.accepted()).isEqualTo(24);
    assertThat(outcome.latencies()).hasSize(30).doesNotContain(0);
  }
}
