package dev.quittance.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.quittance.testkit.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/// Calls on a running service, in sound HTTP and in what isn't any, and accepts any answer but one
/// that blames the service. Nothing is away here: a 503 is honest only of the webhooks, whose
/// brokers may be slow on a machine that is busy with much else, and then not for long.
public final class HttpFuzzer implements AutoCloseable {

  /// Whoever answers later than this has hung.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(1);

  private static final String WEBHOOKS = "/webhooks/";

  /// Whoever is told to come later leaves a busy machine some air.
  private static final Duration LATER = Duration.ofMillis(250);

  private final URI service;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(ANSWER_MAX)
          .build();

  /// @param service where it listens
  public HttpFuzzer(URI service) {
    this.service = service;
  }

  /// Asks, and gives the answer's status.
  ///
  /// @param target path and query, encoded
  /// @throws AssertionError for a 5xx, and when there is none within the time
  public int ask(String method, String target, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + service.getAuthority() + target))
            .timeout(ANSWER_MAX)
            .method(method, BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    String asked = method + " " + target + " " + headers + " with " + printable(body);
    HttpResponse<byte[]> answer;
    try {
      answer = send(request.build());
    } catch (IOException e) {
      throw new AssertionError(asked + " is not answered", e);
    }
    if (answer.statusCode() >= 500) {
      throw new AssertionError(
          asked + " is answered " + answer.statusCode() + " " + printable(answer.body()));
    }
    return answer.statusCode();
  }

  /// Once more where a connection that was kept open was closed meanwhile, as servers may whenever
  /// they left a body unread, and as often as it takes where the answer is to come later.
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = sendOnce(request);
    for (var deadline = Deadline.in(ANSWER_MAX); comesLater(answer) && !deadline.passed(); ) {
      Thread.sleep(LATER);
      answer = sendOnce(request);
    }
    return answer;
  }

  private static boolean comesLater(HttpResponse<byte[]> answer) {
    return answer.statusCode() == 503
        && answer.request().uri().getRawPath().startsWith(WEBHOOKS)
        && answer.headers().firstValue("Retry-After").isPresent();
  }

  private HttpResponse<byte[]> sendOnce(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (HttpTimeoutException e) {
      throw e;
    } catch (IOException _) {
      return http.send(request, BodyHandlers.ofByteArray());
    }
  }

  /// Sends bytes and nothing more on a connection of their own, and gives the status of the first
  /// answer, if there is one.
  ///
  /// @throws AssertionError for a 5xx
  public OptionalInt say(byte[] request) throws IOException {
    try (var socket = new Socket(service.getHost(), service.getPort())) {
      socket.setSoTimeout((int) ANSWER_MAX.toMillis());
      // a reset, or else the ports in TIME_WAIT would be the first to run out
      socket.setSoLinger(true, 0);
      byte[] answer;
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        answer = head(socket.getInputStream());
      } catch (SocketException _) {
        return OptionalInt.empty(); // hung up on: an answer, too
      }
      String line = new String(answer, ISO_8859_1);
      if (!line.matches("(?s)HTTP/1\\.[01] [0-9]{3}.*")) {
        return OptionalInt.empty();
      }
      int status = Integer.parseInt(line.substring(9, 12));
      // what isn't of a known version of HTTP is refused in these words
      if (status >= 500 && status != 501 && status != 505) {
        throw new AssertionError(printable(request) + " is answered " + line);
      }
      return OptionalInt.of(status);
    }
  }

  private static byte[] head(InputStream in) throws IOException {
    return in.readNBytes(64);
  }

  /// Sound HTTP, as bytes to be damaged.
  public static byte[] request(
      String method, String target, Map<String, String> headers, byte[] body) {
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(US_ASCII);
    byte[] whole = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return whole;
  }

  private static String printable(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    return text.substring(0, Math.min(2_000, text.length())).replaceAll("[^\\x20-\\x7E]", "·");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
