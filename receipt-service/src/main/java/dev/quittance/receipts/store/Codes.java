package dev.quittance.receipts.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.LetterEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Parameters;
import dev.quittance.receipts.receipt.CodeLetter;
import dev.quittance.receipts.receipt.ReceiptPlan;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The letters with codes, as the intake writes them. Whoever writes holds the orders' locks.
public final class Codes {

  private static final String CLAIM =
      """
      INSERT INTO code_letters (id, order_id, delivery, status, items, code, since, next_attempt_at,
                                reason_code)
      SELECT new.id, new.order_id, new.delivery,
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

  private static final String OPEN =
      """
      SELECT order_id, delivery, items
        FROM code_letters
       WHERE order_id IN (SELECT unnest(?::text[])) AND (status = 'waiting' OR (status = 'skipped' AND reason_code = ?))
       ORDER BY id
         FOR UPDATE
      """;

  /// Where the shop sends codes by itself, nobody needs ours.
  private static final String WRITE =
      """
      UPDATE code_letters AS letter
         SET status = turn.status, content = turn.content::json, recipient = turn.recipient,
             reason_code = turn.reason, since = turn.since, next_attempt_at = turn.since,
             code = CASE WHEN turn.status = 'skipped' AND turn.reason = '%s' THEN NULL ELSE letter.code END
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
             AS turn (id, status, content, recipient, reason, since)
       WHERE letter.id = turn.id AND letter.status IN ('waiting', 'skipped')
      """
          .formatted(CodeLetter.CODES_OFF.code());

  private Codes() {}

  /// Claims deliveries. Those of erased customers are kept as skipped, without the code.
  ///
  /// @return the letters that are new
  public static Set<String> claim(
      Exchange exchange, Collection<LetterEvent.CodeDelivered> deliveries) throws SQLException {
    if (deliveries.isEmpty()) {
      return new HashSet<>();
    }
    return new HashSet<>(
        exchange
            .ask(
                CLAIM,
                Parameters.none()
                    .rows(deliveries)
                    .text(delivered -> letter(delivered).id())
                    .text(LetterEvent.CodeDelivered::order)
                    .words(delivered -> delivered.delivery().value())
                    .words(delivered -> json(delivered.items()))
                    .words(LetterEvent.CodeDelivered::code)
                    .instants(LetterEvent.CodeDelivered::deliveredAt)
                    .end(),
                row -> row.getString(1))
            .rows());
  }

  /// The letter of a delivery.
  public static CodeLetter letter(LetterEvent.CodeDelivered delivered) {
    return new CodeLetter(delivered.order(), delivered.delivery(), delivered.items());
  }

  /// Asks for the letters of some orders that still wait for facts.
  static Exchange.Answer<CodeLetter> ask(Exchange exchange, Collection<OrderId> orders)
      throws SQLException {
    return exchange.ask(
        OPEN,
        Parameters.texts(orders).text(ReceiptPlan.NO_ADDRESS.code()),
        row ->
            new CodeLetter(
                new OrderId(row.getString(1)),
                new EventId(row.getString(2)),
                items(row.getString(3))));
  }

  /// Items that a later version wrote and this one can't read count as unknown: the code goes out
  /// beside all that was bought, and stops nobody else's mail.
  private static List<FulfilledItem> items(String json) {
    try {
      return List.of(WireFormat.read(json.getBytes(StandardCharsets.UTF_8), FulfilledItem[].class));
    } catch (UnreadableEvent e) {
      return List.of();
    }
  }

  /// Writes down whose turn it is.
  public static void write(Exchange exchange, Map<CodeLetter, CodeLetter.Turn> turns, Instant now)
      throws SQLException {
    List<Row> rows = turns.entrySet().stream().map(Codes::row).toList();
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

  private static Row row(Map.Entry<CodeLetter, CodeLetter.Turn> entry) {
    String id = entry.getKey().id();
    return switch (entry.getValue()) {
      case CodeLetter.Turn.Wait() -> new Row(id, "waiting", null, null, null);
      case CodeLetter.Turn.Ready(var content, var to) ->
          new Row(id, "due", json(content), to, null);
      case CodeLetter.Turn.Skip(var reason, var content) ->
          new Row(id, "skipped", content == null ? null : json(content), null, reason.code());
    };
  }

  private static String json(Object value) {
    return new String(WireFormat.write(value), StandardCharsets.UTF_8);
  }

  private record Row(
      String id,
      String status,
      @org.jspecify.annotations.Nullable String content,
      @org.jspecify.annotations.Nullable String recipient,
      @org.jspecify.annotations.Nullable String reason) {

    @Override
    public String toString() {
      return "Row[" + id + ", " + status + "]";
    }
  }
}
