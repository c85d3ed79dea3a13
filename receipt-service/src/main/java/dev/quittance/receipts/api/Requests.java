package dev.quittance.receipts.api;

import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.mail.Mailbox;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.store.ResendRequest;
import jakarta.ws.rs.NotFoundException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what requests say.
final class Requests {

  /// A person's name or login; longer ones are somebody's mistake.
  private static final int BY_MAX = 100;

  /// As in fulfillment-service.
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private Requests() {}

  /// What a resending may say.
  ///
  /// @param to where to, if not where it went before
  /// @param by who wants it, for the audit
  record Resending(@Nullable String to, @Nullable String by) {}

  /// @throws BadRequest when a part of it is none
  static ResendRequest resending(byte @Nullable [] body, @Nullable String key) {
    Resending wish =
        body == null || body.length == 0
            ? new Resending(null, null)
            : read(
                body, Resending.class, "The body is JSON: {\"to\": …, \"by\": …}, both optional.");
    Optional<String> to = Optional.ofNullable(wish.to());
    if (to.isPresent() && Mailbox.parse(to.get()).isEmpty()) {
      throw new BadRequest("No letter can be sent to this address.");
    }
    return new ResendRequest(to, by(wish.by()), idempotencyKey(key));
  }

  /// Who asks.
  static String by(@Nullable String by) {
    if (by != null && CodePoints.moreThan(BY_MAX, by)) {
      throw new BadRequest("Say in at most " + BY_MAX + " characters who wants it.");
    }
    return by == null ? "unknown" : by;
  }

  private static Optional<String> idempotencyKey(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    if (!IDEMPOTENCY_KEY.matcher(header).matches()) {
      throw new BadRequest("Idempotency-Key has 1 to 255 visible ASCII characters.");
    }
    return Optional.of(header);
  }

  /// Whatever type the client says the body is of.
  static <T> T read(byte @Nullable [] body, Class<T> shape, String otherwise) {
    try {
      return WireFormat.read(body == null ? new byte[0] : body, shape);
    } catch (UnreadableEvent e) {
      throw new BadRequest(otherwise);
    }
  }

  static ReceiptId receiptId(String id) {
    try {
      return new ReceiptId(id);
    } catch (IllegalArgumentException e) {
      throw new NotFoundException(e);
    }
  }

  static OrderId orderId(@Nullable String text) {
    if (text == null) {
      throw new BadRequest("Say which order: ?order={account}:{payment reference}.");
    }
    try {
      return new OrderId(text);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("An order's id is {account}:{payment reference}.");
    }
  }
}
