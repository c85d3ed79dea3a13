package dev.quittance.systemtests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackPorts;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who opens connections to the packaged services and says nothing, or too little. An answer tells
/// it apart from the server's own idle limit, which hangs up without one.
class SilentConnectionsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// As many as a service takes, and some.
  private static final int CONNECTIONS = 505;

  private static final List<Service> SERVICES =
      List.of(Service.INGEST, Service.FULFILLMENT, Service.RECEIPTS);

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

  /// All at the same time, because each waits as long as the services do.
  @Test
  void whoFallsSilentIsToldSoAndHungUpOn() throws IOException {
    StackPorts ports = STACK.stack().ports();
    var late = new LinkedHashMap<String, Socket>();
    var bodies = new LinkedHashMap<String, Socket>();
    try {
      for (Service service : SERVICES) {
        for (URI port : List.of(ports.url(service), ports.management(service))) {
          late.put(port + " nothing", connected(port, ""));
          late.put(port + " a letter", connected(port, "P"));
          late.put(port + " half a head", connected(port, "GET /q/health HTTP/1.1\r\nHost: loc"));
          bodies.put(
              port + " half a body",
              connected(
                  port,
                  "POST /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"));
        }
      }

      for (var socket : late.entrySet()) {
        assertThat(heard(socket.getValue())).as(socket.getKey()).startsWith("HTTP/1.1 408 ");
      }
      for (var socket : bodies.entrySet()) {
        // too slow, or nobody's at all
        assertThat(heard(socket.getValue()))
            .as(socket.getKey())
            .containsPattern("^HTTP/1.1 (404|408) ");
      }
    } finally {
      for (Socket socket : late.values()) {
        socket.close();
      }
      for (Socket socket : bodies.values()) {
        socket.close();
      }
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
  void whatNamesNoHostOrSpeaksHttp2IsRefusedWithoutALine(Service service) throws IOException {
    long before = errors(service);
    StackPorts ports = STACK.stack().ports();

    for (URI port : List.of(ports.url(service), ports.management(service))) {
      try (Socket nameless = connected(port, "GET / HTTP/1.1\r\n\r\n");
          Socket preface = connected(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
        assertThat(heard(nameless)).as("%s", port).startsWith("HTTP/1.1 400 ");
        // where HTTP/2 is known, it has greeted before it is stopped
        assertThat(heard(preface)).as("%s", port).containsPattern("^(HTTP/1.1 400 |(?!HTTP))");
      }
    }

    assertThat(errors(service)).isEqualTo(before);
  }

  private static long errors(Service service) throws IOException {
    return Files.readAllLines(STACK.stack().log(service)).stream()
        .filter(line -> line.contains("\"level\":\"ERROR\""))
        .count();
  }
}
