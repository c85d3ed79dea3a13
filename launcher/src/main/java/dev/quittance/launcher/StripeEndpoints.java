package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// The endpoints that are registered at a Stripe account, by [its
/// API](https://docs.stripe.com/api/webhook_endpoints).
final class StripeEndpoints implements AutoCloseable {

  private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  /// An account has at most 16 of them in each mode; the rest is caution.
  private static final int PAGES_MAX = 10;

  private static final String PATH = "/v1/webhook_endpoints";

  /// An endpoint of connected accounts looks like any other, so that it is marked.
  private static final String CONNECTED = "quittance_connected_accounts";

  private static final String ENDPOINT = "quittance_endpoint";

  private final URI api;
  private final String key;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  /// @param key the account's, which may read and write its endpoints
  StripeEndpoints(URI api, String key) {
    this.api = api;
    this.key = key;
  }

  /// An endpoint as Stripe has it.
  ///
  /// @param types the events that it gets
  /// @param connected whether it gets what happens in connected accounts, and nothing else
  /// @param secret what its deliveries are signed with; Stripe says it only when it is made
  record Registered(
      String id,
      String url,
      List<String> types,
      boolean enabled,
      boolean connected,
      Optional<String> secret) {

    @Override
    public String toString() {
      return "Registered[" + id + "]";
    }
  }

  /// What is to be registered.
  ///
  /// @param endpoint its name at ingest-service
  record Wanted(String endpoint, URI url, List<String> types, boolean connected) {

    boolean is(Registered registered) {
      return registered.url.equals(url.toString()) && registered.connected == connected;
    }
  }

  /// The endpoint that is already registered for this, if there is one: one that is enabled rather
  /// than another.
  Optional<Registered> find(Wanted wanted) {
    @Nullable Registered disabled = null;
    String after = "";
    for (int page = 0; page < PAGES_MAX; page++) {
      JsonNode answer = ask(HttpRequest.newBuilder(at(PATH + "?limit=100" + after)).GET());
      for (JsonNode each : answer.path("data")) {
        Registered registered = registered(each);
        if (wanted.is(registered) && registered.enabled) {
          return Optional.of(registered);
        }
        if (wanted.is(registered)) {
          disabled = registered;
        }
        after = "&starting_after=" + ServiceClient.escaped(registered.id);
      }
      if (!answer.path("has_more").asBoolean()) {
        break;
      }
    }
    return Optional.ofNullable(disabled);
  }

  /// Registers an endpoint.
  ///
  /// @param idempotencyKey the same gets the same endpoint for a day, with its secret
  Registered create(Wanted wanted, String idempotencyKey) {
    var form =
        types(wanted)
            .add(field("url", wanted.url.toString()))
            .add(field("description", "Quittance"))
            .add(field("metadata[" + ENDPOINT + "]", wanted.endpoint));
    if (wanted.connected) {
      form.add(field("connect", "true")).add(field("metadata[" + CONNECTED + "]", "true"));
    }
    return registered(ask(posted(PATH, form).header("Idempotency-Key", idempotencyKey)));
  }

  /// Has an endpoint get these events and no others, and get them again if it was disabled.
  Registered update(String id, Wanted wanted) {
    return registered(
        ask(
            posted(
                PATH + "/" + ServiceClient.escaped(id),
                types(wanted).add(field("disabled", "false")))));
  }

  private static StringJoiner types(Wanted wanted) {
    var form = new StringJoiner("&");
    wanted.types.forEach(type -> form.add(field("enabled_events[]", type)));
    return form;
  }

  private static String field(String name, String value) {
    return ServiceClient.escaped(name) + "=" + ServiceClient.escaped(value);
  }

  private HttpRequest.Builder posted(String path, StringJoiner form) {
    return HttpRequest.newBuilder(at(path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form.toString()));
  }

  private URI at(String path) {
    return URI.create(api.toString().replaceFirst("/$", "") + path);
  }

  private JsonNode ask(HttpRequest.Builder request) {
    HttpResponse<byte[]> answer;
    try {
      answer =
          http.send(
              request.header("Authorization", "Bearer " + key).timeout(ANSWER_MAX).build(),
              HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new NotReachable("Stripe doesn't answer at " + api, true, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted", e);
    }
    JsonNode body = json(answer.body());
    if (answer.statusCode() != 200) {
      throw refusal(answer.statusCode(), body.path("error").path("message").asText());
    }
    return body;
  }

  /// Stripe's own words, but for those about a key, which could quote it.
  private static StackFault refusal(int status, String words) {
    return switch (status) {
      case 401 -> new StackFault("Stripe doesn't know the key.");
      case 403 ->
          new StackFault(
              "The key may not do that: a restricted key needs the permission to write webhook"
                  + " endpoints.");
      case 429, 500, 502, 503, 504 ->
          new NotReachable("Stripe can't answer now (HTTP " + status + "): try again in a minute.");
      default ->
          new StackFault("Stripe refuses (HTTP %d): %s".formatted(status, Output.plain(words)));
    };
  }

  private static Registered registered(JsonNode endpoint) {
    var types = new ArrayList<String>();
    endpoint.path("enabled_events").forEach(type -> types.add(Output.plain(type.asText())));
    return new Registered(
        endpoint.path("id").asText(),
        endpoint.path("url").asText(),
        List.copyOf(types),
        endpoint.path("status").asText().equals("enabled"),
        endpoint.path("metadata").path(CONNECTED).asText().equals("true"),
        Optional.ofNullable(endpoint.path("secret").textValue()));
  }

  private static JsonNode json(byte[] body) {
    try {
      return WireFormat.mapper().readTree(new String(body, StandardCharsets.UTF_8));
    } catch (IOException _) {
      return WireFormat.mapper().missingNode();
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
