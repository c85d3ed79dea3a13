package dev.quittance.fulfillment.neighbor;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// ingest-service's operator API.
@ApplicationScoped
public class IngestService {

  private final Line line;

  IngestService(
      @ConfigProperty(name = "quittance.console.ingest-url") URI url,
      @ConfigProperty(name = "quittance.console.ingest-token") Optional<String> token) {
    line = new Line("ingest-service", url, token);
  }

  /// All endpoints.
  public record EndpointList(List<Endpoint> endpoints) {

    public EndpointList {
      endpoints = copy(endpoints);
    }
  }

  /// One endpoint.
  ///
  /// @param apiAccess `none`, `no_key` or `key`
  /// @param eventsToRegister what its provider has to send; empty where one can't choose
  public record Endpoint(
      String name,
      String provider,
      String account,
      String mode,
      String ordersFrom,
      String path,
      int secrets,
      boolean publishedSecrets,
      String apiAccess,
      boolean refunds,
      List<String> eventsToRegister) {

    public Endpoint {
      eventsToRegister = copy(eventsToRegister);
    }
  }

  /// The latest deliveries, and counts of all since the process started.
  public record Deliveries(List<Delivery> deliveries, List<Count> counts, Instant since) {

    public Deliveries {
      deliveries = copy(deliveries);
      counts = copy(counts);
    }
  }

  /// One delivery.
  public record Delivery(
      Instant at,
      String endpoint,
      String outcome,
      int status,
      @Nullable String eventId,
      @Nullable String type,
      String origin,
      int bytes,
      double durationMs) {}

  /// How many deliveries had an outcome.
  public record Count(String endpoint, String outcome, long count) {}

  /// A sample delivery and its answer.
  public record Trial(Sent request, Got answer) {}

  /// What was sent.
  public record Sent(String method, String path, Map<String, String> headers, String body) {}

  /// What came back.
  public record Got(int status, Map<String, String> headers, String body, double durationMs) {}

  /// A refund that the provider has taken.
  public record Refund(String refund, String status, Money amount, String endpoint) {}

  /// What is asked for.
  private record Wish(
      OrderId order,
      @Nullable String connectedAccount,
      @Nullable Money amount,
      String reason,
      @Nullable String note) {

    @Override
    public String toString() {
      return "Wish[" + order + "]";
    }
  }

  public Reply<EndpointList> endpoints() {
    return line.get("/endpoints", EndpointList.class);
  }

  /// @param endpoint null for all
  /// @param outcome null for all, `refused` for all that were
  public Reply<Deliveries> deliveries(
      @Nullable String endpoint, @Nullable String outcome, int limit) {
    return line.get(
        "/deliveries?limit="
            + limit
            + (endpoint == null ? "" : "&endpoint=" + Line.encoded(endpoint))
            + (outcome == null ? "" : "&outcome=" + Line.encoded(outcome)),
        Deliveries.class);
  }

  /// Delivers a signed sample to an endpoint.
  public Reply<Trial> test(String endpoint) {
    return line.post("/endpoints/" + Line.encoded(endpoint) + "/test", null, Map.of(), Trial.class);
  }

  /// Asks the provider for a refund. The same key never refunds twice.
  ///
  /// @param connectedAccount as the order says it
  /// @param amount null for all that is left
  public Reply<Refund> refund(
      OrderId order,
      @Nullable String connectedAccount,
      @Nullable Money amount,
      String reason,
      @Nullable String note,
      String key) {
    return line.post(
        "/refunds",
        new Wish(order, connectedAccount, amount, reason, note),
        Map.of("Idempotency-Key", key),
        Refund.class);
  }

  /// Whether it takes webhooks.
  public boolean ready() {
    return line.status("/readiness") == 200;
  }

  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave lists out
  private static <T> List<T> copy(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
