package dev.quittance.receipts.store;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import dev.quittance.receipts.receipt.Draft;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.Standing;
import dev.quittance.receipts.receipt.Status;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /// How a receipt stands.
  record Entry(ReceiptKey key, Standing standing) {}

  /// Asks how the receipts of some orders stand, locked until the transaction ends. What is sent
  /// again by hand counts as tried, and what was sent once as sent, whatever became of it the
  /// second time: its customer has it.
  static Exchange.Answer<Entry> ask(Exchange exchange, Collection<OrderId> orders)
      throws SQLException {
    return exchange.ask(STANDINGS, Parameters.texts(orders), Book::entry);
  }

  /// The answer by order.
  static Map<OrderId, Map<ReceiptKey, Standing>> standings(Exchange.Answer<Entry> asked)
      throws SQLException {
    var standings = new HashMap<OrderId, Map<ReceiptKey, Standing>>();
    for (Entry entry : asked.rows()) {
      standings
          .computeIfAbsent(entry.key.order(), _ -> new HashMap<>())
          .put(entry.key, entry.standing);
    }
    return standings;
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        key(row, 1),
        new Standing(
            Status.named(row.getString(4)),
            Money.ofMinor(row.getLong(5), row.getString(6)),
            row.getBoolean(7),
            row.getString(8),
            row.getString(10) == null ? null : Money.ofMinor(row.getLong(9), row.getString(10))));
  }

  /// Creates receipts, or replaces those that nobody has tried to send.
  ///
  /// @param receipts waiting, due or skipped
  /// @param origins what brought them about, by order
  public static void write(Exchange exchange, List<Receipt> receipts, Map<OrderId, Origin> origins)
      throws SQLException {
    if (!receipts.isEmpty()) {
      exchange.write(
          WRITE,
          Parameters.none()
              .rows(receipts.stream().map(Book::row).toList())
              .text(row -> row.key.id())
              .text(row -> row.key.order())
              .text(row -> wireName(row.key.kind()))
              .words(row -> row.key.subject())
              .text(row -> row.status.wireName())
              .longs(row -> row.amount.minorUnits())
              .text(row -> row.amount.currency().getCurrencyCode())
              .words(Row::series)
              .words(Row::to)
              .words(row -> row.content == null ? null : json(row.content))
              .instants(Row::since)
              .words(row -> row.reason == null ? null : row.reason.code())
              .words(row -> row.reason == null ? null : row.reason.message())
              .text(row -> origins.getOrDefault(row.key.order(), Origin.UNKNOWN).traceparent())
              .text(row -> origins.getOrDefault(row.key.order(), Origin.UNKNOWN).receivedAt())
              .end());
    }
  }

  /// Notes of receipts that were sent, or may be sent as they are, what the facts say now.
  ///
  /// @param supported absent where the facts support what the receipt said
  /// @return the orders of which a note changed
  public static Exchange.Answer<OrderId> support(
      Exchange exchange, Collection<ReceiptKey> sent, Map<ReceiptKey, Money> supported)
      throws SQLException {
    return exchange.ask(
        SUPPORT,
        Parameters.none()
            .rows(sent)
            .text(ReceiptKey::id)
            .longsOrNone(key -> {
              Money amount = supported.get(key);
              return amount == null ? null : (Long) amount.minorUnits();
            })
            .text(key -> {
              Money amount = supported.get(key);
              return amount == null ? null : amount.currency().getCurrencyCode();
            })
            .end(),
        row -> new OrderId(row.getString(1)));
  }

  /// Deletes receipts that nobody has tried to send.
  public static void withdraw(Exchange exchange, List<ReceiptKey> keys) throws SQLException {
    if (!keys.isEmpty()) {
      exchange.write(
          WITHDRAW,
          Parameters.none()
              .rows(keys)
              .text(ReceiptKey::order)
              .text(key -> wireName(key.kind()))
              .words(ReceiptKey::subject)
              .end());
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
