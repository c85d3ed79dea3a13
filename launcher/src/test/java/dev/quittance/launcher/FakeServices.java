package dev.quittance.launcher;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sandbox, orders and receipts in one, with answers that the test gives it. The last answer of a
/// path is given again and again.
final class FakeServices implements AutoCloseable {

  private record Prepared(int status, String body) {}

  private final HttpServer server;
  private final Map<String, Deque<Prepared>> answers = new HashMap<>();
  private final List<String> bodies = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();

  /// What was asked for, and by what headers.
  record Asked(String method, String path, String key, String authorization) {}

  FakeServices() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  FakeServices answer(String path, int status, String body) {
    answers.computeIfAbsent(path, _ -> new ArrayDeque<>()).add(new Prepared(status, body));
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  /// What was posted.
  List<String> bodies() {
    return List.copyOf(bodies);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")),
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
      if (exchange.getRequestMethod().equals("POST")) {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      }
      Deque<Prepared> prepared =
          answers.getOrDefault(exchange.getRequestURI().toString(), new ArrayDeque<>());
      Prepared next = prepared.size() > 1 ? prepared.removeFirst() : prepared.peekFirst();
      if (next == null) {
        next = new Prepared(404, "{\"detail\": \"There is no such thing.\"}");
      }
      byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
      if (body.length == 0) {
        exchange.sendResponseHeaders(next.status(), -1);
        return;
      }
      exchange.sendResponseHeaders(next.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
