package dev.quittance.fulfillment.store;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Topic;
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

/// Has the latest state of an order whose customer was erased published once more, two days later.
/// Compaction leaves the segment alone that is written to, and nothing ends the segment of a quiet
/// partition but another record: without one, the states that name the customer would stay on
/// [Topic#FULFILLMENT_ORDERS] for ever.
public final class RepeatErasures {

  /// Twice as long as a segment lasts: by then the one that holds the erased state is over,
  /// whenever it began.
  static final Duration AFTER = Topic.SEGMENT.multipliedBy(2);

  /// A shop that erases ten thousand at once has them repeated in a hundred short transactions.
  static final int BATCH_MAX = 100;

  private static final String REPEAT =
      """
      WITH late AS (
        SELECT id
          FROM orders
         WHERE erased_at IS NOT NULL AND erasure_repeated_at IS NULL AND erased_at <= ?
         ORDER BY id
         LIMIT ?
           FOR UPDATE SKIP LOCKED
      ), repeated AS (
        UPDATE orders SET erasure_repeated_at = ? FROM late WHERE orders.id = late.id RETURNING orders.id
      )
      INSERT INTO states_due (order_id) SELECT id FROM repeated RETURNING order_id
      """;

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
    List<OrderId> repeated = Transactions.in(database, transaction -> repeat(transaction, now));
    observer.committed(repeated);
    return repeated.size();
  }

  private static List<OrderId> repeat(Connection transaction, Instant now) throws SQLException {
    try (PreparedStatement statement = transaction.prepareStatement(REPEAT)) {
      statement.setTimestamp(1, Timestamp.from(now.minus(AFTER)));
      statement.setInt(2, BATCH_MAX);
      statement.setTimestamp(3, Timestamp.from(now));
      try (ResultSet rows = statement.executeQuery()) {
        var orders = new ArrayList<OrderId>();
        while (rows.next()) {
          orders.add(new OrderId(rows.getString(1)));
        }
        return orders;
      }
    }
  }
}
