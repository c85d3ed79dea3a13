package dev.quittance.console.transactions;

import dev.quittance.console.Labels;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An order as a row shows it. Who bought it is masked.
///
/// @param key names the row, so that a change finds it
/// @param version of the order: a page doesn't show an older one
/// @param moment machine-readable
record ShownOrder(
    String key,
    long version,
    String link,
    String title,
    String moment,
    String time,
    String customer,
    String amount,
    String more,
    String method,
    Badge payment,
    Badge fulfillment,
    String provider,
    boolean test) {

  /// A status in words, and how it feels: `good`, `wait`, `bad`, `info`, or nothing.
  record Badge(String text, String tone) {}

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /// Longer references are cut; the order's page has them whole.
  private static final int TITLE_LENGTH_MAX = 40;

  static ShownOrder of(OrderView order) {
    String id = order.id().value();
    String reference = order.reference();
    return new ShownOrder(
        "order-" + id,
        order.version(),
        "/console/orders/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20"),
        cut(
            reference == null || reference.isBlank() ? order.id().paymentReference() : reference,
            TITLE_LENGTH_MAX),
        order.placedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
        time(order.placedAt()),
        customer(order.customer()),
        order.amount() == null ? "–" : order.amount().toString(),
        more(order),
        method(order.method()),
        new Badge(Labels.payment(order.paymentStatus()), Labels.tone(order.paymentStatus())),
        new Badge(
            Labels.fulfillment(order.fulfillmentStatus()), Labels.tone(order.fulfillmentStatus())),
        order.account().equals(order.provider())
            ? order.provider()
            : order.provider() + " · " + order.account(),
        !order.livemode());
  }

  static String time(Instant moment) {
    return TIME.format(moment);
  }

  private static String customer(Customer customer) {
    return customer.email() == null
        ? "–"
        : cut(Customer.masked(customer.email()), TITLE_LENGTH_MAX);
  }

  private static String more(OrderView order) {
    Money refunded = order.refunded();
    if (refunded != null && refunded.isPositive()) {
      return "−" + refunded + " refunded";
    }
    if (order.received() != null && !order.received().equals(order.amount())) {
      return "received " + order.received();
    }
    return order.charged() == null ? "" : "charged " + order.charged();
  }

  private static String method(@Nullable PaymentMethod method) {
    if (method == null) {
      return "–";
    }
    String kind = method.brand() == null ? method.type().replace('_', ' ') : method.brand();
    return method.last4() == null ? kind : kind + " ··" + method.last4();
  }

  private static String cut(String text, int length) {
    return CodePoints.moreThan(length, text) ? CodePoints.cut(text, length - 1) + "…" : text;
  }
}
