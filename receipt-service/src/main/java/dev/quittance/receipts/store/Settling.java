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

  private static final String LOCK =
      "SELECT id FROM orders WHERE id IN (SELECT unnest(?::text[])) ORDER BY id FOR UPDATE";

  /// Whoever holds the lease by now: the mail server has it, so it is sent. Only a resending by
  /// hand, which is another edition, is another letter.
  private static final String SENT =
      """
      UPDATE receipts AS receipt
         SET status = 'sent', sent_at = done.at, first_sent_at = coalesce(receipt.first_sent_at, done.at),
             message_id = done.message_id, lease_owner = NULL,
             reason_code = NULL, reason_message = NULL, undeliverable_at = NULL
        FROM unnest(?::text[], ?::int[], ?::text[], ?::timestamptz[]) AS done (id, edition, message_id, at)
       WHERE receipt.id = done.id AND receipt.edition = done.edition AND receipt.status <> 'sent'
      RETURNING receipt.id
      """;

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
      UPDATE receipts AS receipt
         SET status = 'undeliverable', lease_owner = NULL, reason_code = done.code, reason_message = done.message,
             undeliverable_at = ?
        FROM unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[])
             AS done (id, owner, attempt, code, message)
       WHERE receipt.id = done.id AND receipt.status = 'sending'
         AND receipt.lease_owner = done.owner AND receipt.attempts = done.attempt
      RETURNING receipt.id
      """;

  private static final String SEQUENCE =
      """
      UPDATE orders AS o
         SET events = o.events + added.n
        FROM unnest(?::text[], ?::bigint[]) AS added (id, n)
       WHERE o.id = added.id
      RETURNING o.id, o.events
      """;

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
      exchange.write(LOCK, Parameters.texts(orders));
    }
    retry(exchange, retrying);
    Instant now = clock.instant();
    Exchange.Answer<String> changed = sent(exchange, sent);
    Exchange.Answer<String> given = undeliverable(exchange, undeliverable, now);
    Exchange.Answer<OrderId> waiting =
        exchange.ask(WITH_WAITING, Parameters.texts(orders), row -> new OrderId(row.getString(1)));
    Set<String> settled = new HashSet<>(changed.rows());
    settled.addAll(given.rows());
    var news = new ArrayList<Announcement>();
    sent.stream()
        .filter(one -> settled.contains(one.key().id().value()))
        .map(Announcement::of)
        .forEach(news::add);
    undeliverable.stream()
        .filter(one -> settled.contains(one.key().id().value()))
        .map(one -> Announcement.of(one, now))
        .forEach(news::add);
    announce(exchange, news);
    turns(exchange, waiting.rows(), now);
  }

  private static Exchange.Answer<String> sent(Exchange exchange, List<Receipt.Sent> receipts)
      throws SQLException {
    return exchange.ask(
        SENT,
        Parameters.none()
            .column(receipts)
            .text(one -> one.key().id())
            .ints(one -> one.sending().edition())
            .text(Receipt.Sent::messageId)
            .instants(Receipt.Sent::at)
            .end(),
        row -> row.getString(1));
  }

  private static void retry(Exchange exchange, List<Receipt.Retrying> receipts)
      throws SQLException {
    if (!receipts.isEmpty()) {
      exchange.write(
          RETRYING,
          Parameters.none()
              .column(receipts)
              .text(one -> one.key().id())
              .text(one -> one.sending().lease().owner())
              .ints(one -> one.sending().attempt())
              .instants(Receipt.Retrying::next)
              .words(one -> one.reason().code())
              .words(one -> one.reason().message())
              .end());
    }
  }

  private static Exchange.Answer<String> undeliverable(
      Exchange exchange, List<Receipt.Undeliverable> receipts, Instant now) throws SQLException {
    return exchange.ask(
        UNDELIVERABLE,
        Parameters.none()
            .instant(now)
            .column(receipts)
            .text(one -> one.key().id())
            .text(one -> one.sending().lease().owner())
            .ints(one -> one.sending().attempt())
            .words(one -> one.reason().code())
            .words(one -> one.reason().message())
            .end(),
        row -> row.getString(1));
  }

  private static void announce(Exchange exchange, List<Announcement> news) throws SQLException {
    if (news.isEmpty()) {
      return;
    }
    var counts = new HashMap<OrderId, Long>();
    news.forEach(one -> counts.merge(one.event().order(), 1L, Long::sum));
    Parameters added =
        Parameters.none()
            .column(counts.entrySet())
            .text(Map.Entry::getKey)
            .longs(Map.Entry::getValue)
            .end();
    var next = new HashMap<OrderId, Long>();
    for (Map.Entry<OrderId, Long> last :
        exchange
            .ask(SEQUENCE, added, row -> Map.entry(new OrderId(row.getString(1)), row.getLong(2)))
            .rows()) {
      next.put(last.getKey(), last.getValue() - counts.getOrDefault(last.getKey(), 0L) + 1);
    }
    var rows = new ArrayList<OutboxRow>(news.size());
    for (Announcement one : news) {
      rows.add(one.row(next.merge(one.event().order(), 1L, Long::sum) - 1));
    }
    Outbox.append(exchange, rows);
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
          DUE, Parameters.none().instant(now).instant(now).column(due).text(ReceiptKey::id).end());
    }
  }
}
