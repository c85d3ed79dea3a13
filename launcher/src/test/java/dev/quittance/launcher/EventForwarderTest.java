package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventForwarderTest {

  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<Long> pauses = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  @TempDir private Path home;

  EventForwarderTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/hooks", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void anEventIsACloudEventInJsonSignedByStandardWebhooks() throws IOException {
    Path file =
        Files.writeString(home.resolve("secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    var secret = ForwardSecret.in(file);
    try (var forwarder = forwarder(secret)) {
      forwarder.forward(event("stripe:pi_1", 1));
    }

    assertThat(headers)
        .singleElement()
        .satisfies(sent ->
            assertThat(sent)
                .containsEntry("webhook-id", "stripe:pi_1#1")
                .containsEntry("webhook-timestamp", Long.toString(NOW.getEpochSecond()))
                .containsEntry(
                    "webhook-signature", secret.signature("stripe:pi_1#1", NOW, bodies.getFirst()))
                .containsEntry("content-type", "application/cloudevents+json; charset=utf-8"));
    JsonNode body = WireFormat.mapper().readTree(bodies.getFirst());
    assertThat(body.path("id").asText()).isEqualTo("stripe:pi_1#1");
    assertThat(body.path("specversion").asText()).isEqualTo("1.0");
    assertThat(body.path("data").path("n").asInt()).isEqualTo(1);
  }

  /// The example of the specification.
  @Test
  void signaturesAreThoseOfTheSpecification() throws IOException {
    Path file = Files.writeString(home.resolve("secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    assertThat(
            ForwardSecret.in(file)
                .signature(
                    "msg_p5jXN8AQM9LWM0D4loKWxJek",
                    Instant.ofEpochSecond(1_614_265_330),
                    "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void anOrdersEventsComeInOrderEachUntilItIsAccepted() {
    refusals.put("stripe:pi_1#1", 2);
    refusals.put("stripe:pi_1#3", 1);
    try (var forwarder = forwarder()) {
      for (int n = 1; n <= 4; n++) {
        forwarder.forward(event("stripe:pi_1", n));
      }
    }

    assertThat(accepted)
        .containsExactly("stripe:pi_1#1", "stripe:pi_1#2", "stripe:pi_1#3", "stripe:pi_1#4");
    assertThat(pauses).containsExactly(1L, 2L, 1L);
    assertThat(said)
        .first()
        .asString()
        .matches("requested stripe:pi_1: 503 in \\d+ ms, again in 1 s");
    assertThat(said).last().asString().matches("requested stripe:pi_1: 200 in \\d+ ms");
  }

  @Test
  void noOrderWaitsForAnother() throws InterruptedException {
    var hangs = new CountDownLatch(1);
    held.put("stripe:pi_1#1", hangs);
    try (var forwarder = forwarder()) {
      forwarder.forward(event("stripe:pi_1", 1));
      forwarder.forward(event("stripe:pi_1", 2));
      forwarder.forward(event("stripe:pi_2", 1));
      while (!accepted.contains("stripe:pi_2#1")) {
        Thread.sleep(5);
      }
      assertThat(accepted).containsExactly("stripe:pi_2#1");
      hangs.countDown();
    }

    assertThat(accepted).containsExactly("stripe:pi_2#1", "stripe:pi_1#1", "stripe:pi_1#2");
  }

  @Test
  void whoDoesNotAnswerIsAskedAgain() {
    var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks");
    server.removeContext("/hooks");
    server.createContext(
        "/hooks",
        exchange -> {
          if (pauses.isEmpty()) {
            exchange.close();
          } else {
            answer(exchange);
          }
        });
    try (var forwarder =
        new EventForwarder(
            url,
            ForwardSecret.kept(home.resolve("kept")),
            Clock.fixed(NOW, ZoneOffset.UTC),
            pause -> pauses.add(pause.toSeconds()),
            said::add)) {
      forwarder.forward(event("stripe:pi_1", 1));
    }

    assertThat(accepted).containsExactly("stripe:pi_1#1");
    assertThat(said).first().asString().contains("no answer", "again in 1 s");
  }

  @Test
  void theSecretThatIsKeptStaysAndIsItsOwnersAlone() throws IOException {
    Path file = home.resolve("new/forward-secret");

    ForwardSecret first = ForwardSecret.kept(file);
    ForwardSecret again = ForwardSecret.kept(file);

    assertThat(again.key()).isEqualTo(first.key()).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(first.toString()).doesNotContain(Files.readString(file).strip().substring(6));
  }

  @Test
  void whatIsNoSecretIsRefusedWithoutBeingShown() throws IOException {
    for (String wrong :
        List.of("", "whsec_c2hvcnQ=", "whsec_?", "sk_test_123456789012345678901234")) {
      Path file = Files.writeString(home.resolve("secret"), wrong);

      assertThatThrownBy(() -> ForwardSecret.in(file))
          .isInstanceOf(StackFault.class)
          .hasMessageContaining("no secret of Standard Webhooks")
          .hasMessageNotContaining(wrong.isEmpty() ? "null" : wrong);
    }
    assertThatThrownBy(() -> ForwardSecret.in(home.resolve("none")))
        .isInstanceOf(StackFault.class)
        .hasMessageContaining("can't be read");
  }

  private EventForwarder forwarder() {
    return forwarder(ForwardSecret.kept(home.resolve("kept")));
  }

  private EventForwarder forwarder(ForwardSecret secret) {
    return new EventForwarder(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks"),
        secret,
        Clock.fixed(NOW, ZoneOffset.UTC),
        pause -> pauses.add(pause.toSeconds()),
        said::add);
  }

  private static EventForwarder.Event event(String order, int n) {
    String id = order + "#" + n;
    return new EventForwarder.Event(
        order,
        id,
        "requested",
        new TreeMap<>(Map.of("id", id, "specversion", "1.0", "sequence", Integer.toString(n))),
        WireFormat.mapper().createObjectNode().put("n", n));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var sent = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> sent.put(name, values.getFirst()));
      String id = String.valueOf(sent.get("webhook-id"));
      headers.add(sent);
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      var latch = held.get(id);
      if (latch != null) {
        latch.await();
      }
      boolean refused = refusals.merge(id, -1, Integer::sum) >= 0;
      if (!refused) {
        accepted.add(id);
      }
      exchange.sendResponseHeaders(refused ? 503 : 200, -1);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
