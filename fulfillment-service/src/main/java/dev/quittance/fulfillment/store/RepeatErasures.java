package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Topic;
import dev.quittance.inboxoutbox.Outbox;
import dev.quittance.inboxoutbox.OutboxRow;
import dev.quittance.inboxoutbox.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/// Tells the latest state of an order whose customer was erased once more, two days later.
/// Compaction leaves the segment alone that is written to, and nothing ends the segment of a quiet
/// partition but another record: without one, the states that name the customer would stay on
/// [Topic#FULFILLMENT_ORDERS] for ever.
public final class RepeatErasures {

  /// Twice as long as a segment lasts: by then the one that holds the erased state is over,
  /// whenever it began.
  static final Duration AFTER = Topic.SEGMENT.multipliedBy(2);

  /// A shop that erases ten thousand at once has them repeated in a hundred short transactions.
  static final int BATCH_MAX = 100;

  private static final String DUE =
      """
      SELECT id, sequence, version, updated_at, view
        FROM orders
       WHERE erased_at IS NOT NULL AND erasure_repeated_at IS NULL AND erased_at <= ?
       ORDER BY id
       LIMIT ?
         FOR UPDATE SKIP LOCKED
      """;

  private static final String DONE =
      "UPDATE orders SET erasure_repeated_at = ? WHERE id IN (SELECT unnest(?::text[]))";

  private final DataSource database;
  private final Clock clock;
  private final StoreObserver observer;

  public RepeatErasures(DataSource database, Clock clock, StoreObserver observer) {
    this.database = database;
    this.clock = clock;
    this.observer = observer;
  }

  /// Repeats all that is due. Several instances may do so at a time: each order is one's.
  ///
  /// @return how many
  /// @throws SQLException when the database is away; what was not committed is repeated the next
  ///   time
  public int run() throws SQLException {
    int repeated = 0;
    int batch;
    do {
      batch = runBatch();
      repeated += batch;
    } while (batch == BATCH_MAX);
    return repeated;
  }

  private int runBatch() throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<OutboxRow> repeated =
        Transactions.in(
            database,
            transaction -> {
              List<OutboxRow> rows = due(transaction, now);
              if (!rows.isEmpty()) {
                Outbox.append(transaction, rows);
                markDone(transaction, rows, now);
              }
              return rows;
            });
    observer.committed(repeated.stream().map(OutboxRow::order).toList());
    return repeated.size();
  }

  private static List<OutboxRow> due(Connection transaction, Instant now) throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(DUE)) {
      statement.setTimestamp(1, Timestamp.from(now.minus(AFTER)));
      statement.setInt(2, BATCH_MAX);
      try (ResultSet orders = statement.executeQuery()) {
        var rows = new ArrayList<OutboxRow>();
        while (orders.next()) {
          rows.add(
              Changes.state(
                  new OrderId(orders.getString(1)),
                  orders.getLong(2),
                  orders.getLong(3),
                  orders.getTimestamp(4).toInstant(),
                  null,
                  orders.getBytes(5)));
        }
        return rows;
      }
    }
  }

  private static void markDone(Connection transaction, List<OutboxRow> rows, Instant now)
      throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(DONE)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setArray(
          2, Columns.texts(transaction, rows.stream().map(OutboxRow::order).toList()));
      statement.executeUpdate();
    }
  }
}
