package dev.quittance.chaos.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The part of Stripe's API that is asked about payments: what was bought, and what was refunded.
public final class ProviderApi implements AutoCloseable {

  /// Shorter than the client's patience, longer than a customer's.
  private static final long HANG_MS = 2_000;

  private static final int NOT_FOUND = 404;

  private final HttpServer server;
  private final Map<String, List<String>> lists = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean failing;
  private volatile @Nullable CountDownLatch silence;

  public ProviderApi() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /// Its address.
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// Whether it fails from now on, in one way after the other.
  public void failing(boolean fails) {
    failing = fails;
  }

  /// Whether it takes requests and answers none from now on. When it ends, what waits is cut off.
  public void hanging(boolean hangs) {
    CountDownLatch before = silence;
    silence = hangs ? new CountDownLatch(1) : null;
    if (before != null) {
      before.countDown();
    }
  }

  /// What a session's line items are.
  ///
  /// @param items each as JSON
  public void lineItems(String session, List<String> items) {
    lists.put("/v1/checkout/sessions/" + session + "/line_items", items);
  }

  /// What was refunded of a charge.
  public void refunds(String charge, List<String> refunds) {
    lists.put("/v1/refunds?charge=" + charge, refunds);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      CountDownLatch held = silence;
      if (held != null) {
        held.await();
        return;
      }
      if (failing) {
        fail(exchange);
        return;
      }
      String path = exchange.getRequestURI().getPath();
      List<String> list =
          path.equals("/v1/events") ? List.of() : lists.get(path + charge(exchange));
      if (list == null) {
        send(exchange, NOT_FOUND, "{\"error\":{\"type\":\"invalid_request_error\"}}");
      } else {
        send(
            exchange,
            200,
            "{\"object\":\"list\",\"has_more\":false,\"data\":[" + String.join(",", list) + "]}");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String charge(HttpExchange exchange) {
    String query = exchange.getRequestURI().getQuery();
    if (query == null || !query.contains("charge=")) {
      return "";
    }
    return "?" + query.replaceAll("(?:^|.*&)(charge=[^&]*).*", "$1");
  }

  private void fail(HttpExchange exchange) throws IOException {
    switch (asked.incrementAndGet() % 3) {
      case 0 -> send(exchange, 429, "{\"error\":{\"type\":\"rate_limit_error\"}}");
      case 1 -> send(exchange, 500, "{\"error\":{\"type\":\"api_error\"}}");
      default -> {
        try {
          Thread.sleep(HANG_MS);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
        send(exchange, 503, "");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    hanging(false);
    server.stop(0);
  }
}
