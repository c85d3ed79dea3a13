package dev.quittance.receipts.persistence;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.receipt.MailStatus;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.receipt.ReceiptKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The receipts that went out with an amount that the facts don't support, and their corrections.
public final class WrongReceipts {

  private static final String CORRECTABLE =
      """
        FROM mails AS wrong
        JOIN orders AS o ON o.id = wrong.order_id
       WHERE wrong.supported_minor IS NOT NULL AND wrong.first_sent_at IS NOT NULL AND o.erased_at IS NULL
         AND wrong.number IS NOT NULL AND wrong.recipient IS NOT NULL AND wrong.content IS NOT NULL
         AND NOT EXISTS (SELECT FROM mails AS under_way
                          WHERE under_way.order_id = wrong.order_id AND under_way.kind = 'correction'
                            AND starts_with(under_way.subject, 'amount:' || wrong.id || ':')
                            AND under_way.first_sent_at IS NULL
                            AND under_way.status IN ('waiting', 'due', 'sending', 'retrying'))
      """;

  private static final String COUNT = "SELECT count(*)\n" + CORRECTABLE;

  private static final String COUNT_AT_MOST =
      "SELECT count(*) FROM (SELECT\n" + CORRECTABLE + " LIMIT ?) AS found";

  private static final String NEXT =
      "SELECT wrong.id, wrong.order_id\n"
          + CORRECTABLE
          + " AND wrong.id > ? ORDER BY wrong.id LIMIT ?";

  private static final String WHICH_OF =
      "SELECT wrong.id\n" + CORRECTABLE + " AND wrong.id = ANY (?)";

  private static final String ORDER = "SELECT order_id FROM mails WHERE id = ?";

  private static final String OF_ORDERS =
      """
      SELECT order_id, kind, subject, status, amount_minor, currency, supported_minor, supported_currency,
             series, number, recipient, content, first_sent_at IS NOT NULL
        FROM mails
       WHERE order_id IN (SELECT unnest(?::text[])) AND kind <> 'code'
       ORDER BY id
         FOR UPDATE
      """;

  private static final String CORRECTED =
      """
      UPDATE mails AS wrong
         SET supported_minor = NULL, supported_currency = NULL
        FROM unnest(?::text[]) AS done (id)
       WHERE wrong.id = done.id
      """;

  private static final String ASKED_BY =
      "UPDATE mails AS made SET asked_by = ? FROM unnest(?::text[]) AS new (id) WHERE made.id = new.id";

  private final Database database;

  public WrongReceipts(Database database) {
    this.database = database;
  }

  /// Which of some receipts could be corrected now.
  public Set<String> correctable(Collection<String> ids) {
    return Set.copyOf(database.query(WHICH_OF, Parameters.texts(ids), row -> row.getString(1)));
  }

  /// How many could be corrected.
  public long count() {
    return database.query(COUNT, Parameters.none(), row -> row.getLong(1)).getFirst();
  }

  /// The same, for a gauge: those beyond the limit aren't looked for. An index holds the wrong ones
  /// alone.
  public long countAtMost(int most) {
    return database
        .query(COUNT_AT_MOST, Parameters.none().number(most), row -> row.getLong(1))
        .getFirst();
  }

  /// The correctable receipts that come next by their ids, with their orders.
  ///
  /// @param after the last one of the batch before
  public static Map<ReceiptId, OrderId> next(StatementPipeline exchange, String after, int limit)
      throws SQLException {
    var next = new LinkedHashMap<ReceiptId, OrderId>();
    exchange
        .ask(
            NEXT,
            Parameters.none().text(after).number(limit),
            row -> Map.entry(new ReceiptId(row.getString(1)), new OrderId(row.getString(2))))
        .rows()
        .forEach(entry -> next.put(entry.getKey(), entry.getValue()));
    return next;
  }

  /// A receipt's order.
  public static Optional<OrderId> order(StatementPipeline exchange, ReceiptId id)
      throws SQLException {
    return exchange
        .ask(ORDER, Parameters.none().text(id.value()), row -> new OrderId(row.getString(1)))
        .rows()
        .stream()
        .findFirst();
  }

  /// What is known of some orders, which stay locked.
  public record Locked(List<Announced> receipts, Set<OrderId> erased) {}

  /// Locks orders, and says what receipts said to their customers.
  public static Locked lock(StatementPipeline exchange, Collection<OrderId> orders)
      throws SQLException {
    FactStore.lock(exchange, orders);
    StatementPipeline.Answer<Announced> receipts =
        exchange.ask(OF_ORDERS, Parameters.texts(orders), WrongReceipts::announced);
    return new Locked(receipts.rows(), Erasure.erased(exchange, orders));
  }

  /// Writes corrections.
  ///
  /// @param corrected which receipts they correct
  /// @param by who wants them
  public static void write(
      StatementPipeline exchange, List<Receipt> made, List<ReceiptId> corrected, String by)
      throws SQLException {
    ReceiptRepository.write(exchange, made, Map.of());
    exchange.write(
        ASKED_BY, Parameters.none().text(by).rows(made).text(receipt -> receipt.key().id()).end());
    exchange.write(CORRECTED, Parameters.texts(corrected));
  }

  private static Announced announced(ResultSet row) throws SQLException {
    String currency = row.getString(8);
    return new Announced(
        ReceiptRepository.key(row, 1),
        MailStatus.named(row.getString(4)),
        Money.ofMinor(row.getLong(5), row.getString(6)),
        currency == null ? null : Money.ofMinor(row.getLong(7), currency),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getBoolean(13));
  }

  /// A receipt as its customer knows it, or may come to know it.
  ///
  /// @param supported absent where the facts support its amount
  /// @param json what it says
  /// @param arrived whether the mail server took it once
  public record Announced(
      ReceiptKey key,
      MailStatus status,
      Money amount,
      @Nullable Money supported,
      @Nullable String series,
      @Nullable String number,
      @Nullable String recipient,
      @Nullable String json,
      boolean arrived) {

    /// Whether it may still arrive.
    public boolean underWay() {
      return !arrived && !status.settled();
    }

    /// What it says; null where this version can't read it, as after a roll-back.
    public @Nullable ReceiptContent content() {
      try {
        return json == null ? null : Columns.read(json, ReceiptContent.class);
      } catch (UnreadableEvent e) {
        return null;
      }
    }

    @Override
    public String toString() {
      return "Announced[" + key.id().value() + "]";
    }
  }
}
