package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.WireFormat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.hibernate.query.NativeQuery;

/// Sums over orders, and which of them changed of late.
@ApplicationScoped
public class OrderFigures {

  /// What was paid, whatever became of it.
  private static final String PAID =
      "payment_status IN ('paid', 'partially_refunded', 'refunded', 'disputed', 'charged_back')";

  /// What never came, or came and bounced.
  private static final String FAILED = "payment_status IN ('failed', 'canceled', 'reversed')";

  /// A shop of more currencies than this sees the ones most used.
  private static final int CURRENCIES_MAX = 8;

  /// As far back as the choices of the filters look: what nobody used since isn't offered.
  private static final int CHOICES_ORDERS = 10_000;

  private final EntityManager entities;

  OrderFigures(EntityManager entities) {
    this.entities = entities;
  }

  /// A step of time for sums.
  public enum Unit {
    HOUR,
    DAY,
    WEEK,
    MONTH
  }

  /// How many orders that were placed in a stretch of time were paid, refunded and failed.
  ///
  /// @param start by UTC
  /// @param refunded of those paid, in part or whole
  public record Count(Instant start, long paid, long refunded, long failed) {}

  /// What came in in one currency.
  ///
  /// @param orders how many were paid
  /// @param paid what was received, which may be less than what was agreed, or more
  public record Takings(long orders, Money paid, Money refunded, long failed) {}

  /// What the orders have in the columns that are filtered by.
  public record Choices(
      List<String> providers,
      List<String> accounts,
      List<String> methods,
      List<String> currencies) {}

  /// An order that changed.
  public record Change(Instant at, OrderView order) {}

  /// Counts over time; stretches without orders are left out.
  public List<Count> counts(OrderFilter filter, Unit unit) {
    OrderSearch search = new OrderSearch(filter);
    return rows(
            search,
            """
            SELECT date_trunc('%s', placed_at, 'UTC') AS start,
                   count(*) FILTER (WHERE %s) AS paid,
                   count(*) FILTER (WHERE refunded_minor > 0) AS refunded,
                   count(*) FILTER (WHERE %s) AS failed
              FROM orders WHERE %s GROUP BY 1 ORDER BY 1
            """
                .formatted(unit.name(), PAID, FAILED, search.where()))
        .addScalar("start", Instant.class)
        .addScalar("paid", Long.class)
        .addScalar("refunded", Long.class)
        .addScalar("failed", Long.class)
        .getResultStream()
        .map(row -> new Count((Instant) row[0], (Long) row[1], (Long) row[2], (Long) row[3]))
        .toList();
  }

  /// What came in, by currency, most used first.
  public List<Takings> takings(OrderFilter filter) {
    OrderSearch search = new OrderSearch(filter);
    return rows(
            search,
            """
            SELECT currency,
                   count(*) FILTER (WHERE %s) AS orders,
                   CAST(coalesce(sum(received_minor) FILTER (WHERE %s), 0) AS bigint) AS paid,
                   CAST(coalesce(sum(refunded_minor), 0) AS bigint) AS refunded,
                   count(*) FILTER (WHERE %s) AS failed
              FROM orders WHERE %s AND currency IS NOT NULL
             GROUP BY currency ORDER BY orders DESC, currency LIMIT %d
            """
                .formatted(PAID, PAID, FAILED, search.where(), CURRENCIES_MAX))
        .addScalar("currency", String.class)
        .addScalar("orders", Long.class)
        .addScalar("paid", Long.class)
        .addScalar("refunded", Long.class)
        .addScalar("failed", Long.class)
        .getResultStream()
        .map(row -> {
          String currency = (String) row[0];
          return new Takings(
              (Long) row[1],
              Money.ofMinor((Long) row[2], currency),
              Money.ofMinor((Long) row[3], currency),
              (Long) row[4]);
        })
        .toList();
  }

  /// What can be filtered by.
  public Choices choices() {
    Object[] row =
        entities
            .unwrap(Session.class)
            .createNativeQuery(
                """
                SELECT array_agg(DISTINCT provider) AS providers, array_agg(DISTINCT account) AS accounts,
                       array_agg(DISTINCT payment_method) AS methods, array_agg(DISTINCT currency) AS currencies
                  FROM (SELECT provider, account, payment_method, currency FROM orders
                         WHERE view IS NOT NULL ORDER BY placed_at DESC, id DESC LIMIT :rows) newest
                """,
                Object[].class)
            .addScalar("providers", String[].class)
            .addScalar("accounts", String[].class)
            .addScalar("methods", String[].class)
            .addScalar("currencies", String[].class)
            .setParameter("rows", CHOICES_ORDERS)
            .getSingleResult();
    return new Choices(words(row[0]), words(row[1]), words(row[2]), words(row[3]));
  }

  private static List<String> words(Object array) {
    return Stream.ofNullable((String[]) array)
        .flatMap(Arrays::stream)
        .filter(Objects::nonNull)
        .toList();
  }

  /// What changed since a moment, newest first.
  public List<Change> changes(Instant since, int limit) {
    return entities
        .unwrap(Session.class)
        .createNativeQuery(
            "SELECT updated_at, view FROM orders WHERE view IS NOT NULL AND updated_at >= :since"
                + " ORDER BY updated_at DESC LIMIT :rows",
            Object[].class)
        .addScalar("updated_at", Instant.class)
        .addScalar("view", byte[].class)
        .setParameter("since", since)
        .setParameter("rows", limit)
        .getResultStream()
        .map(row -> new Change((Instant) row[0], WireFormat.read((byte[]) row[1], OrderView.class)))
        .toList();
  }

  private NativeQuery<Object[]> rows(OrderSearch search, String sql) {
    NativeQuery<Object[]> query =
        entities.unwrap(Session.class).createNativeQuery(sql, Object[].class);
    search.values().forEach(query::setParameter);
    return query;
  }
}
