package dev.quittance.console;

import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.fulfillment.order.Order;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the console's pages say things: always the same way, always in UTC.
public final class Labels {

  public static final String NOTHING = "–";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Map<String, String> EVENTS =
      Map.ofEntries(
          Map.entry("dev.quittance.payment.pending.v1", "Payment pending"),
          Map.entry("dev.quittance.payment.succeeded.v1", "Payment succeeded"),
          Map.entry("dev.quittance.payment.attempt_failed.v1", "Payment attempt failed"),
          Map.entry("dev.quittance.payment.failed.v1", "Payment failed"),
          Map.entry("dev.quittance.payment.canceled.v1", "Payment canceled"),
          Map.entry("dev.quittance.payment.reversed.v1", "Payment bounced"),
          Map.entry("dev.quittance.payment.items_known.v1", "Line items known"),
          Map.entry("dev.quittance.payment.refund_updated.v1", "Refund"),
          Map.entry("dev.quittance.payment.refund_total_updated.v1", "Refunded in total"),
          Map.entry("dev.quittance.payment.dispute_updated.v1", "Dispute"),
          Map.entry("dev.quittance.fulfillment.requested.v1", "Fulfillment requested"),
          Map.entry("dev.quittance.fulfillment.held.v1", "Put on hold"),
          Map.entry("dev.quittance.fulfillment.released.v1", "Released"),
          Map.entry("dev.quittance.fulfillment.canceled.v1", "Fulfillment canceled"),
          Map.entry("dev.quittance.fulfillment.completed.v1", "Fulfilled"),
          Map.entry("dev.quittance.fulfillment.rejected.v1", "Command rejected"),
          Map.entry("dev.quittance.fulfillment.reversal_requested.v1", "Return requested"),
          Map.entry("dev.quittance.fulfillment.reversed.v1", "Returned"),
          Map.entry("dev.quittance.order.customer_erased.v1", "Customer erased"),
          Map.entry(
              "dev.quittance.order.payment_pending.v1", "Subscribers notified: payment pending"),
          Map.entry("dev.quittance.order.paid.v1", "Subscribers notified: paid"),
          Map.entry(
              "dev.quittance.order.payment_failed.v1", "Subscribers notified: payment failed"),
          Map.entry(
              "dev.quittance.order.payment_reversed.v1", "Subscribers notified: payment bounced"),
          Map.entry("dev.quittance.order.refunded.v1", "Subscribers notified: refunded"),
          Map.entry("dev.quittance.order.disputed.v1", "Subscribers notified: disputed"));

  private static final Map<String, String> ACTIONS =
      Map.ofEntries(
          Map.entry("customer.revealed", "Viewed customer details"),
          Map.entry("events.read", "Viewed raw events"),
          Map.entry("order.fulfilled", "Marked as fulfilled"),
          Map.entry("order.held", "Put on hold"),
          Map.entry("order.released", "Released"),
          Map.entry("order.reversed", "Marked as returned"),
          Map.entry("order.refund asked", "Requested refund"),
          Map.entry("receipt.resend asked", "Sent receipt again"),
          Map.entry("code.resend asked", "Sent code mail again"),
          Map.entry("code.discard asked", "Discarded code"),
          Map.entry("correction.read", "Viewed correction"),
          Map.entry("receipt.correction asked", "Sent correction"));

  private Labels() {}

  /// To the second, in UTC.
  public static String time(@Nullable Instant at) {
    return at == null ? NOTHING : TIME.format(at);
  }

  /// With the currency's own decimals, such as `1,234.50 USD`.
  public static String money(@Nullable Money money) {
    return money == null
        ? NOTHING
        : String.format(
            Locale.ROOT,
            "%,." + Money.exponent(money.currency()) + "f %s",
            money.major(),
            money.currency().getCurrencyCode());
  }

  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// How long something took or lasts, in the largest unit that says enough.
  public static String duration(Duration duration) {
    if (duration.isNegative()) {
      return "0 ms";
    }
    long ms = duration.toMillis();
    if (ms < 1_000) {
      return ms + " ms";
    }
    if (ms < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1_000.0);
    }
    if (ms < 3_600_000) {
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
    return ms < 48 * 3_600_000L
        ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
        : duration.toDays() + " days";
  }

  public static String ago(Instant at, Instant now) {
    return duration(Duration.between(at.truncatedTo(ChronoUnit.MILLIS), now)) + " ago";
  }

  /// A payment status in the words that shops use.
  public static String payment(PaymentStatus status) {
    return switch (status) {
      case PENDING -> "pending";
      case PAID -> "paid";
      case FAILED -> "failed";
      case CANCELED -> "canceled";
      case PARTIALLY_REFUNDED -> "partially refunded";
      case REFUNDED -> "refunded";
      case REVERSED -> "payment bounced";
      case DISPUTED -> "disputed";
      case CHARGED_BACK -> "charged back";
    };
  }

  /// A fulfillment status in the words that shops use.
  public static String fulfillment(FulfillmentStatus status) {
    return switch (status) {
      case NOT_DUE -> "not ready";
      case DUE -> "to ship";
      case ON_HOLD -> "on hold";
      case PARTIALLY_FULFILLED -> "partially fulfilled";
      case FULFILLED -> "fulfilled";
      case CANCELED -> "canceled";
      case REVERSAL_DUE -> "to be returned";
      case REVERSED -> "returned";
    };
  }

  /// A provider as it writes itself; any other as it is named here.
  public static String provider(String name) {
    return switch (name) {
      case "stripe" -> "Stripe";
      case "paysuper" -> "PaySuper";
      default -> name;
    };
  }

  /// Who gave a command: a person's name where the source holds one. A source that was cut, or that
  /// somebody made up, may be no whole one: then it is shown as it stands.
  public static String author(String source) {
    for (String prefix : List.of("/quittance/console/", "/quittance/api/")) {
      if (source.startsWith(prefix)) {
        try {
          return URLDecoder.decode(source.substring(prefix.length()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          return source;
        }
      }
    }
    return source.equals(Order.SYSTEM) ? "Quittance" : source;
  }

  /// What somebody did, as the audit has it.
  public static String action(String word) {
    return ACTIONS.getOrDefault(word, plain(word));
  }

  /// `partially_refunded` for people.
  public static String plain(String word) {
    return word.replace('_', ' ');
  }

  /// What an event's type means; the type itself where it isn't known here.
  public static String event(String type) {
    return EVENTS.getOrDefault(type, type);
  }

  /// The color of a status, as the stylesheet knows it.
  public static String tone(PaymentStatus status) {
    return switch (status) {
      case PENDING -> "wait";
      case PAID -> "good";
      case FAILED, REVERSED, DISPUTED, CHARGED_BACK -> "bad";
      case CANCELED -> "";
      case PARTIALLY_REFUNDED, REFUNDED -> "info";
    };
  }

  /// The color of a status, as the stylesheet knows it.
  public static String tone(FulfillmentStatus status) {
    return switch (status) {
      case NOT_DUE, CANCELED -> "";
      case DUE, PARTIALLY_FULFILLED -> "wait";
      case ON_HOLD, REVERSAL_DUE -> "bad";
      case FULFILLED -> "good";
      case REVERSED -> "info";
    };
  }
}
