package dev.quittance.fulfillment.console.desk;

import dev.quittance.fulfillment.neighbor.ReceiptService.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// A receipt in the page's words.
///
/// @param took from the first webhook to the mail server's acceptance
/// @param resendable whether it went out, or can't without somebody's help
public record ReceiptLine(
    String id,
    String kind,
    String number,
    String status,
    String tone,
    String to,
    String amount,
    String sent,
    String took,
    String note,
    boolean resendable) {

  static ReceiptLine of(Receipt receipt, Optional<Instant> began) {
    Instant sentAt = receipt.sentAt();
    return new ReceiptLine(
        receipt.id(),
        receipt.kind(),
        Objects.requireNonNullElse(receipt.number(), Words.NOTHING),
        Words.plain(receipt.status()),
        tone(receipt.status()),
        Objects.requireNonNullElse(receipt.to(), Words.NOTHING),
        Words.money(receipt.amount()),
        Words.time(sentAt),
        // of a refund it would be the time since the payment, which says nothing
        sentAt == null || began.isEmpty() || !receipt.kind().equals("payment")
            ? ""
            : Words.duration(Duration.between(began.get(), sentAt)) + " after the first webhook",
        note(receipt),
        receipt.status().equals("sent") || receipt.status().equals("undeliverable"));
  }

  private static String note(Receipt receipt) {
    if (receipt.nextAttemptAt() != null) {
      return "tried "
          + receipt.attempts()
          + " times, again at "
          + Words.time(receipt.nextAttemptAt());
    }
    return receipt.reason() == null ? "" : Words.plain(receipt.reason().code());
  }

  private static String tone(String status) {
    return switch (status) {
      case "sent" -> "good";
      case "undeliverable" -> "bad";
      case "waiting", "due", "sending", "retrying" -> "wait";
      default -> "";
    };
  }
}
