package dev.quittance.access.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real server with a real socket, and what it is told late, badly, or never. The server's own
/// idle limit is longer than anybody here waits, and gives no answer.
class RequestDeadlineTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Long enough for what is sent in one piece, however busy the machine is.
  private static final RequestDeadlines.Limits LIMITS =
      new RequestDeadlines.Limits(Duration.ofSeconds(1), Duration.ofMillis(1200));

  private static final String WHOLE = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String LAST =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  @SuppressWarnings("NullAway.Init")
  private static Vertx vertx;

  private static int port;

  /// Of a server that looks at the first bytes before it knows what is spoken: Quarkus has no other
  /// for health and metrics.
  private static int undecided;

  @BeforeAll
  static void start() throws Exception {
    var options = new VertxOptions();
    new ConnectionLimits().accept(options);
    RequestDeadlines.limitTo(LIMITS);
    vertx = Vertx.vertx(options);
    port = listening(false);
    undecided = listening(true);
  }

  private static int listening(boolean http2) throws ExecutionException, InterruptedException {
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setHttp2ClearTextEnabled(http2).setIdleTimeout(300))
            .requestHandler(RequestDeadlineTest::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    return server.actualPort();
  }

  /// When the body is there.
  private static void answer(HttpServerRequest request) {
    request.endHandler(_ -> {
      var _ = request.response().end("fine");
    });
  }

  @AfterAll
  static void stop() throws Exception {
    var _ = vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static Socket connected(int port, String begin) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.getOutputStream().write(begin.getBytes(US_ASCII));
    return socket;
  }

  private static String heard(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }

  static int[] ports() {
    return new int[] {port, undecided};
  }

  @ParameterizedTest
  @MethodSource("ports")
  void whoFallsSilentIsToldSoAndHungUpOn(int port) throws IOException {
    try (Socket nothing = connected(port, "");
        Socket letter = connected(port, "P");
        Socket head = connected(port, "GET / HTTP/1.1\r\nHost: loc");
        Socket body =
            connected(port, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx");
        Socket second = connected(port, WHOLE + "GET / HT")) {
      assertThat(heard(nothing)).startsWith("HTTP/1.1 408 ");
      assertThat(heard(letter)).startsWith("HTTP/1.1 408 ");
      assertThat(heard(head)).startsWith("HTTP/1.1 408 ");
      assertThat(heard(body)).startsWith("HTTP/1.1 408 ");
      // the beginning of the second came with the first, and its rest is the idle limit's
      second.getOutputStream().write('T');
      assertThat(heard(second)).startsWith("HTTP/1.1 200 ").contains("fine");
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void whoTricklesIsHungUpOn(int port) throws IOException {
    try (Socket head = connected(port, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        Socket body =
            connected(
                port, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n")) {
      head.setSoTimeout(100);
      body.setSoTimeout(100);
      boolean headEnded = false;
      boolean bodyEnded = false;
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!(headEnded && bodyEnded) && System.nanoTime() < end) {
        headEnded = headEnded || isHungUpOn(head);
        bodyEnded = bodyEnded || isHungUpOn(body);
      }
      assertThat(headEnded).as("the head").isTrue();
      assertThat(bodyEnded).as("the body").isTrue();
    }
  }

  /// Sends one byte more, and looks for an answer or an end. What was still under way when the
  /// server hung up may cost us its answer.
  private static boolean isHungUpOn(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      var _ = socket.getInputStream().read();
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void whoIsSilentBetweenRequestsIsWaitedFor(int port) throws IOException {
    try (Socket idle = connected(port, WHOLE);
        Socket clock = connected(port, "")) {
      // as long as anybody may be late
      assertThat(heard(clock)).startsWith("HTTP/1.1 408 ");

      idle.getOutputStream().write(LAST.getBytes(US_ASCII));

      assertThat(heard(idle)).containsPattern("(?s)^HTTP/1.1 200 .*fineHTTP/1.1 200 .*fine$");
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void whatNamesNoHostOrTwoOrIsOfNoVersionOfOursIsRefused(int port) throws IOException {
    for (String request :
        new String[] {
          "GET / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.0\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n"
        }) {
      try (Socket socket = connected(port, request)) {
        assertThat(heard(socket)).as(request).startsWith("HTTP/1.1 400 ");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void nobodyIsTakenOnToHttp2(int port) throws IOException {
    try (Socket preface = connected(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        Socket asked =
            connected(
                port,
                """
                GET / HTTP/1.1\r
                Host: localhost\r
                Connection: Upgrade, HTTP2-Settings\r
                Upgrade: h2c\r
                HTTP2-Settings: AAMAAABkAAQAAP__\r
                \r
                """)) {
      // a server that knows HTTP/2 has greeted in it before it was stopped
      assertThat(heard(preface)).containsPattern("^(HTTP/1.1 400 |(?!HTTP))");
      assertThat(new String(asked.getInputStream().readNBytes(12), US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
  }
}
