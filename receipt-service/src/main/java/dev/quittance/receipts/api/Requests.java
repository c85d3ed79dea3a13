package dev.quittance.receipts.api;

import dev.quittance.access.Caller;
import dev.quittance.access.Problem;
import dev.quittance.access.RefusedRequest;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.mail.Mailbox;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.store.ResendRequest;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what requests say.
final class Requests {

  /// As long as a caller's own name may be: the console says here who its caller is.
  private static final int BY_MAX = Caller.NAME_LENGTH_MAX;

  /// As in fulfillment-service.
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  static final Problem KEY_REUSED =
      Problem.of(
          422,
          "idempotency_key_reused",
          "Unprocessable Content",
          "This Idempotency-Key was used for another request.");

  private Requests() {}

  /// @param detail a sentence that says what to do
  static RefusedRequest bad(String detail) {
    return Problem.of(400, "bad_request", "Bad Request", detail).exception();
  }

  /// @param detail a sentence that says what is
  static Problem underWay(String detail) {
    return Problem.of(409, "under_way", "Conflict", detail);
  }

  /// What a resending may say.
  ///
  /// @param to where to, if not where it went before
  /// @param by for whom, for the audit, beside the caller
  record Resending(@Nullable String to, @Nullable String by) {

    @Override
    public String toString() {
      return "Resending[" + by + "]";
    }
  }

  /// @throws RefusedRequest when a part of it is none
  static ResendRequest resending(
      byte @Nullable [] body, @Nullable String key, SecurityContext caller) {
    Resending wish =
        body == null || body.length == 0
            ? new Resending(null, null)
            : read(
                body, Resending.class, "The body is JSON: {\"to\": …, \"by\": …}, both optional.");
    Optional<String> to = Optional.ofNullable(wish.to());
    if (to.isPresent() && Mailbox.parse(to.get()).isEmpty()) {
      throw bad("No letter can be sent to this address.");
    }
    return new ResendRequest(to, by(wish.by(), caller), idempotencyKey(key));
  }

  /// Who asks, for the audit: whom the gate let in, and in brackets for whom, as they say. What is
  /// longer than any name is cut: the first part says who it is, and a refusal would keep somebody
  /// with a long name from doing anything.
  static String by(@Nullable String by, SecurityContext caller) {
    if (by != null && by.indexOf('\u0000') >= 0) {
      throw bad("Say without NUL who wants it.");
    }
    String known = caller.getUserPrincipal().getName();
    return by == null ? known : known + " (" + CodePoints.cut(by, BY_MAX) + ")";
  }

  private static Optional<String> idempotencyKey(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    if (!IDEMPOTENCY_KEY.matcher(header).matches()) {
      throw bad("Idempotency-Key has 1 to 255 visible ASCII characters.");
    }
    return Optional.of(header);
  }

  /// Whatever type the client says the body is of.
  static <T> T read(byte @Nullable [] body, Class<T> shape, String otherwise) {
    try {
      return WireFormat.readRequest(body == null ? new byte[0] : body, shape);
    } catch (UnreadableEvent e) {
      throw bad(otherwise);
    }
  }

  static ReceiptId receiptId(String id) {
    try {
      return new ReceiptId(id);
    } catch (IllegalArgumentException e) {
      throw new NotFoundException(e);
    }
  }

  /// Behind which receipt a page begins; the first begins behind none.
  static String cursor(@Nullable String after) {
    if (after == null || after.isEmpty()) {
      return "";
    }
    try {
      return new ReceiptId(after).value();
    } catch (IllegalArgumentException e) {
      throw bad("after is a receipt's id, as next said it: rcp_….");
    }
  }

  static OrderId orderId(@Nullable String text) {
    if (text == null) {
      throw bad("Say which order: ?order={account}:{payment reference}.");
    }
    try {
      return new OrderId(text);
    } catch (IllegalArgumentException e) {
      throw bad("An order's id is {account}:{payment reference}.");
    }
  }
}
