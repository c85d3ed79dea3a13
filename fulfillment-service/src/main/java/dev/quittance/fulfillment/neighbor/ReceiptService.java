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

  /// The receipts of an order, and the letters with codes.
  public record ReceiptList(List<Receipt> receipts, List<Code> codes) {

    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the lists out
    public ReceiptList {
      receipts = receipts == null ? List.of() : List.copyOf(receipts);
      codes = codes == null ? List.of() : List.copyOf(codes);
    }
  }

  /// One receipt.
  ///
  /// @param to masked
  /// @param sentAt when the mail server took it first
  /// @param sendings how often it was sent or is to be
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
      int sendings,
      @Nullable Reason reason) {}

  /// A letter with a code.
  ///
  /// @param to masked
  /// @param codeKept whether the code is still there, so that the letter can be sent
  public record Code(
      String id,
      String delivery,
      String status,
      @Nullable String to,
      int attempts,
      @Nullable Instant sentAt,
      boolean codeKept,
      @Nullable String reason) {}

  /// A receipt with each of its sendings, the first one first.
  public record ReceiptDetail(Receipt receipt, List<Sending> sendings) {

    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    public ReceiptDetail {
      sendings = sendings == null ? List.of() : List.copyOf(sendings);
    }
  }

  /// One sending of a receipt.
  ///
  /// @param to masked
  /// @param askedBy who had it sent again; null for what went out by itself
  public record Sending(
      int number,
      String status,
      @Nullable String to,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable Reason reason,
      @Nullable String askedBy,
      @Nullable Instant askedAt) {}

  /// What was made due again.
  ///
  /// @param to masked
  public record Resent(String id, String status, @Nullable String to) {}

  /// Who wants something sent again.
  ///
  /// @param to null for where it went before
  private record Resending(@Nullable String to, String by) {

    @Override
    public String toString() {
      return "Resending[" + by + "]";
    }
  }

  public Reply<ReceiptList> of(OrderId order) {
    return line.get("/receipts?order=" + Line.encoded(order.value()), ReceiptList.class);
  }

  /// A receipt with its sendings.
  public Reply<ReceiptDetail> receipt(String id) {
    return line.get("/receipts/" + Line.encoded(id), ReceiptDetail.class);
  }

  /// Has a receipt sent again. The same key never sends twice.
  ///
  /// @param to null for where it went before
  public Reply<Resent> resend(String receipt, @Nullable String to, String by, String key) {
    return resendAt("/receipts/" + Line.encoded(receipt) + "/resend", to, by, key);
  }

  /// Has a letter with a code sent again. The same key never sends twice.
  ///
  /// @param to null for where it was to go before
  public Reply<Resent> resendCode(String code, @Nullable String to, String by, String key) {
    return resendAt("/receipts/codes/" + Line.encoded(code) + "/resend", to, by, key);
  }

  private Reply<Resent> resendAt(String path, @Nullable String to, String by, String key) {
    return line.post(path, new Resending(to, by), Map.of("Idempotency-Key", key), Resent.class);
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
