package dev.quittance.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Stands in for fulfillment-service's list of orders: says what a test had it say.
public final class FulfillmentForTests implements QuarkusTestResourceLifecycleManager {

  public static final String TOKEN = "for-reading-only";

  private static final Map<String, String> ORDERS = new ConcurrentHashMap<>();
  private static final ConcurrentLinkedQueue<String> ASKED = new ConcurrentLinkedQueue<>();
  private static final CountDownLatch END = new CountDownLatch(1);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/orders", FulfillmentForTests::serve);
    server.start();
    return Map.of(
        "quittance.fulfillment.url",
        "http://127.0.0.1:" + server.getAddress().getPort() + "/",
        "quittance.fulfillment.token",
        TOKEN);
  }

  @Override
  public void stop() {
    END.countDown();
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }

  /// Answers questions for a session with a body from now on; `500` and `hang` are no bodies.
  public static void tell(String session, String body) {
    ORDERS.put(session, body);
  }

  /// The sessions that were asked for.
  public static ConcurrentLinkedQueue<String> asked() {
    return ASKED;
  }

  private static void serve(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    String session = query.substring(query.indexOf("session=") + "session=".length());
    ASKED.add(session);
    String body = ORDERS.getOrDefault(session, "{\"orders\": []}");
    int status = body.equals("500") ? 500 : 200;
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      status = 401;
    }
    if (body.equals("hang")) {
      try {
        END.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
