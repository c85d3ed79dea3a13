package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What the running services answer, as JSON.
final class ServiceClient implements AutoCloseable {

  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

  /// A trigger of a thousand payments takes the better part of it.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(2);

  /// What a gateway says for a service that it can't reach.
  private static final Set<Integer> IN_BETWEEN = Set.of(502, 503, 504);

  /// From here on an answer doesn't say that nothing was done.
  private static final int UNSETTLED = 500;

  private final Addresses addresses;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  ServiceClient(Addresses addresses) {
    this.addresses = addresses;
  }

  /// @param date what the service's clock says, where it tells
  /// @param body is missing where the answer wasn't JSON
  record Answer(Service service, int status, Optional<Instant> date, JsonNode body) {

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

    /// The kind of what is wrong, for programs; empty where the service doesn't say.
    String code() {
      return Output.plain(body.path("code").asText());
    }

    /// The content of an answer to something that has to succeed.
    JsonNode content() {
      admitted();
      if (!good()) {
        throw refusal("");
      }
      return body;
    }

    /// @param advice what to do, for an answer after which nobody knows whether it was done
    StackFault refusal(String advice) {
      String kind = code();
      if (IN_BETWEEN.contains(status) && kind.isEmpty()) {
        return new NotReachable(
            service.module() + " is away: what stands before it answers HTTP " + status + advice);
      }
      return new StackFault(
          service.module()
              + " refuses"
              + (kind.isEmpty() ? "" : " (" + kind + ")")
              + ": "
              + Output.plain(complaint())
              + (status >= UNSETTLED ? advice : ""));
    }

    /// An answer that may be anything but that we aren't let in: asking again changes nothing then.
    Answer admitted() {
      if (status == 401 || status == 403) {
        throw new StackFault(
            service.module()
                + " doesn't let us in: set QUITTANCE_ADMIN_TOKEN (ingest-service, and for"
                + " receipts discard-code and orders erase) or QUITTANCE_OPERATOR_TOKEN"
                + " (fulfillment-service, receipt-service) to its token, or --token-file.");
      }
      return this;
    }
  }

  /// Where something of a service is.
  URI address(Service service, String path) {
    return addresses.of(service, path);
  }

  Answer get(Service service, String path) {
    return send(service, to(service, path), addresses.token(service));
  }

  /// Asks for something that needs no more than the address.
  Answer post(Service service, String path) {
    return send(service, to(service, path).POST(BodyPublishers.noBody()), addresses.token(service));
  }

  Answer post(Service service, String path, JsonNode body) {
    return send(service, withBody(service, path, body), addresses.token(service));
  }

  /// Asks for what happens once, however often it is asked for with the same key.
  Answer postOnce(Service service, String path, JsonNode body, String key) {
    return send(
        service,
        withBody(service, path, body).header("Idempotency-Key", key),
        addresses.token(service));
  }

  /// Asks for what only administrators may.
  Answer deleteAsAdmin(Service service, String path) {
    return send(service, to(service, path).DELETE(), addresses.adminToken(service));
  }

  /// Something to look at, which isn't JSON.
  ///
  /// @param shown gets it as it comes, where there is such a thing
  Answer download(Service service, String path, Consumer<byte[]> shown) {
    HttpResponse<byte[]> response =
        exchange(service, to(service, path), "*/*", addresses.token(service));
    Answer answer = answer(service, response);
    if (answer.good()) {
      shown.accept(response.body());
    }
    return answer;
  }

  /// Asks for what only administrators may.
  Answer postAsAdmin(Service service, String path, JsonNode body) {
    return send(service, withBody(service, path, body), addresses.adminToken(service));
  }

  /// Posts a webhook, as a provider would.
  Answer postWebhook(String endpoint, String signatureHeader, String signature, byte[] body) {
    return send(
        Service.INGEST,
        to(Service.INGEST, "/webhooks/" + escaped(endpoint))
            .header("Content-Type", "application/json")
            .header(signatureHeader, signature)
            .POST(BodyPublishers.ofByteArray(body)),
        Optional.empty());
  }

  Answer delete(Service service, String path) {
    return send(service, to(service, path).DELETE(), addresses.token(service));
  }

  /// A part of a path or a query.
  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder to(Service service, String path) {
    return HttpRequest.newBuilder(addresses.of(service, path));
  }

  private HttpRequest.Builder withBody(Service service, String path, JsonNode body) {
    return to(service, path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(WireFormat.write(body)));
  }

  private Answer send(Service service, HttpRequest.Builder request, Optional<String> token) {
    return answer(service, exchange(service, request, "application/json", token));
  }

  private static Answer answer(Service service, HttpResponse<byte[]> answer) {
    return new Answer(
        service,
        answer.statusCode(),
        answer.headers().firstValue("Date").flatMap(ServiceClient::date),
        json(answer.body()));
  }

  private HttpResponse<byte[]> exchange(
      Service service, HttpRequest.Builder request, String accept, Optional<String> token) {
    URI root = addresses.of(service, "/");
    token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
    try {
      return http.send(
          request.timeout(ANSWER_MAX).header("Accept", accept).build(),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new NotReachable(
          "Nothing answers at " + root + ": start it with ./quittance up", false, e);
    } catch (IOException e) {
      throw new NotReachable(root + " broke the connection", true, e);
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
