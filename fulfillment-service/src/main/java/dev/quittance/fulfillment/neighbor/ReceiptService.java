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
      @Nullable Instant undeliverableAt,
      int sendings,
      @Nullable Reason reason) {}

  /// A letter with a code.
  ///
  /// @param to masked
  /// @param codeKept whether the code is still there, so that the letter can be sent
  public record Code(
      String id,
      String order,
      String delivery,
      String status,
      @Nullable String to,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable Instant undeliverableAt,
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

  /// Receipts that went out with an amount that the facts don't support.
  ///
  /// @param next behind which the next page begins; null when there is none
  /// @param correctable how many of all can be corrected now
  public record WrongList(List<Wrong> receipts, @Nullable String next, long correctable) {

    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    public WrongList {
      receipts = receipts == null ? List.of() : List.copyOf(receipts);
    }
  }

  /// One of them.
  ///
  /// @param supported what is right
  /// @param correctable whether it can be corrected now
  public record Wrong(Receipt receipt, Money supported, boolean correctable) {}

  /// The mail that would correct a receipt.
  public record Proposed(Wrong receipt, String subject, String text) {

    /// Both name the customer.
    @Override
    public String toString() {
      return "Proposed[" + receipt.receipt().id() + "]";
    }
  }

  /// What was corrected.
  ///
  /// @param remaining how many are left, for which asking again is worth while
  /// @param unreadable the ids of those that receipt-service can't read, and so didn't correct
  public record Corrected(long corrections, long remaining, List<String> unreadable) {

    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    public Corrected {
      unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
    }
  }

  /// Mails that failed.
  ///
  /// @param receipts given up since a time
  /// @param codes kept whenever that was
  /// @param resendable how many of what was given up since then can be sent again
  public record FailedList(
      List<Receipt> receipts,
      long receiptsInAll,
      List<Code> codes,
      long codesInAll,
      long resendable) {

    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the lists out
    public FailedList {
      receipts = receipts == null ? List.of() : List.copyOf(receipts);
      codes = codes == null ? List.of() : List.copyOf(codes);
    }
  }

  /// How many were made due again.
  ///
  /// @param remaining how many are left of both
  public record ResentAll(long receipts, long codes, long remaining) {}

  /// Who wants something.
  private record By(String by) {}

  /// Who wants all sent again, and since when.
  private record Since(Instant since, String by) {}

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

  /// Deletes a code for good.
  public Reply<Resent> discardCode(String code, String by, String key) {
    return resendAt("/receipts/codes/" + Line.encoded(code) + "/discard", null, by, key);
  }

  /// Receipts that went out wrong.
  ///
  /// @param after the last one of the page before
  public Reply<WrongList> wrong(String after) {
    return line.get("/receipts/wrong?after=" + Line.encoded(after), WrongList.class);
  }

  /// The correction of a receipt as it would be sent.
  public Reply<Proposed> correction(String receipt) {
    return line.get("/receipts/wrong/" + Line.encoded(receipt) + "/correction", Proposed.class);
  }

  /// Sends the correction of a receipt; twice is as good as once.
  public Reply<Receipt> correct(String receipt, String by) {
    return line.post(
        "/receipts/wrong/" + Line.encoded(receipt) + "/correct",
        new By(by),
        Map.of(),
        Receipt.class);
  }

  /// Sends the corrections of all that are wrong; twice is as good as once.
  public Reply<Corrected> correctAll(String by) {
    return line.post("/receipts/wrong/correct-all", new By(by), Map.of(), Corrected.class);
  }

  /// The mails that failed.
  public Reply<FailedList> undeliverable(Instant since) {
    return line.get(
        "/receipts/undeliverable?since=" + Line.encoded(since.toString()), FailedList.class);
  }

  /// Has all sent again that was given up since a time; twice is as good as once.
  public Reply<ResentAll> resendUndeliverable(Instant since, String by) {
    return line.post(
        "/receipts/resend-undeliverable", new Since(since, by), Map.of(), ResentAll.class);
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
