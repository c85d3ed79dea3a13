package dev.quittance.receipts.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.inboxoutbox.Outbox;
import dev.quittance.inboxoutbox.OutboxRow;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.Standing;
import dev.quittance.receipts.receipt.Turn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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

  void settle(Connection transaction, List<Receipt> outcomes) throws SQLException {
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
    lock(transaction, orders);
    retry(transaction, retrying);
    var news = new ArrayList<Announcement>();
    Set<String> changed = sent(transaction, sent);
    sent.stream()
        .filter(one -> changed.contains(one.key().id().value()))
        .map(Announcement::of)
        .forEach(news::add);
    Instant now = clock.instant();
    Set<String> given = undeliverable(transaction, undeliverable, now);
    undeliverable.stream()
        .filter(one -> given.contains(one.key().id().value()))
        .map(one -> Announcement.of(one, now))
        .forEach(news::add);
    announce(transaction, news);
    turns(transaction, orders, now);
  }

  private static void lock(Connection transaction, Collection<OrderId> orders) throws SQLException {
    if (orders.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = transaction.prepareStatement(LOCK)) {
      Columns.of(transaction, statement, orders).text(OrderId::value);
      statement.executeQuery().close();
    }
  }

  private static Set<String> sent(Connection transaction, List<Receipt.Sent> receipts)
      throws SQLException {
    if (receipts.isEmpty()) {
      return Set.of();
    }
    try (PreparedStatement statement = transaction.prepareStatement(SENT)) {
      Columns.of(transaction, statement, receipts)
          .text(one -> one.key().id().value())
          .ints(one -> one.sending().edition())
          .text(Receipt.Sent::messageId)
          .instants(Receipt.Sent::at);
      return ids(statement);
    }
  }

  private static void retry(Connection transaction, List<Receipt.Retrying> receipts)
      throws SQLException {
    if (receipts.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = transaction.prepareStatement(RETRYING)) {
      Columns.of(transaction, statement, receipts)
          .text(one -> one.key().id().value())
          .text(one -> one.sending().lease().owner())
          .ints(one -> one.sending().attempt())
          .instants(Receipt.Retrying::next)
          .text(one -> one.reason().code())
          .text(one -> one.reason().message());
      statement.executeUpdate();
    }
  }

  private static Set<String> undeliverable(
      Connection transaction, List<Receipt.Undeliverable> receipts, Instant now)
      throws SQLException {
    if (receipts.isEmpty()) {
      return Set.of();
    }
    try (PreparedStatement statement = transaction.prepareStatement(UNDELIVERABLE)) {
      statement.setObject(1, WorkTable.atUtc(now));
      Columns.of(transaction, statement, receipts, 2)
          .text(one -> one.key().id().value())
          .text(one -> one.sending().lease().owner())
          .ints(one -> one.sending().attempt())
          .text(one -> one.reason().code())
          .text(one -> one.reason().message());
      return ids(statement);
    }
  }

  private static void announce(Connection transaction, List<Announcement> news)
      throws SQLException {
    if (news.isEmpty()) {
      return;
    }
    var counts = new HashMap<OrderId, Long>();
    news.forEach(one -> counts.merge(one.event().order(), 1L, Long::sum));
    var next = new HashMap<OrderId, Long>();
    try (PreparedStatement statement = transaction.prepareStatement(SEQUENCE)) {
      Columns.of(transaction, statement, counts.entrySet())
          .text(entry -> entry.getKey().value())
          .longs(Map.Entry::getValue);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          var order = new OrderId(rows.getString(1));
          next.put(order, rows.getLong(2) - counts.getOrDefault(order, 0L) + 1);
        }
      }
    }
    var rows = new ArrayList<OutboxRow>(news.size());
    for (Announcement one : news) {
      rows.add(one.row(next.merge(one.event().order(), 1L, Long::sum) - 1));
    }
    Outbox.append(transaction, rows);
  }

  /// Receipts that waited for these get their turn.
  private static void turns(Connection transaction, Set<OrderId> orders, Instant now)
      throws SQLException {
    if (orders.isEmpty()) {
      return;
    }
    Set<OrderId> waiting = new HashSet<>();
    try (PreparedStatement statement = transaction.prepareStatement(WITH_WAITING)) {
      Columns.of(transaction, statement, orders).text(OrderId::value);
      for (String id : ids(statement)) {
        waiting.add(new OrderId(id));
      }
    }
    if (waiting.isEmpty()) {
      return;
    }
    var due = new ArrayList<ReceiptKey>();
    var never = new ArrayList<ReceiptKey>();
    for (Map<ReceiptKey, Standing> standings : Book.standings(transaction, waiting).values()) {
      Turn.Turns turns = Turn.after(standings);
      due.addAll(turns.now());
      never.addAll(turns.never());
    }
    Book.withdraw(transaction, never);
    if (!due.isEmpty()) {
      try (PreparedStatement statement = transaction.prepareStatement(DUE)) {
        statement.setObject(1, WorkTable.atUtc(now));
        statement.setObject(2, WorkTable.atUtc(now));
        statement.setArray(
            3,
            transaction.createArrayOf(
                "text", due.stream().map(key -> key.id().value()).toArray(String[]::new)));
        statement.executeUpdate();
      }
    }
  }

  private static Set<String> ids(PreparedStatement statement) throws SQLException {
    var ids = new HashSet<String>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }
}
