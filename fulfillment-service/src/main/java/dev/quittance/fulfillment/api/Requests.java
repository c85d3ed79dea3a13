package dev.quittance.fulfillment.api;

import dev.quittance.access.Problem;
import dev.quittance.access.RefusedRequest;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.CommandLimits;
import dev.quittance.fulfillment.store.StorableTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what stands in a request, once, at the door.
final class Requests {

  /// As in the draft of the header's specification: visible ASCII, and no more than an id is long.
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private Requests() {}

  /// @throws RefusedRequest with 404: an id that isn't one names no order
  static OrderId orderId(String text) {
    try {
      return new OrderId(text);
    } catch (IllegalArgumentException e) {
      throw noSuchOrder().exception();
    }
  }

  static Problem noSuchOrder() {
    return Problem.of(404, "no_such_order", "There is no such order.");
  }

  /// @throws RefusedRequest with 400
  static @Nullable String idempotencyKey(@Nullable String header) {
    if (header == null) {
      return null;
    }
    if (!IDEMPOTENCY_KEY.matcher(header).matches()) {
      throw bad("Idempotency-Key has 1 to 255 visible ASCII characters.");
    }
    return header;
  }

  /// A command from a body; an empty one says nothing more than the path.
  ///
  /// @throws RefusedRequest with 400
  static <T extends FulfillmentCommand> T command(byte @Nullable [] body, Class<T> shape) {
    try {
      T command =
          WireFormat.readRequest(
              body == null || body.length == 0 ? new byte[] {'{', '}'} : body, shape);
      CommandLimits.exceededBy(command)
          .ifPresent(limit -> {
            throw bad("The body has " + limit + ".");
          });
      return command;
    } catch (UnreadableEvent e) {
      throw bad("The body is not what is expected here.");
    }
  }

  /// A moment, or the beginning of a day in UTC.
  ///
  /// @throws RefusedRequest with 400
  static @Nullable Instant instant(String name, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      Instant instant =
          text.length() == "2026-01-31".length()
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : Instant.parse(text);
      if (StorableTime.covers(instant)) {
        return instant;
      }
    } catch (DateTimeException e) {
      // told below, like a time that no database has
    }
    throw bad(name + " is a UTC time such as 2026-01-31T12:00:00Z, or a date.");
  }

  static RefusedRequest bad(String detail) {
    return Problem.of(400, "bad_request", "The request can't be understood.", detail).exception();
  }
}
