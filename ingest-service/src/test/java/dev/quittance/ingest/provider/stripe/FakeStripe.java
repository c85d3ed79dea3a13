package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.SigningSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The part of Stripe's API that is asked, over real HTTP: objects, lists with pages, and failures
/// on demand.
public final class FakeStripe implements AutoCloseable {

  private static final String KEY = "sk_test_fake";
  private static final String NO =
      "{\"error\": {\"type\": \"api_error\", \"code\": \"no_code\", \"message\": \"no\"}}";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> objects = new ConcurrentHashMap<>();
  private final Map<String, List<String>> lists = new ConcurrentHashMap<>();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final Map<String, String> bodies = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
  private volatile @Nullable CountDownLatch silence;
  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> posted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> inAccounts = new ConcurrentLinkedQueue<>();

  public FakeStripe() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /// Where it listens.
  public String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// An endpoint that asks it, as patient as a machine needs it that is busy with much else.
  public Endpoint endpoint(String name) {
    return endpoint(name, Duration.ofSeconds(15));
  }

  /// An endpoint that asks it and waits so long.
  public Endpoint endpoint(String name, Duration timeout) {
    return new Endpoint(
        name,
        "stripe",
        name,
        List.of(new SigningSecret("secret")),
        Endpoint.Mode.ANY,
        Endpoint.OrdersFrom.CHECKOUT,
        Map.of(
            "api-key",
            KEY,
            "api-base",
            base(),
            "api-timeout-ms",
            Long.toString(timeout.toMillis())));
  }

  /// Serves an object.
  public void object(String path, String json) {
    objects.put(path, json);
  }

  /// Serves a list of objects, page by page.
  public void list(String path, List<String> json) {
    lists.put(path, List.copyOf(json));
  }

  /// Serves a list of objects where it is asked for with a filter of that name, or with a filter
  /// and its value (`payment_intent=pi_1`).
  public void listOf(String path, String filter, List<String> json) {
    lists.put(path + "?" + filter, List.copyOf(json));
  }

  /// Answers a path with a status from now on.
  public void fail(String path, int status) {
    failures.put(path, status);
  }

  /// Answers a path from now on as something does that isn't Stripe, a proxy for example.
  ///
  /// @param body may be empty, which is then no body at all
  public void fail(String path, int status, String body) {
    failures.put(path, status);
    bodies.put(path, body);
  }

  /// Doesn't answer a path from now on.
  public void hang(String path) {
    hanging.put(path, new CountDownLatch(1));
  }

  /// Answers nothing at all from now on.
  public void hang() {
    silence = new CountDownLatch(1);
  }

  /// Ends what [#hang()] began.
  public void heal() {
    CountDownLatch held = silence;
    silence = null;
    if (held != null) {
      held.countDown();
    }
  }

  /// Ends what [#fail] and [#hang(String)] began.
  public void heal(String path) {
    failures.remove(path);
    bodies.remove(path);
    CountDownLatch held = hanging.remove(path);
    if (held != null) {
      held.countDown();
    }
  }

  /// What was asked for, with its query.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /// What was asked for in the name of connected accounts: the account, a space, the path.
  public List<String> inAccounts() {
    return List.copyOf(inAccounts);
  }

  /// What was asked to be done: the idempotency key, a space, the form.
  public List<String> posted() {
    return List.copyOf(posted);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getRawQuery();
    requests.add(query == null ? path : path + "?" + URLDecoder.decode(query, UTF_8));
    String account = exchange.getRequestHeaders().getFirst("Stripe-Account");
    if (account != null) {
      inAccounts.add(account + " " + path);
    }
    if (exchange.getRequestMethod().equals("POST")) {
      String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      posted.add(
          exchange.getRequestHeaders().getFirst("Idempotency-Key")
              + " "
              + URLDecoder.decode(form, UTF_8));
    }
    CountDownLatch all = silence;
    CountDownLatch held = all != null ? all : hanging.get(path);
    if (held != null) {
      try {
        held.await();
      } catch (InterruptedException e) {
        exchange.close();
        return;
      }
    }
    Integer failure = failures.get(path);
    if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      failure = 401;
    }
    if (failure != null) {
      answer(exchange, failure, bodies.getOrDefault(path, NO));
      return;
    }
    String object = objects.get(path);
    Map<String, String> parameters = parameters(query);
    List<String> list =
        parameters.entrySet().stream()
            .flatMap(filter -> Stream.of(filter.toString(), filter.getKey()))
            .map(filter -> lists.get(path + "?" + filter))
            .filter(Objects::nonNull)
            .findFirst()
            .orElseGet(() -> lists.get(path));
    if (object != null) {
      answer(exchange, 200, object);
    } else if (list != null) {
      answer(exchange, 200, page(list, parameters));
    } else {
      answer(
          exchange,
          404,
          "{\"error\": {\"type\": \"invalid_request_error\", \"message\": \"No such object\"}}");
    }
  }

  private static String page(List<String> all, Map<String, String> parameters) {
    int limit = Integer.parseInt(parameters.getOrDefault("limit", "10"));
    String after = parameters.get("starting_after");
    int from = 0;
    if (after != null) {
      while (!all.get(from).contains("\"" + after + "\"")) {
        from++;
      }
      from++;
    }
    List<String> page = all.subList(from, Math.min(all.size(), from + limit));
    return "{\"object\": \"list\", \"data\": [%s], \"has_more\": %b}"
        .formatted(String.join(",", page), from + limit < all.size());
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var parameters = new HashMap<String, String>();
    if (query != null) {
      for (String parameter : query.split("&")) {
        int equals = parameter.indexOf('=');
        parameters.put(
            URLDecoder.decode(parameter.substring(0, equals), UTF_8),
            URLDecoder.decode(parameter.substring(equals + 1), UTF_8));
      }
    }
    return parameters;
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    heal();
    hanging.values().forEach(CountDownLatch::countDown);
    server.stop(0);
    threads.shutdownNow();
  }
}
