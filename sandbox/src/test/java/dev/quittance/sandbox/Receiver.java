package dev.quittance.sandbox;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// An HTTP server that takes webhooks and remembers them.
public final class Receiver implements AutoCloseable {

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String page = "{}";

  /// Listens on a free port.
  public Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestMethod().equals("GET")) {
            byte[] answer = page.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            return;
          }
          byte[] body = exchange.getRequestBody().readAllBytes();
          requests.add(
              new Request(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  /// Where it takes webhooks.
  public URI webhooks() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks");
  }

  /// What it answers from now on.
  public void answer(int newStatus) {
    status = newStatus;
  }

  /// What it answers to questions from now on.
  public void show(String newPage) {
    page = newPage;
  }

  /// What came, oldest first.
  public List<Request> requests() {
    return requests;
  }

  /// Forgets what came.
  public void forget() {
    requests.clear();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /// A request that came.
  @SuppressWarnings("ArrayRecordComponent") // a test reads it, nothing compares it
  public record Request(String path, Headers headers, byte[] body) {

    /// A header that has to be there.
    public String header(String name) {
      return Objects.requireNonNull(headers.getFirst(name), name);
    }
  }
}
