package dev.quittance.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.quittance.contracts.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Requests to the services, and their answers.
final class Http {

  /// Providers wait ten seconds; the tests longer, as the machine may be busy with much else.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(1);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Http() {}

  /// @param body is missing where the answer wasn't JSON
  record Answer(int status, HttpHeaders headers, String text, JsonNode body) {}

  static Answer get(URI url) {
    return get(url, Map.of());
  }

  static Answer get(URI url, Map<String, String> headers) {
    var request = HttpRequest.newBuilder(url).header("Accept", "application/json");
    headers.forEach(request::header);
    return send(request);
  }

  /// What isn't JSON, such as metrics.
  static Answer getText(URI url) {
    return send(HttpRequest.newBuilder(url).header("Accept", "text/plain"));
  }

  static Answer post(URI url, byte[] body, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return send(request);
  }

  static Answer put(URI url, byte[] body, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return send(request);
  }

  /// As a browser posts what was typed.
  static Answer postForm(URI url, String form) {
    return send(
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  static Answer delete(URI url) {
    return delete(url, Map.of());
  }

  static Answer delete(URI url, Map<String, String> headers) {
    var request = HttpRequest.newBuilder(url).DELETE();
    headers.forEach(request::header);
    return send(request);
  }

  /// A part of a path or a query.
  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      var answer =
          CLIENT.send(request.timeout(ANSWER_MAX).build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.headers(), answer.body(), json(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      JsonNode read = WireFormat.mapper().readTree(text);
      return read == null ? MissingNode.getInstance() : read;
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }
}
