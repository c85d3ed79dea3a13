package dev.quittance.receipts.store;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.receipt.Draft;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.Standing;
import dev.quittance.receipts.receipt.Status;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The book of receipts, as the intake writes it. Whoever writes holds the orders' locks.
public final class Book {

  private static final String STANDINGS =
      """
      SELECT order_id, kind, subject,
             CASE WHEN edition > 1 AND status = 'due' THEN 'retrying'
                  WHEN first_sent_at IS NOT NULL AND status = 'undeliverable' THEN 'sent'
                  ELSE status END,
             amount_minor, currency, content IS NOT NULL, reason_code, supported_minor, supported_currency
        FROM receipts
       WHERE order_id IN (SELECT unnest(?::text[]))
       ORDER BY id
         FOR UPDATE
      """;

  private static final String WRITE =
      """
      INSERT INTO receipts AS old
             (id, order_id, kind, subject, status, amount_minor, currency, series, recipient, content,
              since, next_attempt_at, reason_code, reason_message, traceparent, webhook_received_at)
      SELECT id, order_id, kind, subject, status, amount_minor, currency, series, recipient,
             content::json, since, since, reason_code, reason_message, traceparent, received_at::timestamptz
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[])
             AS new (id, order_id, kind, subject, status, amount_minor, currency, series, recipient,
                     content, since, reason_code, reason_message, traceparent, received_at)
      ON CONFLICT ON CONSTRAINT one_per_effect DO UPDATE
         SET status          = excluded.status,
             amount_minor    = excluded.amount_minor,
             currency        = excluded.currency,
             series          = excluded.series,
             recipient       = excluded.recipient,
             content         = excluded.content,
             since           = CASE old.status WHEN 'due' THEN old.since ELSE excluded.since END,
             next_attempt_at = CASE old.status WHEN 'due' THEN old.since ELSE excluded.since END,
             reason_code     = excluded.reason_code,
             reason_message  = excluded.reason_message,
             traceparent     = coalesce(excluded.traceparent, old.traceparent),
             webhook_received_at = coalesce(excluded.webhook_received_at, old.webhook_received_at)
       WHERE old.status IN ('waiting', 'due', 'skipped') AND old.edition = 1
      """;

  private static final String WITHDRAW =
      """
      DELETE FROM receipts AS old
       USING unnest(?::text[], ?::text[], ?::text[]) AS gone (order_id, kind, subject)
       WHERE old.order_id = gone.order_id AND old.kind = gone.kind AND old.subject = gone.subject
         AND old.status IN ('waiting', 'due') AND old.edition = 1
      """;

  private static final String SUPPORT =
      """
      UPDATE receipts AS sent
         SET supported_minor = facts.supported, supported_currency = facts.currency
        FROM unnest(?::text[], ?::bigint[], ?::text[]) AS facts (id, supported, currency)
       WHERE sent.id = facts.id
         AND (sent.supported_minor, sent.supported_currency) IS DISTINCT FROM (facts.supported, facts.currency)
      RETURNING sent.order_id
      """;

  private Book() {}

