package dev.quittance.receipts.persistence;

import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.receipt.CodeMail;
import dev.quittance.receipts.receipt.ReceiptPlan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The mails with codes before they are sent. Whoever writes holds the orders' locks.
public final class CodeRepository {

  private static final String CLAIM =
      """
      INSERT INTO mails (id, order_id, kind, subject, status, items, code, since, next_attempt_at, reason_code)
      SELECT new.id, new.order_id, 'code', new.delivery,
             CASE WHEN o.erased_at IS NULL THEN 'waiting' ELSE 'skipped' END,
             new.items::json,
             CASE WHEN o.erased_at IS NULL THEN new.code END,
             new.since, new.since,
             CASE WHEN o.erased_at IS NOT NULL THEN 'erased' END
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
             AS new (id, order_id, delivery, items, code, since)
        JOIN orders AS o ON o.id = new.order_id
       ORDER BY new.id
      ON CONFLICT (id) DO NOTHING
      RETURNING id
      """;

  /// Which of the mails still wait for facts.
  static final String OPEN =
      "kind = 'code' AND (status = 'waiting' OR (status = 'skipped' AND reason_code = '%s'))"
          .formatted(ReceiptPlan.NO_ADDRESS.code());

  /// Where the shop sends codes by itself, nobody needs ours.
  private static final String WRITE =
      """
      UPDATE mails AS mail
         SET status = turn.status, content = turn.content::json, recipient = turn.recipient,
             reason_code = turn.reason, since = turn.since, next_attempt_at = turn.since,
             code = CASE WHEN turn.status = 'skipped' AND turn.reason = '%s' THEN NULL ELSE mail.code END
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
             AS turn (id, status, content, recipient, reason, since)
       WHERE mail.id = turn.id AND mail.status IN ('waiting', 'skipped')
      """
          .formatted(CodeMail.CODES_OFF.code());

  private CodeRepository() {}

  /// Claims deliveries. Those of erased customers are kept as skipped, without the code.
  ///
  /// @return the ids of the mails that are new
  public static Set<String> claim(
      StatementPipeline exchange, Collection<CustomerNotice.CodeDelivered> deliveries)
      throws SQLException {
    if (deliveries.isEmpty()) {
      return new HashSet<>();
    }
    return new HashSet<>(
        exchange
            .ask(
                CLAIM,
                Parameters.none()
                    .rows(deliveries)
                    .text(delivered -> mail(delivered).id())
                    .text(CustomerNotice.CodeDelivered::order)
                    .words(delivered -> delivered.delivery().value())
                    .words(delivered -> Columns.json(delivered.items()))
                    .words(CustomerNotice.CodeDelivered::code)
                    .instants(CustomerNotice.CodeDelivered::deliveredAt)
                    .end(),
                row -> row.getString(1))
            .rows());
  }

  /// The mail of a delivery.
  public static CodeMail mail(CustomerNotice.CodeDelivered delivered) {
    return new CodeMail(delivered.order(), delivered.delivery(), delivered.items());
  }

  /// A mail by its order, its subject and its items.
  static CodeMail mail(ResultSet row, int order, int subject, int items) throws SQLException {
    return new CodeMail(
        new OrderId(row.getString(order)),
        new EventId(row.getString(subject)),
        items(row.getString(items)));
  }

  /// Items that a later version wrote and this one can't read count as unknown: the code goes out
  /// beside all that was bought, and stops nobody else's mail.
  private static List<FulfilledItem> items(String json) {
    try {
      return List.of(Columns.read(json, FulfilledItem[].class));
    } catch (UnreadableEvent e) {
      return List.of();
    }
  }

  /// Writes down whose turn it is.
  public static void write(
      StatementPipeline exchange, Map<CodeMail, CodeMail.Turn> turns, Instant now)
      throws SQLException {
    List<Row> rows = turns.entrySet().stream().map(CodeRepository::row).toList();
    if (!rows.isEmpty()) {
      exchange.write(
          WRITE,
          Parameters.none()
              .rows(rows)
              .text(Row::id)
              .text(Row::status)
              .words(Row::content)
              .words(Row::recipient)
              .words(Row::reason)
              .instants(_ -> now)
              .end());
    }
  }

  private static Row row(Map.Entry<CodeMail, CodeMail.Turn> entry) {
    String id = entry.getKey().id();
    return switch (entry.getValue()) {
      case CodeMail.Turn.Wait() -> new Row(id, "waiting", null, null, null);
      case CodeMail.Turn.Ready(var content, var to) ->
          new Row(id, "due", Columns.json(content), to, null);
      case CodeMail.Turn.Skip(var reason, var content) ->
          new Row(
              id, "skipped", content == null ? null : Columns.json(content), null, reason.code());
    };
  }

  private record Row(
      String id,
      String status,
      @Nullable String content,
      @Nullable String recipient,
      @Nullable String reason) {

    @Override
    public String toString() {
      return "Row[" + id + ", " + status + "]";
    }
  }
}
