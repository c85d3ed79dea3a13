package dev.quittance.fulfillment.api;

import dev.quittance.access.Problem;
import dev.quittance.access.RefusedRequest;
import dev.quittance.access.RequestReader;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.CommandLimits;
import dev.quittance.fulfillment.persistence.StorableTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Reads what stands in a request, once, as it comes in.
final class Requests {

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

  /// A command from a body; an empty one says nothing more than the path.
  ///
  /// @throws RefusedRequest with 400
  static <T extends FulfillmentCommand> T command(byte @Nullable [] body, Class<T> shape) {
    T command = RequestReader.body(body, shape, "The body is not what is expected here.");
    CommandLimits.exceededBy(command)
        .ifPresent(limit -> {
          throw Problem.badRequest("The body has " + limit + ".");
        });
    return command;
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
      // said below, like a time that no database has
    }
    throw Problem.badRequest(name + " is a UTC time such as 2026-01-31T12:00:00Z, or a date.");
  }
}
