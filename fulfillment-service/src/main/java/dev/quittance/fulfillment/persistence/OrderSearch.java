package dev.quittance.fulfillment.persistence;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a filter is in SQL, over the columns of the one index that holds them all: a condition that
/// names nothing else is answered without touching the orders themselves.
final class OrderSearch {

  /// As ISO 4217 has them; amounts of all others have two decimals.
  private static final Map<Integer, String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .filter(currency -> currency.getDefaultFractionDigits() >= 0)
          .filter(currency -> currency.getDefaultFractionDigits() != 2)
          .collect(
              Collectors.groupingBy(
                  Currency::getDefaultFractionDigits,
                  Collectors.mapping(
                      currency -> "'" + currency.getCurrencyCode() + "'",
                      Collectors.joining(", "))));

  private final StringJoiner where = new StringJoiner(" AND ").add("view IS NOT NULL");
  private final Map<String, Object> values = new HashMap<>();

  OrderSearch(OrderFilter filter) {
    add("(payment_status = :status OR fulfillment_status = :status)", "status", filter.status());
    add("payment_status = :paymentStatus", "paymentStatus", filter.paymentStatus());
    add("fulfillment_status = :fulfillmentStatus", "fulfillmentStatus", filter.fulfillmentStatus());
    add("provider = :provider", "provider", filter.provider());
    add("account = :account", "account", filter.account());
    add("connected_account = :connected", "connected", filter.connectedAccount());
    add("payment_method = :method", "method", filter.method());
    add("currency = :currency", "currency", filter.currency());
    add("livemode = :livemode", "livemode", filter.livemode());
    add("placed_at >= :from", "from", filter.from());
    add("placed_at < :to", "to", filter.to());
    add("checkout_session = :session", "session", filter.session());
    amount(">=", "amountMin", filter.amountMin(), RoundingMode.CEILING);
    amount("<=", "amountMax", filter.amountMax(), RoundingMode.FLOOR);
    String words =
        filter.text() == null ? null : SearchWords.query(filter.text(), filter.personal());
    add("search @@ CAST(:words AS tsquery)", "words", words);
  }

  /// After this place of the list.
  OrderSearch after(OrderSlice.@Nullable Place place, boolean oldestFirst) {
    if (place != null) {
      where.add("(placed_at, id) " + (oldestFirst ? ">" : "<") + " (:placed, :id)");
      values.put("placed", place.placedAt());
      values.put("id", place.id().value());
    }
    return this;
  }

  private void add(String clause, String name, @Nullable Object value) {
    if (value != null) {
      where.add(clause);
      values.put(name, value);
    }
  }

  /// The same major amount is another number of minor units in each kind of currency.
  private void amount(
      String comparison, String name, @Nullable BigDecimal major, RoundingMode towards) {
    if (major == null) {
      return;
    }
    var clause = new StringBuilder("amount_minor " + comparison + " CASE");
    CURRENCIES.forEach((exponent, codes) -> {
      clause.append(" WHEN currency IN (" + codes + ") THEN :" + name + exponent);
      values.put(name + exponent, minor(major, exponent, towards));
    });
    where.add(clause.append(" ELSE :" + name + "2 END").toString());
    values.put(name + "2", minor(major, 2, towards));
  }

  private static BigDecimal minor(BigDecimal major, int exponent, RoundingMode towards) {
    return major.movePointRight(exponent).setScale(0, towards);
  }

  /// The conditions, joined.
  String where() {
    return where.toString();
  }

  /// What stands for the names in the conditions.
  Map<String, Object> values() {
    return values;
  }
}
