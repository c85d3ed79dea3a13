package dev.quittance.receipts.persistence;

import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.outbox.Outbox;
import dev.quittance.messaging.outbox.OutboxRow;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.MailKind;
import dev.quittance.receipts.receipt.MailOutcome;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.receipts.receipt.ReceiptSummary;
import dev.quittance.receipts.receipt.SendTurn;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes what became of mails that were being sent: the mail, its order's next sequence and the
/// announcement in one statement, which goes with the commit. Where receipts wait for others of
/// their order, whose turn it is has to be found out before the commit: such orders are left out at
/// first, and settled by themselves.
final class SettleMails {

  /// Orders of which receipts wait for others. Their rows are locked before, so that it stays so.
  private static final String WAITED =
      """
      WITH waited AS MATERIALIZED (
             SELECT DISTINCT order_id
               FROM mails
              WHERE order_id IN (SELECT unnest(?::text[]))
                AND kind <> 'code' AND status = 'waiting' AND content IS NOT NULL),
      """;

  private static final String NOT_LEFT_OUT =
      "(? OR mail.order_id NOT IN (SELECT order_id FROM waited))";

  /// What is done with receipts is announced: each gets the next sequence of its order.
  private static final String ANNOUNCED =
      """
           announced AS (
             UPDATE orders AS o
                SET events = o.events + added.n
               FROM (SELECT order_id, count(*) AS n FROM done WHERE kind <> 'code' GROUP BY order_id) AS added
              WHERE o.id = added.order_id
             RETURNING o.id, o.events),
           published AS (
             INSERT INTO outbox (shard, order_id, sequence, topic, headers, value)
             SELECT news.shard, announced.id,
                    announced.events + 1 - row_number() OVER (PARTITION BY announced.id ORDER BY done.id DESC),
                    news.topic, news.headers, news.value
               FROM unnest(?::text[], ?::int[], ?::text[], ?::text[], ?::bytea[]) AS news (id, shard, topic, headers, value)
               JOIN done ON done.id = news.id
               JOIN announced ON announced.id = done.order_id)
      SELECT order_id FROM waited
      """;

  /// Whoever holds the lease by now: the mail server has it, so it is sent, and a code is deleted
  /// with that. Only a resending by hand, which is another edition, is another mail.
  private static final String SENT =
      WAITED
          + """
               done AS (
                 UPDATE mails AS mail
                    SET status = 'sent', sent_at = said.at, first_sent_at = coalesce(mail.first_sent_at, said.at),
                        message_id = said.message_id, lease_owner = NULL, code = NULL,
                        reason_code = NULL, reason_message = NULL, undeliverable_at = NULL
                   FROM unnest(?::text[], ?::int[], ?::text[], ?::timestamptz[]) AS said (id, edition, message_id, at)
                  WHERE mail.id = said.id AND mail.edition = said.edition AND mail.status <> 'sent' AND %s
                 RETURNING mail.id, mail.order_id, mail.kind),
          """
              .formatted(NOT_LEFT_OUT)
          + ANNOUNCED;

  /// A code is kept: somebody has paid for it, and has to have it sent again or discarded.
  private static final String UNDELIVERABLE =
      WAITED
          + """
               done AS (
                 UPDATE mails AS mail
                    SET status = 'undeliverable', lease_owner = NULL, reason_code = said.code,
                        reason_message = said.message, undeliverable_at = ?
                   FROM unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[])
                        AS said (id, owner, attempt, code, message)
                  WHERE mail.id = said.id AND mail.status = 'sending'
                    AND mail.lease_owner = said.owner AND mail.attempts = said.attempt AND %s
                 RETURNING mail.id, mail.order_id, mail.kind),
          """
              .formatted(NOT_LEFT_OUT)
          + ANNOUNCED;

  private static final String RETRYING =
      """
      UPDATE mails AS mail
         SET status = 'retrying', next_attempt_at = done.next, lease_owner = NULL,
             reason_code = done.code, reason_message = done.message
        FROM unnest(?::text[], ?::text[], ?::int[], ?::timestamptz[], ?::text[], ?::text[])
             AS done (id, owner, attempt, next, code, message)
       WHERE mail.id = done.id AND mail.status = 'sending'
         AND mail.lease_owner = done.owner AND mail.attempts = done.attempt
      """;

  private static final String DUE =
      """
      UPDATE mails AS receipt
         SET status = 'due', since = greatest(since, ?), next_attempt_at = greatest(since, ?)
        FROM unnest(?::text[]) AS turn (id)
       WHERE receipt.id = turn.id AND receipt.status = 'waiting'
      """;

  private final Clock clock;

  SettleMails(Clock clock) {
    this.clock = clock;
  }

  /// Settles mails but those of orders of which receipts wait for others.
  ///
  /// @return the orders that are left out
  List<StatementPipeline.Answer<OrderId>> settle(
      StatementPipeline exchange, List<MailOutcome> outcomes) throws SQLException {
    return settle(exchange, outcomes, false, clock.instant());
  }

  /// Settles mails of orders of which receipts wait for others, and gives those their turn.
  ///
  /// @return whether any of them may go now
  boolean settleAndGiveTurns(StatementPipeline exchange, List<MailOutcome> outcomes)
      throws SQLException {
    Instant now = clock.instant();
    return turns(exchange, orders(settle(exchange, outcomes, true, now)), now);
  }

