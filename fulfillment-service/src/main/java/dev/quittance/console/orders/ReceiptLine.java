package dev.quittance.console.orders;

import dev.quittance.console.Labels;
import dev.quittance.contracts.Reason;
import dev.quittance.fulfillment.clients.ReceiptClient.Code;
import dev.quittance.fulfillment.clients.ReceiptClient.Receipt;
import dev.quittance.fulfillment.clients.ReceiptClient.Sending;
import dev.quittance.fulfillment.order.PersonalData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A receipt, or a mail with a code, in the page's words.
///
/// @param took from the first webhook to the mail server's first acceptance
/// @param again the field that names it when it is sent again: `receipt` or `code`; empty where
///   that can't succeed now
/// @param discard whether its code can be discarded
/// @param sendings more than the first one
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
    String again,
    boolean discard,
    List<Shown> sendings) {

  /// One sending.
  public record Shown(
      int number, String status, String tone, String to, String at, String note, String by) {

    /// A mail server's own words may name somebody.
    @Override
    public String toString() {
      return "Shown[" + number + ", " + status + "]";
    }
  }

  @Override
  public String toString() {
    return "ReceiptLine[" + id + ", " + status + "]";
  }

  public static ReceiptLine of(
      Receipt receipt, List<Sending> sendings, Optional<Instant> began, PersonalData personal) {
    Instant sentAt = receipt.sentAt();
    return new ReceiptLine(
        receipt.id(),
        receipt.kind(),
        Objects.requireNonNullElse(receipt.number(), Labels.NOTHING),
        Labels.plain(receipt.status()),
        tone(receipt.status()),
        Objects.requireNonNullElse(receipt.to(), Labels.NOTHING),
        Labels.money(receipt.amount()),
        Labels.time(sentAt),
        // of a refund it would be the time since the payment, which says nothing
        sentAt == null || began.isEmpty() || !receipt.kind().equals("payment")
            ? ""
            : Labels.duration(Duration.between(began.get(), sentAt)) + " after the first webhook",
        receipt.nextAttemptAt() == null
            ? note(receipt.reason(), personal)
            : "tried "
                + receipt.attempts()
                + " times, again at "
                + Labels.time(receipt.nextAttemptAt()),
        switch (receipt.status()) {
          case "sent", "undeliverable", "skipped", "retrying" -> "receipt";
          default -> "";
        },
        false,
        sendings.stream().map(sending -> shown(sending, personal)).toList());
  }

  public static ReceiptLine of(Code code) {
    boolean again =
        code.codeKept()
            && switch (code.status()) {
              case "undeliverable", "skipped", "retrying" -> true;
              default -> false;
            };
    return new ReceiptLine(
        code.id(),
        "code mail",
        Labels.NOTHING,
        Labels.plain(code.status()),
        tone(code.status()),
        Objects.requireNonNullElse(code.to(), Labels.NOTHING),
        Labels.NOTHING,
        Labels.time(code.sentAt()),
        "",
        code.reason() == null ? "" : Labels.plain(code.reason()),
        again ? "code" : "",
        discardable(code),
        List.of());
  }

  /// Whether nothing sends the code by itself any more.
  public static boolean discardable(Code code) {
    return code.codeKept()
        && (code.status().equals("undeliverable") || code.status().equals("skipped"));
  }

  private static Shown shown(Sending sending, PersonalData personal) {
    return new Shown(
        sending.number(),
        Labels.plain(sending.status()),
        tone(sending.status()),
        Objects.requireNonNullElse(sending.to(), Labels.NOTHING),
        Labels.time(sending.sentAt()),
        note(sending.reason(), personal),
        sending.askedBy() == null
            ? "sent automatically"
            : sending.askedBy() + ", " + Labels.time(sending.askedAt()));
  }

  /// The mail server's own words may repeat the address.
  public static String note(@Nullable Reason reason, PersonalData personal) {
    Reason seen = personal.in(reason);
    if (seen == null) {
      return "";
    }
    String code = Labels.plain(seen.code());
    return seen.message() == null ? code : code + ": " + seen.message();
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
