package dev.quittance.receipts.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Outbox;
import dev.quittance.inboxoutbox.OutboxRow;
import dev.quittance.inboxoutbox.Parameters;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.Standing;
import dev.quittance.receipts.receipt.Turn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes what became of receipts that were being sent.
final class Settling {

  /// What is done is told: each gets the next sequence of its order.
  private static final String TOLD =
      """
      , told AS (
        UPDATE orders AS o
           SET events = o.events + added.n
          FROM (SELECT order_id, count(*) AS n FROM done GROUP BY order_id) AS added
         WHERE o.id = added.order_id
        RETURNING o.id, o.events)
      SELECT done.id, told.events + 1 - row_number() OVER (PARTITION BY told.id ORDER BY done.id DESC)
        FROM done JOIN told ON told.id = done.order_id
      """;

  /// Whoever holds the lease by now: the mail server has it, so it is sent. Only a resending by
  /// hand, which is another edition, is another letter.
  private static final String SENT =
      """
      WITH done AS (
        UPDATE receipts AS receipt
           SET status = 'sent', sent_at = done.at, first_sent_at = coalesce(receipt.first_sent_at, done.at),
               message_id = done.message_id, lease_owner = NULL,
               reason_code = NULL, reason_message = NULL, undeliverable_at = NULL
          FROM unnest(?::text[], ?::int[], ?::text[], ?::timestamptz[]) AS done (id, edition, message_id, at)
         WHERE receipt.id = done.id AND receipt.edition = done.edition AND receipt.status <> 'sent'
        RETURNING receipt.id, receipt.order_id)
      """
          + TOLD;

  private static final String RETRYING =
      """
      UPDATE receipts AS receipt
         SET status = 'retrying', next_attempt_at = done.next, lease_owner = NULL,
             reason_code = done.code, reason_message = done.message
        FROM unnest(?::text[], ?::text[], ?::int[], ?::timestamptz[], ?::text[], ?::text[])
             AS done (id, owner, attempt, next, code, message)
       WHERE receipt.id = done.id AND receipt.status = 'sending'
         AND receipt.lease_owner = done.owner AND receipt.attempts = done.attempt
      """;

  private static final String UNDELIVERABLE =
      """
      WITH done AS (
        UPDATE receipts AS receipt
           SET status = 'undeliverable', lease_owner = NULL, reason_code = done.code, reason_message = done.message,
               undeliverable_at = ?
          FROM unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[])
               AS done (id, owner, attempt, code, message)
         WHERE receipt.id = done.id AND receipt.status = 'sending'
           AND receipt.lease_owner = done.owner AND receipt.attempts = done.attempt
        RETURNING receipt.id, receipt.order_id)
      """
          + TOLD;

  private static final String WITH_WAITING =
      """
      SELECT DISTINCT order_id
        FROM receipts
       WHERE order_id IN (SELECT unnest(?::text[])) AND status = 'waiting' AND content IS NOT NULL
      """;

  private static final String DUE =
      """
      UPDATE receipts AS receipt
         SET status = 'due', since = greatest(since, ?), next_attempt_at = greatest(since, ?)
        FROM unnest(?::text[]) AS turn (id)
       WHERE receipt.id = turn.id AND receipt.status = 'waiting'
      """;

  private final Clock clock;

  Settling(Clock clock) {
    this.clock = clock;
  }

