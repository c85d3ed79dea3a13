package dev.quittance.ingest.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import dev.quittance.ingest.IngestProfile;
import dev.quittance.ingest.provider.HmacSha256;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/// Who says too little, or what nobody signed. What is heard before that, or never, is
/// `RequestDeadlineTest`'s, and of the packaged services the system tests'.
@QuarkusTest
@TestProfile(IngestProfile.class)
class SilentSendersTest {

  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  /// As many as the service takes, and some.
  private static final int CONNECTIONS = 505;

  private static final String HEAD =
      "POST /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n";

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI service;

  @TestHTTPResource(value = "/", management = true)
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI management;

  private Socket connected(String begin) throws IOException {
    var socket = new Socket(service.getHost(), service.getPort());
    socket.setSoTimeout((int) WAIT_MAX.toMillis());
    socket.getOutputStream().write(begin.getBytes(US_ASCII));
    return socket;
  }

  /// All that comes until the service hangs up.
  private static String heard(Socket socket) throws IOException {
    var heard = new StringBuilder();
    InputStream answer = socket.getInputStream();
    try {
      for (int next = answer.read(); next >= 0; next = answer.read()) {
        heard.append((char) next);
      }
    } catch (IOException _) {
      // reset, because we were still sending
    }
    return heard.toString();
  }

  @Test
  void aBodyThatStopsOrTricklesIsTooSlow() throws IOException {
    try (Socket silent = connected(HEAD + "{\"id\": ");
        Socket trickling = connected(HEAD)) {
      await()
          .atMost(WAIT_MAX)
          .pollInterval(Duration.ofMillis(250))
          .until(() -> isHungUpOn(trickling));
      assertThat(heard(silent))
          .startsWith("HTTP/1.1 408 ")
          .contains("application/problem+json", "did not arrive in time");
    }
    IngestProfile.operator()
        .get("/deliveries?endpoint=stripe&outcome=body_too_slow")
        .then()
        .statusCode(200)
        .body("deliveries.size()", greaterThanOrEqualTo(2));
  }

  /// Sends one byte more. What was still under way when the service hung up may cost us its answer.
  private static boolean isHungUpOn(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return socket.getInputStream().available() > 0;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void theProbesAreReachedHoweverManyConnectionsSayNothing() throws IOException {
    var silent = new ArrayList<Socket>();
    try {
      while (silent.size() < CONNECTIONS) {
        silent.add(connected(""));
      }

      RestAssured.get(management.resolve("/q/health/live")).then().statusCode(200);
      RestAssured.get(management.resolve("/q/metrics")).then().statusCode(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void whatIsNotSignedWritesNoLine() {
    var lines = new Lines();
    Logger log = Logger.getLogger("dev.quittance.ingest.webhook");
    log.addHandler(lines);
    try {
      RestAssured.given().body("{}").post("/webhooks/stripe").then().statusCode(400);
      RestAssured.given()
          .header("Stripe-Signature", "t=1,v1=" + "0".repeat(64))
          .body("{}")
          .post("/webhooks/stripe")
          .then()
          .statusCode(400);
    } finally {
      log.removeHandler(lines);
    }
    assertThat(lines.from(Level.INFO)).isEmpty();
  }

  @Test
  void aChunkMayHaveAnExtension() throws IOException {
    byte[] body = "{\"id\":\"evt_extended\",\"type\":\"customer.created\"}".getBytes(UTF_8);
    long now = Instant.now().getEpochSecond();
    String code =
        HexFormat.of()
            .formatHex(
                HmacSha256.of(
                    IngestProfile.STRIPE_SECRET.getBytes(US_ASCII),
                    (now + ".").getBytes(US_ASCII),
                    body));
    String head =
        "POST /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            + "Connection: close\r\nStripe-Signature: t="
            + now
            + ",v1="
            + code
            + "\r\n\r\n";

    try (Socket socket =
        connected(
            head
                + Integer.toHexString(body.length)
                + ";x=y\r\n"
                + new String(body, UTF_8)
                + "\r\n0;z\r\n\r\n")) {
      assertThat(heard(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  /// What each connection of HTTP/2 may ask at a time has no limit here.
  @Test
  void nobodyIsTakenOnToHttp2() throws IOException {
    try (Socket asked =
        connected(
            "GET /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade,"
                + " HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")) {
      assertThat(new String(asked.getInputStream().readNBytes(12), US_ASCII))
          .isEqualTo("HTTP/1.1 405");
    }
  }

  /// What is logged meanwhile.
  private static final class Lines extends Handler {

    private final List<LogRecord> lines = new CopyOnWriteArrayList<>();

    List<String> from(Level level) {
      return lines.stream()
          .filter(line -> line.getLevel().intValue() >= level.intValue())
          .map(line -> line.getLoggerName() + ": " + line.getMessage())
          .toList();
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
