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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// What the running services answer, as JSON.
final class Answers implements AutoCloseable {

  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

  /// A trigger of a thousand payments takes the better part of it.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(2);

  private final Addresses addresses;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  Answers(Addresses addresses) {
    this.addresses = addresses;
  }

  /// @param date what the service's clock says, where it tells
  /// @param body is missing where the answer wasn't JSON
  record Answer(int status, Optional<Instant> date, JsonNode body) {

    boolean good() {
      return status / 100 == 2;
    }

    /// What the service says is wrong, in its own words.
    String complaint() {
      for (String sentence : new String[] {"detail", "title"}) {
        if (!body.path(sentence).asText().isEmpty()) {
          return body.path(sentence).asText();
        }
      }
      return "HTTP " + status;
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

  /// Asks for what only administrators may.
  Answer postAsAdmin(URI url, JsonNode body) {
    return send(
        url,
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(WireFormat.write(body))),
        addresses.adminToken(url));
  }

  /// Asks for something that needs no more than the address.
  Answer post(URI url) {
    return send(url, HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.noBody()));
  }

  /// Posts a webhook, as a provider would.
  Answer post(URI url, String signatureHeader, String signature, byte[] body) {
    return send(
        url,
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header(signatureHeader, signature)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  Answer delete(URI url) {
    return send(url, HttpRequest.newBuilder(url).DELETE());
  }

  /// The answer to something that has to succeed.
  ///
  /// @param whose the service's name
  static JsonNode good(String whose, Answer answer) {
    admitted(whose, answer);
    if (!answer.good()) {
      throw new StackFault(whose + " refuses: " + answer.complaint());
    }
    return answer.body();
  }

  /// An answer that may be anything but that we aren't let in: asking again changes nothing then.
  static Answer admitted(String whose, Answer answer) {
    if (answer.status == 401 || answer.status == 403) {
      throw new StackFault(
          whose
              + " doesn't let us in: set QUITTANCE_ADMIN_TOKEN (ingest-service, and for"
              + " receipts discard-code) or QUITTANCE_OPERATOR_TOKEN (fulfillment-service,"
              + " receipt-service) to its token.");
    }
    return answer;
  }

  /// A part of a path or a query.
  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Answer send(URI url, HttpRequest.Builder request) {
    return send(url, request, addresses.token(url));
  }

  private Answer send(URI url, HttpRequest.Builder request, Optional<String> shown) {
    try {
      shown.ifPresent(token -> request.header("Authorization", "Bearer " + token));
      var answer =
          http.send(
              request.timeout(ANSWER_MAX).header("Accept", "application/json").build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(
          answer.statusCode(),
          answer.headers().firstValue("Date").flatMap(Answers::date),
          json(answer.body()));
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

  private static Optional<Instant> date(String header) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from));
    } catch (DateTimeException _) {
      return Optional.empty();
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