  void settle(Exchange exchange, List<Receipt> outcomes) throws SQLException {
    var sent = new ArrayList<Receipt.Sent>();
    var undeliverable = new ArrayList<Receipt.Undeliverable>();
    var retrying = new ArrayList<Receipt.Retrying>();
    for (Receipt outcome : outcomes) {
      switch (outcome) {
        case Receipt.Sent one -> sent.add(one);
        case Receipt.Undeliverable one -> undeliverable.add(one);
        case Receipt.Retrying one -> retrying.add(one);
        case Receipt.Waiting _, Receipt.Due _, Receipt.Sending _, Receipt.Skipped _ ->
            throw new IllegalArgumentException("not an outcome of sending");
      }
    }
    Set<OrderId> orders = new HashSet<>();
    sent.forEach(one -> orders.add(one.key().order()));
    undeliverable.forEach(one -> orders.add(one.key().order()));
    if (!orders.isEmpty()) {
      Facts.lockKnown(exchange, orders);
    }
    retry(exchange, retrying);
    if (orders.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    var told = new ArrayList<Exchange.Answer<Told>>();
    if (!sent.isEmpty()) {
      told.add(sent(exchange, sent));
    }
    if (!undeliverable.isEmpty()) {
      told.add(undeliverable(exchange, undeliverable, now));
    }
    Exchange.Answer<OrderId> waiting =
        exchange.ask(WITH_WAITING, Parameters.texts(orders), row -> new OrderId(row.getString(1)));
    var sequences = new HashMap<String, Long>();
    for (Exchange.Answer<Told> answer : told) {
      answer.rows().forEach(one -> sequences.put(one.receipt, one.sequence));
    }
    var news = new ArrayList<OutboxRow>();
    sent.forEach(one -> tell(Announcement.of(one), one.key(), sequences, news));
    undeliverable.forEach(one -> tell(Announcement.of(one, now), one.key(), sequences, news));
    Outbox.append(exchange, news);
    turns(exchange, waiting.rows(), now);
  }

  /// A receipt of which something is to be told.
  ///
  /// @param sequence of what is told, within its order
  private record Told(String receipt, long sequence) {

    static Told of(ResultSet row) throws SQLException {
      return new Told(row.getString(1), row.getLong(2));
    }
  }

  /// Where somebody else has settled it, that was told then.
  private static void tell(
      Announcement announcement,
      ReceiptKey key,
      Map<String, Long> sequences,
      List<OutboxRow> rows) {
    Long sequence = sequences.get(key.id().value());
    if (sequence != null) {
      rows.add(announcement.row(sequence));
    }
  }

  private static Exchange.Answer<Told> sent(Exchange exchange, List<Receipt.Sent> receipts)
      throws SQLException {
    return exchange.ask(
        SENT,
        Parameters.none()
            .rows(receipts)
            .text(one -> one.key().id())
            .ints(one -> one.sending().edition())
            .text(Receipt.Sent::messageId)
            .instants(Receipt.Sent::at)
            .end(),
        Told::of);
  }

  private static void retry(Exchange exchange, List<Receipt.Retrying> receipts)
      throws SQLException {
    if (!receipts.isEmpty()) {
      exchange.write(
          RETRYING,
          Parameters.none()
              .rows(receipts)
              .text(one -> one.key().id())
              .text(one -> one.sending().lease().owner())
              .ints(one -> one.sending().attempt())
              .instants(Receipt.Retrying::next)
              .words(one -> one.reason().code())
              .words(one -> one.reason().message())
              .end());
    }
  }

  private static Exchange.Answer<Told> undeliverable(
      Exchange exchange, List<Receipt.Undeliverable> receipts, Instant now) throws SQLException {
    return exchange.ask(
        UNDELIVERABLE,
        Parameters.none()
            .instant(now)
            .rows(receipts)
            .text(one -> one.key().id())
            .text(one -> one.sending().lease().owner())
            .ints(one -> one.sending().attempt())
            .words(one -> one.reason().code())
            .words(one -> one.reason().message())
            .end(),
        Told::of);
  }

  /// Receipts that waited for these get their turn.
  private static void turns(Exchange exchange, List<OrderId> waiting, Instant now)
      throws SQLException {
    if (waiting.isEmpty()) {
      return;
    }
    var due = new ArrayList<ReceiptKey>();
    var never = new ArrayList<ReceiptKey>();
    for (Map<ReceiptKey, Standing> standings :
        Book.standings(Book.ask(exchange, waiting)).values()) {
      Turn.Turns turns = Turn.after(standings);
      due.addAll(turns.now());
      never.addAll(turns.never());
    }
    Book.withdraw(exchange, never);
    if (!due.isEmpty()) {
      exchange.write(
          DUE, Parameters.none().instant(now).instant(now).rows(due).text(ReceiptKey::id).end());
    }
  }
}
