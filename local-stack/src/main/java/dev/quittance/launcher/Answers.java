package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.localstack.StackFault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// What the running services answer, as JSON.
final class Answers implements AutoCloseable {

  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

  /// A trigger of a thousand payments takes the better part of it.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(2);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  /// @param body is missing where the answer wasn't JSON
  record Answer(int status, JsonNode body) {

    boolean good() {
      return status / 100 == 2;
    }

    /// What the service says is wrong, in its own words.
    String complaint() {
      String detail = body.path("detail").asText();
      return detail.isEmpty() ? "HTTP " + status : detail;
    }
  }

  Answer get(URI url) {
    return send(url, HttpRequest.newBuilder(url));
  }

  Answer post(URI url, JsonNode body) {
    return send(
        url,
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(WireFormat.write(body))));
  }

  /// A part of a path or a query.
  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Answer send(URI url, HttpRequest.Builder request) {
    try {
      var answer =
          http.send(
              request.timeout(ANSWER_MAX).header("Accept", "application/json").build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(answer.statusCode(), json(answer.body()));
    } catch (ConnectException e) {
      throw new StackFault(
          "Nothing answers at " + url.resolve("/") + ": start it with ./quittance up", e);
    } catch (IOException e) {
      throw new StackFault(url.resolve("/") + " broke the connection", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted", e);
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode read = WireFormat.mapper().readTree(body);
      return read == null ? MissingNode.getInstance() : read;
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
