package dev.quittance.fulfillment.api;

import dev.quittance.access.Problem;
import dev.quittance.access.RefusedRequest;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.persistence.OrderFilter;
import dev.quittance.fulfillment.persistence.OrderSlice;
import jakarta.ws.rs.QueryParam;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  /// More than any order costs, and no more decimals than any currency has.
  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,4})?");

  @QueryParam("status")
  @Nullable String status;

  @QueryParam("paymentStatus")
  @Nullable String paymentStatus;

  @QueryParam("fulfillmentStatus")
  @Nullable String fulfillmentStatus;

  @QueryParam("provider")
  @Nullable String provider;

  @QueryParam("account")
  @Nullable String account;

  @QueryParam("connectedAccount")
  @Nullable String connectedAccount;

  @QueryParam("method")
  @Nullable String method;

  @QueryParam("amountMin")
  @Nullable String amountMin;

  @QueryParam("amountMax")
  @Nullable String amountMax;

  @QueryParam("livemode")
  @Nullable String livemode;

  @QueryParam("currency")
  @Nullable String currency;

  @QueryParam("from")
  @Nullable String from;

  @QueryParam("to")
  @Nullable String to;

  @QueryParam("until")
  @Nullable String until;

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

  /// What is wanted.
  ///
  /// @param personal what the one who asks may see
  /// @throws RefusedRequest with 400
  public OrderFilter filter(PersonalData personal) {
    return new OrderFilter(
        oneOf("status", status, PaymentStatus.values(), FulfillmentStatus.values()),
        oneOf("paymentStatus", paymentStatus, PaymentStatus.values()),
        oneOf("fulfillmentStatus", fulfillmentStatus, FulfillmentStatus.values()),
        text("provider", provider),
        text("account", account),
        text("connectedAccount", connectedAccount),
        text("method", method),
        currency == null ? null : text("currency", currency.toUpperCase(Locale.ROOT)),
        amount("amountMin", amountMin),
        amount("amountMax", amountMax),
        livemode(),
        Requests.instant("from", from),
        to(),
        text("q", q),
        text("session", session),
        oldestFirst(),
        personal);
  }

  /// What can't be understood of it, as a sentence that begins with the parameter's name; empty
  /// where nothing is wrong.
  public Optional<String> complaint() {
    try {
      var _ = filter(PersonalData.MASKED);
      var _ = after();
      return Optional.empty();
    } catch (RefusedRequest refused) {
      return Optional.ofNullable(refused.problem().detail());
    }
  }

  /// Whether this asks for nothing but the order of one checkout.
  boolean isOneCheckout() {
    return session != null
        && !session.isBlank()
        && Stream.of(
                status,
                paymentStatus,
                fulfillmentStatus,
                provider,
                account,
                connectedAccount,
                method,
                amountMin,
                amountMax,
                livemode,
                currency,
                from,
                to,
                until,
                q,
                sort,
                next)
            .allMatch(Objects::isNull);
  }

  /// What is wanted, for the audit: without the words of `q` and `session`, which may be a
  /// customer's name.
  String inWords() {
    var all = new LinkedHashMap<String, @Nullable String>();
    all.put("status", status);
    all.put("paymentStatus", paymentStatus);
    all.put("fulfillmentStatus", fulfillmentStatus);
    all.put("provider", provider);
    all.put("account", account);
    all.put("connectedAccount", connectedAccount);
    all.put("method", method);
    all.put("currency", currency);
    all.put("amountMin", amountMin);
    all.put("amountMax", amountMax);
    all.put("livemode", livemode);
    all.put("from", from);
    all.put("to", to);
    all.put("until", until);
    all.put("session", session == null ? null : "…");
    all.put("q", q == null ? null : "…");
    String said =
        all.entrySet().stream()
            .filter(each -> each.getValue() != null && !each.getValue().isBlank())
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(", "));
    return said.isEmpty() ? "all" : said;
  }

  /// Where to go on, or null to begin.
  ///
  /// @throws RefusedRequest with 400
  public OrderSlice.@Nullable Place after() {
    return next == null || next.isBlank()
        ? null
        : OrderSlice.Place.read(next)
            .orElseThrow(() -> Problem.badRequest("next is taken from the page before."));
  }

  int limit() {
    if (limit == null || limit.isBlank()) {
      return LIMIT_DEFAULT;
    }
    try {
      int wanted = Integer.parseInt(limit);
      if (wanted >= 1 && wanted <= LIMIT_MAX) {
        return wanted;
      }
    } catch (NumberFormatException e) {
      // said below, like a number that isn't allowed
    }
    throw Problem.badRequest("limit is a number from 1 to " + LIMIT_MAX + ".");
  }

  /// Until the end of a day is what people mean; before a moment is what programs mean.
  private @Nullable Instant to() {
    Instant before = Requests.instant("to", to);
    Instant day = Requests.instant("until", until);
    if (day == null) {
      return before;
    }
    Instant end = day.plus(1, ChronoUnit.DAYS);
    return before == null || end.isBefore(before) ? end : before;
  }

  private @Nullable Boolean livemode() {
    if (livemode == null || livemode.isBlank()) {
      return null;
    }
    return switch (livemode) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Problem.badRequest("livemode is true or false.");
    };
  }

  private static @Nullable BigDecimal amount(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (!AMOUNT.matcher(value).matches()) {
      throw Problem.badRequest(name + " is an amount such as 30 or 29.95.");
    }
    return new BigDecimal(value);
  }

  private boolean oldestFirst() {
    if (sort == null || sort.isBlank() || sort.equals("-placedAt")) {
      return false;
    }
    if (sort.equals("placedAt")) {
      return true;
    }
    throw Problem.badRequest("sort is placedAt or -placedAt.");
  }

  private static @Nullable String text(String name, @Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (CodePoints.moreThan(TEXT_LENGTH_MAX, value) || value.indexOf('\u0000') >= 0) {
      throw Problem.badRequest(
          name + " has at most " + TEXT_LENGTH_MAX + " characters and no NUL.");
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
      throw Problem.badRequest(name + " is no status.");
    }
    return lower;
  }
}
