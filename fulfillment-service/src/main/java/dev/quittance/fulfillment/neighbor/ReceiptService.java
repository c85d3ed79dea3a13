package dev.quittance.fulfillment.neighbor;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Reason;
import dev.quittance.inboxoutbox.Inspection;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// receipt-service's API.
@ApplicationScoped
public class ReceiptService {

  private final Line line;

  ReceiptService(
      @ConfigProperty(name = "quittance.console.receipts-url") URI url,
      @ConfigProperty(name = "quittance.console.receipts-token") Optional<String> token) {
    line = new Line("receipt-service", url, token);
  }

  /// The receipts of an order.
  public record ReceiptList(List<Receipt> receipts) {

    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    public ReceiptList {
      receipts = receipts == null ? List.of() : List.copyOf(receipts);
    }
  }

  /// One receipt.
  ///
  /// @param to masked
  public record Receipt(
      String id,
      String order,
      String kind,
      @Nullable String number,
      String status,
      @Nullable String to,
      Money amount,
      int attempts,
      @Nullable Instant nextAttemptAt,
      @Nullable Instant sentAt,
      @Nullable Reason reason) {}

  /// Who wants a receipt sent again.
  private record Resending(String by) {}

  public Reply<ReceiptList> of(OrderId order) {
    return line.get("/receipts?order=" + Line.encoded(order.value()), ReceiptList.class);
  }

  /// Has a receipt sent again, to where it went before.
  public Reply<Receipt> resend(String receipt, String by) {
    return line.post(
        "/receipts/" + Line.encoded(receipt) + "/resend",
        new Resending(by),
        Map.of(),
        Receipt.class);
  }

  /// What it took in, and what waits to go out.
  public Reply<Inspection> inspection() {
    return line.get("/inspection", Inspection.class);
  }

  /// Whether it works.
  public boolean ready() {
    return line.status("/readiness") == 200;
  }
}
