package dev.quittance.receipts.api;

import dev.quittance.access.Caller;
import dev.quittance.access.Problem;
import dev.quittance.access.RefusedRequest;
import dev.quittance.access.RequestReader;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.OrderId;
import dev.quittance.receipts.actions.ResendRequest;
import dev.quittance.receipts.mail.MailAddress;
import dev.quittance.receipts.receipt.ReceiptId;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what requests say.
final class Requests {

  /// As long as a caller's own name may be: the console says here who its caller is.
  private static final int BY_MAX = Caller.NAME_LENGTH_MAX;

  private Requests() {}

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
        RequestReader.body(
            body, Resending.class, "The body is JSON: {\"to\": …, \"by\": …}, both optional.");
    Optional<String> to = Optional.ofNullable(wish.to());
    if (to.isPresent() && MailAddress.parse(to.get()).isEmpty()) {
      throw Problem.badRequest("No mail can be sent to this address.");
    }
    return new ResendRequest(
        to, by(wish.by(), caller), Optional.ofNullable(RequestReader.idempotencyKey(key)));
  }

  /// Who asks, for the audit: whom the gate let in, and in brackets for whom, as they say. What is
  /// longer than any name is cut: the first part says who it is, and a refusal would keep somebody
  /// with a long name from doing anything.
  static String by(@Nullable String by, SecurityContext caller) {
    if (by != null && by.indexOf('\u0000') >= 0) {
      throw Problem.badRequest("Say without NUL who wants it.");
    }
    String known = caller.getUserPrincipal().getName();
    return by == null ? known : known + " (" + CodePoints.cut(by, BY_MAX) + ")";
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
      throw Problem.badRequest("after is a receipt's id, as next said it: rcp_….");
    }
  }

  static OrderId orderId(@Nullable String text) {
    if (text == null) {
      throw Problem.badRequest("Say which order: ?order={account}:{payment reference}.");
    }
    try {
      return new OrderId(text);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("An order's id is {account}:{payment reference}.");
    }
  }
}
