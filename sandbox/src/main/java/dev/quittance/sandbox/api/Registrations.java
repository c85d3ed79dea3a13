package dev.quittance.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.RegisteredEndpoints;
import dev.quittance.sandbox.events.Ids;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What both ways to say where events go have in common: webhook endpoints, and event destinations.
@Singleton
final class Registrations {

  private static final int URL_LENGTH_MAX = 2_048;
  private static final int ID_LENGTH = 24;
  private static final int SECRET_LENGTH = 32;

  private final StripeRequestFilter filter;
  private final RegisteredEndpoints endpoints;
  private final IdempotentRequests requests;
  private final Ids ids;
  private final Clock clock;

  @Inject
  Registrations(
      StripeRequestFilter filter,
      RegisteredEndpoints endpoints,
      IdempotentRequests requests,
      Ids ids,
      Clock clock) {
    this.filter = filter;
    this.endpoints = endpoints;
    this.requests = requests;
    this.ids = ids;
    this.clock = clock;
  }

  Response answer(HttpHeaders headers, UriInfo uri, Supplier<ObjectNode> work) {
    return filter.answer(headers, uri, work);
  }

  /// One that is made once, however often it is asked for with the same key.
  Response made(HttpHeaders headers, UriInfo uri, String asked, Supplier<ObjectNode> work) {
    return answer(
        headers, uri, () -> requests.once(asked, headers.getHeaderString("Idempotency-Key"), work));
  }

  List<String> ids(String prefix) {
    return endpoints.ids(prefix);
  }

  ObjectNode required(String prefix, String kind, String id) {
    return endpoints
        .find(id)
        .filter(_ -> id.startsWith(prefix))
        .orElseThrow(() -> StripeError.missing(kind, kind, id));
  }

  void put(ObjectNode endpoint) {
    endpoints.put(endpoint);
  }

  /// What every new one has, with a secret of its own.
  ObjectNode begun(ObjectNode empty, String prefix, String kind, String url) {
    return empty
        .put("id", ids.make(prefix, ID_LENGTH))
        .put("object", kind)
        .put("livemode", false)
        .put("status", "enabled")
        .put("url", url)
        .put("secret", ids.make("whsec_", SECRET_LENGTH));
  }

  Instant now() {
    return clock.instant();
  }

  static String webAddress(@Nullable String url, String param) {
    if (url == null || url.isEmpty()) {
      throw StripeError.invalid("parameter_missing", param, "Missing required param: url.");
    }
    if (url.length() > URL_LENGTH_MAX || !isWebAddress(url)) {
      throw StripeError.invalid(
          "url_invalid",
          param,
          "Invalid URL: An explicit scheme (such as https) must be provided.");
    }
    return url;
  }

  private static boolean isWebAddress(String url) {
    try {
      URI address = new URI(url);
      return address.getHost() != null && List.of("http", "https").contains(address.getScheme());
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