  /// How the receipts of some orders stand, locked until the transaction ends. What is sent again
  /// by hand counts as tried, and what was sent once as sent, whatever became of it the second
  /// time: its customer has it.
  public static Map<OrderId, Map<ReceiptKey, Standing>> standings(
      Connection transaction, Collection<OrderId> orders) throws SQLException {
    var standings = new HashMap<OrderId, Map<ReceiptKey, Standing>>();
    try (PreparedStatement statement = transaction.prepareStatement(STANDINGS)) {
      Columns.of(transaction, statement, orders).text(OrderId::value);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ReceiptKey key = key(rows, 1);
          standings
              .computeIfAbsent(key.order(), _ -> new HashMap<>())
              .put(
                  key,
                  new Standing(
                      Status.named(rows.getString(4)),
                      Money.ofMinor(rows.getLong(5), rows.getString(6)),
                      rows.getBoolean(7),
                      rows.getString(8),
                      rows.getString(10) == null
                          ? null
                          : Money.ofMinor(rows.getLong(9), rows.getString(10))));
        }
      }
    }
    return standings;
  }

  /// Creates receipts, or replaces those that nobody has tried to send.
  ///
  /// @param receipts waiting, due or skipped
  /// @param origins what brought them about, by order
  public static void write(
      Connection transaction, List<Receipt> receipts, Map<OrderId, Origin> origins)
      throws SQLException {
    if (receipts.isEmpty()) {
      return;
    }
    List<Row> rows = receipts.stream().map(Book::row).toList();
    try (PreparedStatement statement = transaction.prepareStatement(WRITE)) {
      Columns.of(transaction, statement, rows)
          .text(row -> row.key.id().value())
          .text(row -> row.key.order().value())
          .text(row -> wireName(row.key.kind()))
          .text(row -> row.key.subject())
          .text(row -> row.status.wireName())
          .longs(row -> row.amount.minorUnits())
          .text(row -> row.amount.currency().getCurrencyCode())
          .text(Row::series)
          .text(Row::to)
          .text(row -> row.content == null ? null : json(row.content))
          .instants(Row::since)
          .text(row -> row.reason == null ? null : row.reason.code())
          .text(row -> row.reason == null ? null : row.reason.message())
          .text(row -> origins.getOrDefault(row.key.order(), Origin.UNKNOWN).traceparent())
          .text(row -> text(origins.getOrDefault(row.key.order(), Origin.UNKNOWN).receivedAt()));
      statement.executeUpdate();
    }
  }

  /// Notes of receipts that were sent, or may be sent as they are, what the facts say now.
  ///
  /// @param supported absent where the facts support what the receipt said
  /// @return the orders of which a note changed
  public static Set<OrderId> support(
      Connection transaction, Collection<ReceiptKey> sent, Map<ReceiptKey, Money> supported)
      throws SQLException {
    if (sent.isEmpty()) {
      return Set.of();
    }
    String[] ids = sent.stream().map(key -> key.id().value()).toArray(String[]::new);
    @Nullable Long[] amounts =
        sent.stream()
            .map(key -> {
              Money amount = supported.get(key);
              return amount == null ? null : (Long) amount.minorUnits();
            })
            .toArray(Long[]::new);
    @Nullable String[] currencies =
        sent.stream()
            .map(key -> {
              Money amount = supported.get(key);
              return amount == null ? null : amount.currency().getCurrencyCode();
            })
            .toArray(String[]::new);
    try (PreparedStatement statement = transaction.prepareStatement(SUPPORT)) {
      statement.setArray(1, transaction.createArrayOf("text", ids));
      statement.setArray(2, transaction.createArrayOf("int8", amounts));
      statement.setArray(3, transaction.createArrayOf("text", currencies));
      var changed = new HashSet<OrderId>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          changed.add(new OrderId(rows.getString(1)));
        }
      }
      return changed;
    }
  }

  /// Deletes receipts that nobody has tried to send.
  public static void withdraw(Connection transaction, List<ReceiptKey> keys) throws SQLException {
    if (keys.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = transaction.prepareStatement(WITHDRAW)) {
      Columns.of(transaction, statement, keys)
          .text(key -> key.order().value())
          .text(key -> wireName(key.kind()))
          .text(ReceiptKey::subject);
      statement.executeUpdate();
    }
  }

  /// @param column of the order's id; the kind and the subject come after it
  /// @throws IllegalArgumentException when it is of a kind that this version doesn't know
  static ReceiptKey key(ResultSet row, int column) throws SQLException {
    return new ReceiptKey(
        new OrderId(row.getString(column)),
        Kind.valueOf(row.getString(column + 1).toUpperCase(Locale.ROOT)),
        row.getString(column + 2));
  }

  static String wireName(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static String json(ReceiptContent content) {
    return new String(WireFormat.write(content), StandardCharsets.UTF_8);
  }

  private static Row row(Receipt receipt) {
    return switch (receipt) {
      case Receipt.Waiting(var key, var amount, var draft, var notBefore) ->
          draft == null
              ? new Row(key, Status.WAITING, amount, null, null, null, notBefore, null)
              : Row.drafted(key, Status.WAITING, draft, notBefore);
      case Receipt.Due(var key, var draft, var since) -> Row.drafted(key, Status.DUE, draft, since);
      case Receipt.Skipped(var key, var amount, var reason, var content, var series) ->
          new Row(key, Status.SKIPPED, amount, content, null, series, Instant.EPOCH, reason);
      case Receipt.Sending _, Receipt.Sent _, Receipt.Retrying _, Receipt.Undeliverable _ ->
          throw new IllegalArgumentException("the mail room writes those");
    };
  }

  private record Row(
      ReceiptKey key,
      Status status,
      Money amount,
      @Nullable ReceiptContent content,
      @Nullable String to,
      @Nullable String series,
      Instant since,
      @Nullable Reason reason) {

    @Override
    public String toString() {
      return "Row[" + key + ", " + status + "]";
    }

    static Row drafted(ReceiptKey key, Status status, Draft draft, Instant since) {
      return new Row(
          key,
          status,
          draft.content().amount(),
          draft.content(),
          draft.to(),
          draft.series(),
          since,
          null);
    }
  }
}
