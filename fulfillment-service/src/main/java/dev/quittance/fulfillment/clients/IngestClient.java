package dev.quittance.fulfillment.clients;

import dev.quittance.access.UrlText;
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
public class IngestClient {

  private final ServiceConnection connection;

  IngestClient(
      @ConfigProperty(name = "quittance.console.ingest-url") URI url,
      @ConfigProperty(name = "quittance.console.ingest-token") Optional<String> token) {
    connection = new ServiceConnection("ingest-service", url, token);
  }

  /// All endpoints.
  public record EndpointList(List<Endpoint> endpoints) {}

  /// One endpoint.
  ///
  /// @param apiAccess `none`, `no_key` or `key`
  /// @param only the conditions that a payment has to meet to be taken; empty where all are
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
      List<String> only,
      List<String> eventsToRegister) {}

  /// The latest deliveries, and counts of all since the process started.
  public record Deliveries(List<Delivery> deliveries, List<Count> counts, Instant since) {}

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
  private record RefundRequest(
      OrderId order,
      @Nullable String connectedAccount,
      @Nullable Money amount,
      String reason,
      @Nullable String note) {

    @Override
    public String toString() {
      return "RefundRequest[" + order + "]";
    }
  }

  public ServiceReply<EndpointList> endpoints() {
    return connection.get("/endpoints", EndpointList.class);
  }

  /// @param endpoint null for all
  /// @param outcome null for all, `refused` for all that were
  public ServiceReply<Deliveries> deliveries(
      @Nullable String endpoint, @Nullable String outcome, int limit) {
    return connection.get(
        "/deliveries?limit="
            + limit
            + (endpoint == null ? "" : "&endpoint=" + UrlText.encoded(endpoint))
            + (outcome == null ? "" : "&outcome=" + UrlText.encoded(outcome)),
        Deliveries.class);
  }

  /// Delivers a signed sample to an endpoint.
  public ServiceReply<Trial> test(String endpoint) {
    return connection.post(
        "/endpoints/" + UrlText.encoded(endpoint) + "/test", null, Map.of(), Trial.class);
  }

  /// Asks the provider for a refund. The same key never refunds twice.
  ///
  /// @param connectedAccount as the order says it
  /// @param amount null for all that is left
  public ServiceReply<Refund> refund(
      OrderId order,
      @Nullable String connectedAccount,
      @Nullable Money amount,
      String reason,
      @Nullable String note,
      String key) {
    return connection.post(
        "/refunds",
        new RefundRequest(order, connectedAccount, amount, reason, note),
        Map.of("Idempotency-Key", key),
        Refund.class);
  }

  /// Whether it takes webhooks.
  public boolean ready() {
    return connection.status("/readiness") == 200;
  }
}
