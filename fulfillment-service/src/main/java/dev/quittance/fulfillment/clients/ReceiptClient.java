package dev.quittance.fulfillment.clients;

import dev.quittance.access.UrlText;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Reason;
import dev.quittance.messaging.outbox.Inspection;
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
public class ReceiptClient {

  private final ServiceConnection connection;

  ReceiptClient(
      @ConfigProperty(name = "quittance.console.receipts-url") URI url,
      @ConfigProperty(name = "quittance.console.receipts-token") Optional<String> token) {
    connection = new ServiceConnection("receipt-service", url, token);
  }

  /// The receipts of an order, and the letters with codes.
  public record ReceiptList(List<Receipt> receipts, List<Code> codes) {}

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
  public record ReceiptDetail(Receipt receipt, List<Sending> sendings) {}

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
  public record WrongList(List<Wrong> receipts, @Nullable String next, long correctable) {}

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
  public record Corrected(long corrections, long remaining, List<String> unreadable) {}

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
      long resendable) {}

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

  public ServiceReply<ReceiptList> of(OrderId order) {
    return connection.get("/receipts?order=" + UrlText.encoded(order.value()), ReceiptList.class);
  }

  /// A receipt with its sendings.
  public ServiceReply<ReceiptDetail> receipt(String id) {
    return connection.get("/receipts/" + UrlText.encoded(id), ReceiptDetail.class);
  }

  /// Has a receipt sent again. The same key never sends twice.
  ///
  /// @param to null for where it went before
  public ServiceReply<Resent> resend(String receipt, @Nullable String to, String by, String key) {
    return resendAt("/receipts/" + UrlText.encoded(receipt) + "/resend", to, by, key);
  }

  /// Has a letter with a code sent again. The same key never sends twice.
  ///
  /// @param to null for where it was to go before
  public ServiceReply<Resent> resendCode(String code, @Nullable String to, String by, String key) {
    return resendAt("/receipts/codes/" + UrlText.encoded(code) + "/resend", to, by, key);
  }

  /// Deletes a code for good.
  public ServiceReply<Resent> discardCode(String code, String by, String key) {
    return resendAt("/receipts/codes/" + UrlText.encoded(code) + "/discard", null, by, key);
  }

  /// Receipts that went out wrong.
  ///
  /// @param after the last one of the page before
  public ServiceReply<WrongList> wrong(String after) {
    return connection.get("/receipts/wrong?after=" + UrlText.encoded(after), WrongList.class);
  }

  /// The correction of a receipt as it would be sent.
  public ServiceReply<Proposed> correction(String receipt) {
    return connection.get(
        "/receipts/wrong/" + UrlText.encoded(receipt) + "/correction", Proposed.class);
  }

  /// Sends the correction of a receipt; twice is as good as once.
  public ServiceReply<Receipt> correct(String receipt, String by) {
    return connection.post(
        "/receipts/wrong/" + UrlText.encoded(receipt) + "/correct",
        new By(by),
        Map.of(),
        Receipt.class);
  }

  /// Sends the corrections of all that are wrong; twice is as good as once.
  public ServiceReply<Corrected> correctAll(String by) {
    return connection.post("/receipts/wrong/correct-all", new By(by), Map.of(), Corrected.class);
  }

  /// The mails that failed.
  public ServiceReply<FailedList> undeliverable(Instant since) {
    return connection.get(
        "/receipts/undeliverable?since=" + UrlText.encoded(since.toString()), FailedList.class);
  }

  /// Has all sent again that was given up since a time; twice is as good as once.
  public ServiceReply<ResentAll> resendUndeliverable(Instant since, String by) {
    return connection.post(
        "/receipts/resend-undeliverable", new Since(since, by), Map.of(), ResentAll.class);
  }

  private ServiceReply<Resent> resendAt(String path, @Nullable String to, String by, String key) {
    return connection.post(
        path, new Resending(to, by), Map.of("Idempotency-Key", key), Resent.class);
  }

  /// What it took in, and what waits to go out.
  public ServiceReply<Inspection> inspection() {
    return connection.get("/inspection", Inspection.class);
  }

  /// Whether it works.
  public boolean ready() {
    return connection.status("/readiness") == 200;
  }
}
