package dev.quittance.receipts.receipt;

import dev.quittance.contracts.OrderId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A mail that is being sent: claimed under a lease, and frozen.
///
/// @param content what was paid or bought
/// @param edition 1, and one more for each resending by hand: a mailbox may drop what repeats a
///   `Message-ID`
/// @param attempt of this edition, from 1
/// @param since when it became due, or was resent by hand
/// @param countedFrom since when its time counts: later than that by the mail server's outages
/// @param origin what brought it about
public record ClaimedMail(
    String id,
    OrderId order,
    Body body,
    ReceiptContent content,
    String to,
    int edition,
    int attempt,
    Instant since,
    Instant countedFrom,
    Lease lease,
    Origin origin) {

  /// What one kind of mail has beside the others.
  public sealed interface Body {

    /// A receipt.
    ///
    /// @param token opens the customer's view
    record Receipt(ReceiptKey key, String number, UUID token) implements Body {

      /// Whoever has the token reads the receipt.
      @Override
      public String toString() {
        return "Receipt[" + key + "]";
      }
    }

    /// A code.
    ///
    /// @param code as secret as a password; deleted when the mail was sent
    record Code(String code) implements Body {

      @Override
      public String toString() {
        return "Code[…]";
      }
    }
  }

  /// Its kind.
  public MailKind kind() {
    return switch (body) {
      case Body.Receipt _ -> MailKind.RECEIPT;
      case Body.Code _ -> MailKind.CODE;
    };
  }

  /// The same at every attempt of an edition: `rcp_….1@receipts.example.com`, without the angle
  /// brackets.
  ///
  /// @param domain a domain of ours
  public String messageId(String domain) {
    return id + "." + edition + "@" + domain;
  }

  /// The same, as what follows from it is to be traced.
  public ClaimedMail tracedAs(@Nullable String traceparent) {
    var traced = new Origin(traceparent, origin.receivedAt());
    return new ClaimedMail(
        id, order, body, content, to, edition, attempt, since, countedFrom, lease, traced);
  }

  @Override
  public String toString() {
    return "ClaimedMail[" + id + ", edition " + edition + ", attempt " + attempt + "]";
  }
}
