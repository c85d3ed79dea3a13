package dev.quittance.systemtests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.localstack.Service;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who opens connections to the packaged services and says nothing, or too little. An answer tells
/// it apart from the server's own idle limit, which hangs up without one.
class SilentConnectionsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// As many as a service takes, and some.
  private static final int CONNECTIONS = 505;

  private static final RunningStack STACK = RunningStack.get();

  private static Socket connected(URI service, String begin) throws IOException {
    var socket = new Socket(service.getHost(), service.getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.getOutputStream().write(begin.getBytes(US_ASCII));
    return socket;
  }

  private static String heard(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }

  @ParameterizedTest
  @EnumSource(names = "SANDBOX", mode = EnumSource.Mode.EXCLUDE)
  void whoFallsSilentIsToldSoAndHungUpOn(Service service) throws IOException {
    URI url = STACK.stack().ports().url(service);
    try (Socket nothing = connected(url, "");
        Socket head = connected(url, "POST / HTTP/1.1\r\nHost: loc");
        Socket body =
            connected(
                url,
                "POST /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx")) {
      assertThat(heard(nothing)).startsWith("HTTP/1.1 408 ");
      assertThat(heard(head)).startsWith("HTTP/1.1 408 ");
      // too slow, or nobody's at all
      assertThat(heard(body)).containsPattern("^HTTP/1.1 (404|408) ");
    }
  }

  @Test
  void theProbesAreReachedHoweverManyConnectionsSayNothing() throws IOException {
    URI url = STACK.stack().ports().url(Service.INGEST);
    URI management = STACK.stack().ports().management(Service.INGEST);
    var silent = new ArrayList<Socket>();
    try {
      while (silent.size() < CONNECTIONS) {
        silent.add(connected(url, ""));
      }

      assertThat(Http.getText(management.resolve("/q/health/live")).status()).isEqualTo(200);
      assertThat(Http.getText(management.resolve("/q/metrics")).status()).isEqualTo(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "SANDBOX", mode = EnumSource.Mode.EXCLUDE)
  void whatNamesNoHostIsRefusedWithoutALine(Service service) throws IOException {
    long before = errors(service);

    try (Socket nameless = connected(STACK.stack().ports().url(service), "GET / HTTP/1.1\r\n\r\n");
        Socket preface =
            connected(STACK.stack().ports().url(service), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
      assertThat(heard(nameless)).startsWith("HTTP/1.1 400 ");
      assertThat(heard(preface)).startsWith("HTTP/1.1 400 ");
    }

    assertThat(errors(service)).isEqualTo(before);
  }

  private static long errors(Service service) throws IOException {
    return Files.readAllLines(STACK.stack().log(service)).stream()
        .filter(line -> line.contains("\"level\":\"ERROR\""))
        .count();
  }
}
