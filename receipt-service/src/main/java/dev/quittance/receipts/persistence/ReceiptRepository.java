package dev.quittance.receipts.persistence;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.Grant;
import dev.quittance.receipts.receipt.Lease;
import dev.quittance.receipts.receipt.MailStatus;
import dev.quittance.receipts.receipt.Origin;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptDraft;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.ReceiptSummary;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The receipts as they are planned. Whoever writes holds the orders' locks.
public final class ReceiptRepository {

  /// What [#entry] reads.
  static final String SUMMARY =
      """
      order_id, kind, subject,
             CASE WHEN edition > 1 AND status = 'due' THEN 'retrying'
                  WHEN first_sent_at IS NOT NULL AND status = 'undeliverable' THEN 'sent'
                  ELSE status END,
             amount_minor, currency, content IS NOT NULL, reason_code, supported_minor, supported_currency,
             number IS NOT NULL\
      """;

  private static final String SUMMARIES =
      """
      SELECT %s
        FROM mails
       WHERE order_id IN (SELECT unnest(?::text[])) AND kind <> 'code'
       ORDER BY id
         FOR UPDATE
      """
          .formatted(SUMMARY);

  /// What has a number was on its way once and stays as it is. What is leased is numbered, and the
  /// answer.
  private static final String WRITE =
      """
      WITH new AS MATERIALIZED (
             SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::timestamptz[])
             AS new (id, order_id, kind, subject, status, amount_minor, currency, series, recipient,
                     content, since, reason_code, reason_message, traceparent, received_at, lease_owner, next)),
           unnumbered AS (SELECT id, series, since AS due FROM new WHERE lease_owner IS NOT NULL),
           %1$s,
           written AS (
      INSERT INTO mails AS mail
             (id, order_id, kind, subject, status, amount_minor, currency, series, number, recipient, content,
              since, next_attempt_at, attempts, lease_owner, reason_code, reason_message, traceparent, webhook_received_at)
      SELECT id, order_id, kind, subject, status, amount_minor, currency, series, number, recipient, content::json,
             since, next, CASE WHEN lease_owner IS NULL THEN 0 ELSE 1 END, lease_owner, reason_code, reason_message,
             traceparent, received_at::timestamptz
        FROM new LEFT JOIN given USING (id)
      ON CONFLICT ON CONSTRAINT one_per_effect DO UPDATE
         SET status          = excluded.status,
             amount_minor    = excluded.amount_minor,
             currency        = excluded.currency,
             series          = excluded.series,
             number          = coalesce(mail.number, excluded.number),
             recipient       = excluded.recipient,
             content         = excluded.content,
             since           = CASE mail.status WHEN 'due' THEN mail.since ELSE excluded.since END,
             next_attempt_at = CASE WHEN excluded.status = 'sending' OR mail.status <> 'due' THEN excluded.next_attempt_at
                                    ELSE mail.since END,
             attempts        = excluded.attempts,
             lease_owner     = excluded.lease_owner,
             reason_code     = excluded.reason_code,
             reason_message  = excluded.reason_message,
             traceparent     = coalesce(excluded.traceparent, mail.traceparent),
             webhook_received_at = coalesce(excluded.webhook_received_at, mail.webhook_received_at)
       WHERE mail.status IN ('waiting', 'due', 'skipped') AND mail.edition = 1
         AND (mail.status <> 'skipped' OR mail.number IS NULL)
      RETURNING id, lease_owner, number, token, since, traceparent, webhook_received_at)
      SELECT id, number, token, since, %2$s, traceparent, webhook_received_at
        FROM written
       WHERE lease_owner IS NOT NULL
      """
          .formatted(ReceiptNumbers.GIVEN, MailOutages.countedFrom("written"));

  private static final String WITHDRAW =
      """
      DELETE FROM mails AS old
       USING unnest(?::text[], ?::text[], ?::text[]) AS gone (order_id, kind, subject)
       WHERE old.order_id = gone.order_id AND old.kind = gone.kind AND old.subject = gone.subject
         AND old.status IN ('waiting', 'due', 'skipped') AND old.edition = 1
         AND (old.status <> 'skipped' OR old.number IS NULL)
      """;

  private static final String SUPPORT =
      """
      UPDATE mails AS sent
         SET supported_minor = facts.supported, supported_currency = facts.currency
        FROM unnest(?::text[], ?::bigint[], ?::text[]) AS facts (id, supported, currency)
       WHERE sent.id = facts.id
         AND (sent.supported_minor, sent.supported_currency) IS DISTINCT FROM (facts.supported, facts.currency)
      RETURNING sent.order_id
      """;

  private ReceiptRepository() {}

  /// How a receipt stands.
  record Entry(ReceiptKey key, ReceiptSummary summary) {}

  /// Asks how the receipts of some orders stand, locked until the transaction ends. What is sent
  /// again by hand counts as tried, and what was sent once as sent, whatever became of it the
  /// second time: its customer has it.
  static StatementPipeline.Answer<Entry> ask(StatementPipeline exchange, Collection<OrderId> orders)
      throws SQLException {
    return exchange.ask(SUMMARIES, Parameters.texts(orders), ReceiptRepository::entry);
  }

  /// The answer by order.
  static Map<OrderId, Map<ReceiptKey, ReceiptSummary>> summaries(
      StatementPipeline.Answer<Entry> asked) throws SQLException {
    return summaries(asked.rows());
  }