  /// All that was answered.
  static Set<OrderId> orders(List<StatementPipeline.Answer<OrderId>> answers) throws SQLException {
    var orders = new HashSet<OrderId>();
    for (StatementPipeline.Answer<OrderId> answer : answers) {
      orders.addAll(answer.rows());
    }
    return orders;
  }

  /// @param all whether also those of orders of which receipts wait for others
  /// @return the orders of which receipts wait for others
  private static List<StatementPipeline.Answer<OrderId>> settle(
      StatementPipeline exchange, List<MailOutcome> outcomes, boolean all, Instant now)
      throws SQLException {
    var sent = new ArrayList<MailOutcome.Sent>();
    var undeliverable = new ArrayList<MailOutcome.Undeliverable>();
    var retrying = new ArrayList<MailOutcome.Retrying>();
    for (MailOutcome outcome : outcomes) {
      switch (outcome) {
        case MailOutcome.Sent one -> sent.add(one);
        case MailOutcome.Undeliverable one -> undeliverable.add(one);
        case MailOutcome.Retrying one -> retrying.add(one);
      }
    }
    Set<OrderId> orders =
        Stream.of(sent, undeliverable)
            .flatMap(List::stream)
            .map(MailOutcome::mail)
            .filter(mail -> mail.kind() == MailKind.RECEIPT)
            .map(ClaimedMail::order)
            .collect(Collectors.toSet());
    if (!orders.isEmpty()) {
      FactStore.lockKnown(exchange, orders);
    }
    retry(exchange, retrying);
    var waited = new ArrayList<StatementPipeline.Answer<OrderId>>();
    if (!sent.isEmpty()) {
      waited.add(sent(exchange, sent, orders, all, now));
    }
    if (!undeliverable.isEmpty()) {
      waited.add(undeliverable(exchange, undeliverable, orders, all, now));
    }
    return waited;
  }

  private static StatementPipeline.Answer<OrderId> sent(
      StatementPipeline exchange,
      List<MailOutcome.Sent> outcomes,
      Set<OrderId> orders,
      boolean all,
      Instant now)
      throws SQLException {
    Parameters said =
        Parameters.texts(orders)
            .rows(outcomes)
            .text(one -> one.mail().id())
            .ints(one -> one.mail().edition())
            .text(MailOutcome.Sent::messageId)
            .instants(MailOutcome.Sent::at)
            .end()
            .flag(all);
    return exchange.ask(
        SENT, announcements(said, outcomes, now), row -> new OrderId(row.getString(1)));
  }

  private static StatementPipeline.Answer<OrderId> undeliverable(
      StatementPipeline exchange,
      List<MailOutcome.Undeliverable> outcomes,
      Set<OrderId> orders,
      boolean all,
      Instant now)
      throws SQLException {
    Parameters said =
        held(Parameters.texts(orders).instant(now).rows(outcomes))
            .words(one -> one.reason().code())
            .words(one -> one.reason().message())
            .end()
            .flag(all);
    return exchange.ask(
        UNDELIVERABLE, announcements(said, outcomes, now), row -> new OrderId(row.getString(1)));
  }

  /// What is said of a receipt, if that is what became of it.
  private record News(String receipt, OutboxRow row) {}

  private static Parameters announcements(
      Parameters parameters, List<? extends MailOutcome> outcomes, Instant now) {
    var news = new ArrayList<News>();
    for (MailOutcome outcome : outcomes) {
      if (outcome.mail().body() instanceof ClaimedMail.Body.Receipt receipt) {
        OutboxRow row = ReceiptAnnouncement.of(outcome, receipt, now).row();
        news.add(new News(outcome.mail().id(), row));
      }
    }
    return Outbox.columns(parameters.rows(news).text(News::receipt), News::row).end();
  }

  private static void retry(StatementPipeline exchange, List<MailOutcome.Retrying> outcomes)
      throws SQLException {
    if (!outcomes.isEmpty()) {
      exchange.write(
          RETRYING,
          held(Parameters.none().rows(outcomes))
              .instants(MailOutcome.Retrying::next)
              .words(one -> one.reason().code())
              .words(one -> one.reason().message())
              .end());
    }
  }

  private static <T extends MailOutcome> Parameters.Columns<T> held(
      Parameters.Columns<T> outcomes) {
    return outcomes
        .text(one -> one.mail().id())
        .text(one -> one.mail().lease().owner())
        .ints(one -> one.mail().attempt());
  }

  /// Receipts that waited for these get their turn.
  private static boolean turns(StatementPipeline exchange, Set<OrderId> waiting, Instant now)
      throws SQLException {
    if (waiting.isEmpty()) {
      return false;
    }
    var due = new ArrayList<ReceiptKey>();
    var never = new ArrayList<ReceiptKey>();
    for (Map<ReceiptKey, ReceiptSummary> receipts :
        ReceiptRepository.summaries(ReceiptRepository.ask(exchange, waiting)).values()) {
      SendTurn.Turns turns = SendTurn.after(receipts);
      due.addAll(turns.now());
      never.addAll(turns.never());
    }
    ReceiptRepository.withdraw(exchange, never);
    if (!due.isEmpty()) {
      exchange.write(
          DUE, Parameters.none().instant(now).instant(now).rows(due).text(ReceiptKey::id).end());
    }
    return !due.isEmpty();
  }
}
