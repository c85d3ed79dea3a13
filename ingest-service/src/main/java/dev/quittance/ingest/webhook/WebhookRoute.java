package dev.quittance.ingest.webhook;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `POST /webhooks/{endpoint}`, on the event loop. A route and no REST resource, because what is
/// too large or for no one must be refused before its body is read, and a body without a stated
/// length while it is read.
@Singleton
final class WebhookRoute {

  /// Twenty times the largest delivery on record.
  static final int BODY_BYTES_MAX = 262_144;

  /// Providers send less than 2 KiB, proxies add some; more is an attack or a mistake.
  static final int HEADER_BYTES_MAX = 16_384;

  private static final String PATH = "/webhooks/";

  private final Endpoints endpoints;
  private final AcceptWebhook webhooks;
  private final DeliveryLog log;
  private final UnverifiedBytes unverified;

  WebhookRoute(
      Endpoints endpoints, AcceptWebhook webhooks, DeliveryLog log, UnverifiedBytes unverified) {
    this.endpoints = endpoints;
    this.webhooks = webhooks;
    this.log = log;
    this.unverified = unverified;
  }

  void register(@Observes Router router) {
    router.route(PATH + "*").handler(this::handle);
  }

  private void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = context.normalizedPath();
    String name = path.startsWith(PATH) ? path.substring(PATH.length()) : "";
    var exchange = new WebhookExchange(request, name, log, unverified);
    Optional<Endpoint> endpoint = endpoints.named(name);
    if (!request.method().equals(HttpMethod.POST)) {
      exchange.refuse(DeliveryOutcome.METHOD_NOT_ALLOWED);
    } else if (endpoint.isEmpty()) {
      exchange.refuse(DeliveryOutcome.UNKNOWN_ENDPOINT);
    } else if (bytes(request.headers()) > HEADER_BYTES_MAX) {
      exchange.refuse(DeliveryOutcome.HEADERS_TOO_LARGE);
    } else {
      exchange.read(
          body -> webhooks.accept(endpoint.get(), header -> header(request, header), body));
    }
  }

  private static long bytes(MultiMap headers) {
    long bytes = 0;
    for (Map.Entry<String, String> header : headers) {
      // ": " and the line's end
      bytes += header.getKey().length() + header.getValue().length() + 4;
    }
    return bytes;
  }

  private static @Nullable String header(HttpServerRequest request, String name) {
    List<String> values = request.headers().getAll(name);
    return values.isEmpty() ? null : String.join(",", values);
  }
}