  static Map<OrderId, Map<ReceiptKey, ReceiptSummary>> summaries(List<Entry> entries) {
    return entries.stream()
        .collect(groupingBy(entry -> entry.key.order(), toMap(Entry::key, Entry::summary)));
  }

  static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        key(row, 1),
        new ReceiptSummary(
            MailStatus.named(row.getString(4)),
            Money.ofMinor(row.getLong(5), row.getString(6)),
            row.getBoolean(7),
            row.getString(8),
            row.getString(10) == null ? null : Money.ofMinor(row.getLong(9), row.getString(10)),
            row.getBoolean(11)));
  }

  /// Creates receipts, or replaces those that nobody has tried to send. They wait in the table.
  ///
  /// @param receipts waiting, due or skipped
  /// @param origins what brought them about, by order
  static void write(
      StatementPipeline exchange, List<Receipt> receipts, Map<OrderId, Origin> origins)
      throws SQLException {
    write(exchange, receipts, Set.of(), Grant.NONE, origins);
  }

  /// The same, of which some are claimed.
  ///
  /// @param atOnce those to be claimed: due, and new or waiting or due before, so that no number is
  ///   lost
  /// @return what is claimed; it is there when the statement was sent, at the latest with the
  ///   commit
  public static List<ClaimedMail> write(
      StatementPipeline exchange,
      List<Receipt> receipts,
      Set<ReceiptKey> atOnce,
      Grant grant,
      Map<OrderId, Origin> origins)
      throws SQLException {
    var claimed = new ArrayList<ClaimedMail>();
    if (receipts.isEmpty()) {
      return claimed;
    }
    var rows = new LinkedHashMap<String, Row>();
    for (Receipt receipt : receipts) {
      Lease lease = atOnce.contains(receipt.key()) ? grant.lease() : null;
      rows.put(receipt.key().id().value(), row(receipt, lease));
    }
    exchange.ask(
        WRITE,
        Parameters.none()
            .rows(rows.values())
            .text(row -> row.key().id())
            .text(row -> row.key().order())
            .text(row -> wireName(row.key().kind()))
            .words(row -> row.key().subject())
            .text(row -> row.status().wireName())
            .longs(row -> row.receipt.amount().minorUnits())
            .text(row -> row.receipt.amount().currency().getCurrencyCode())
            .words(Row::series)
            .text(Row::to)
            .words(row -> row.content == null ? null : Columns.json(row.content))
            .instants(Row::since)
            .words(row -> row.reason == null ? null : row.reason.code())
            .words(row -> row.reason == null ? null : row.reason.message())
            .text(row -> origins.getOrDefault(row.key().order(), Origin.UNKNOWN).traceparent())
            .text(row -> origins.getOrDefault(row.key().order(), Origin.UNKNOWN).receivedAt())
            .text(row -> row.lease == null ? null : row.lease.owner())
            .instants(row -> row.lease == null ? row.since : row.lease.until())
            .end()
            .number(grant.year()),
        row -> claimed.add(claimed(row, Objects.requireNonNull(rows.get(row.getString(1))))));
    return claimed;
  }

  /// What is sent at once says the same as what is read from the table after a crash.
  private static ClaimedMail claimed(ResultSet row, Row written) throws SQLException {
    return new ClaimedMail(
        row.getString(1),
        written.key().order(),
        new ClaimedMail.Body.Receipt(written.key(), row.getString(2), row.getObject(3, UUID.class)),
        Objects.requireNonNull(written.content),
        Objects.requireNonNull(written.to),
        1,
        1,
        Columns.instant(row, 4),
        Columns.instant(row, 5),
        Objects.requireNonNull(written.lease),
        new Origin(row.getString(6), Columns.instantOrNull(row, 7)));
  }

  /// Notes of receipts that were sent, or may be sent as they are, what the facts say now.
  ///
  /// @param supported absent where the facts support what the receipt said
  /// @return the orders of which a note changed
  public static StatementPipeline.Answer<OrderId> support(
      StatementPipeline exchange, Collection<ReceiptKey> sent, Map<ReceiptKey, Money> supported)
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
  public static void withdraw(StatementPipeline exchange, List<ReceiptKey> keys)
      throws SQLException {
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

  private static Row row(Receipt receipt, @Nullable Lease lease) {
    return switch (receipt) {
      case Receipt.Waiting(_, _, var draft, var notBefore) ->
          drafted(receipt, draft, notBefore, null);
      case Receipt.Due(_, var draft, var since) -> drafted(receipt, draft, since, lease);
      case Receipt.Skipped(_, _, var reason, var content, var series) ->
          new Row(receipt, content, null, series, Instant.EPOCH, reason, null);
    };
  }

  private static Row drafted(
      Receipt receipt, @Nullable ReceiptDraft draft, Instant since, @Nullable Lease lease) {
    return draft == null
        ? new Row(receipt, null, null, null, since, null, null)
        : new Row(
            receipt,
            draft.content(),
            draft.to().replace("\0", ""),
            draft.series(),
            since,
            null,
            lease);
  }

  /// @param lease absent where the receipt waits in the table
  private record Row(
      Receipt receipt,
      @Nullable ReceiptContent content,
      @Nullable String to,
      @Nullable String series,
      Instant since,
      @Nullable Reason reason,
      @Nullable Lease lease) {

    ReceiptKey key() {
      return receipt.key();
    }

    MailStatus status() {
      return lease == null ? receipt.status() : MailStatus.SENDING;
    }

    @Override
    public String toString() {
      return "Row[" + key() + "]";
    }
  }
}
