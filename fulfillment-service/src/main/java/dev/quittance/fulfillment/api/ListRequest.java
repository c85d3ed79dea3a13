package dev.quittance.fulfillment.api;

import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.fulfillment.store.OrderFilter;
import dev.quittance.fulfillment.store.OrderPage;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The query of a list of orders.
@SuppressWarnings("NullAway") // the framework fills the fields
public class ListRequest {

  /// Enough for a screen.
  static final int LIMIT_DEFAULT = 50;

  /// More than a page of this size is an export.
  static final int LIMIT_MAX = 200;

  /// Longer than any id, reference or name that somebody looks for.
  static final int TEXT_LENGTH_MAX = 400;

  @QueryParam("status")
  @Nullable String status;

  @QueryParam("paymentStatus")
  @Nullable String paymentStatus;

  @QueryParam("fulfillmentStatus")
  @Nullable String fulfillmentStatus;

  @QueryParam("provider")
  @Nullable String provider;

  @QueryParam("currency")
  @Nullable String currency;

  @QueryParam("from")
  @Nullable String from;

  @QueryParam("to")
  @Nullable String to;

  @QueryParam("q")
  @Nullable String q;

  @QueryParam("session")
  @Nullable String session;

  @QueryParam("sort")
  @Nullable String sort;

  @QueryParam("limit")
  @Nullable String limit;

  @QueryParam("next")
  @Nullable String next;

  OrderFilter filter() {
    return new OrderFilter(
        oneOf("status", status, PaymentStatus.values(), FulfillmentStatus.values()),
        oneOf("paymentStatus", paymentStatus, PaymentStatus.values()),
        oneOf("fulfillmentStatus", fulfillmentStatus, FulfillmentStatus.values()),
        text("provider", provider),
        currency == null ? null : text("currency", currency.toUpperCase(Locale.ROOT)),
        Requests.instant("from", from),
        Requests.instant("to", to),
        text("q", q),
        text("session", session),
        oldestFirst());
  }

  OrderPage.@Nullable Place after() {
    return next == null || next.isBlank()
        ? null
        : OrderPage.Place.read(next)
            .orElseThrow(() -> Requests.bad("next is taken from the page before."));
  }

  int limit() {
    if (limit == null || limit.isBlank()) {
      return LIMIT_DEFAULT;
    }
    try {
      int wanted = Integer.parseInt(limit);
      if (wanted >= 1) {
        return Math.min(wanted, LIMIT_MAX);
      }
    } catch (NumberFormatException e) {
      // told below, like a number that makes no sense
    }
    throw Requests.bad("limit is a number from 1 to " + LIMIT_MAX + ".");
  }

  private boolean oldestFirst() {
    if (sort == null || sort.isBlank() || sort.equals("-placedAt")) {
      return false;
    }
    if (sort.equals("placedAt")) {
      return true;
    }
    throw Requests.bad("sort is placedAt or -placedAt.");
  }

  private static @Nullable String text(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (value.length() > TEXT_LENGTH_MAX || value.indexOf('\u0000') >= 0) {
      throw Requests.bad(name + " has at most " + TEXT_LENGTH_MAX + " characters and no NUL.");
    }
    return value;
  }

  private static @Nullable String oneOf(String name, @Nullable String value, Enum<?>[]... allowed) {
    String wanted = text(name, value);
    if (wanted == null) {
      return null;
    }
    String lower = wanted.toLowerCase(Locale.ROOT);
    if (Stream.of(allowed)
        .flatMap(Arrays::stream)
        .noneMatch(constant -> constant.name().toLowerCase(Locale.ROOT).equals(lower))) {
      throw Requests.bad(name + " is no status.");
    }
    return lower;
  }
}
