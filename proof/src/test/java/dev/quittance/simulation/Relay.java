package dev.quittance.simulation;

import dev.quittance.simulation.Broker.Outgoing;
import dev.quittance.simulation.Database.Transaction;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The outbox and its relay: one leads at a time, by an advisory lock on the connection that it
/// reads and deletes with. Nothing fences a predecessor off that goes on late: it repeats what it
/// has read, in order, and stops at the first failure.
final class Relay implements Strand.Body {

  /// One relay: more would only be the same beside each other.
  private static final String PREFIX = "outbox/";

  private static final int ROWS_MAX = 3;

  /// A candidate looks again so often.
  private static final int CANDIDATE_MS = 50;

  /// A row of the outbox.
  record Row(long id, String order, long sequence, String topic, Object value) {}

  private final String service;
  private final Database database;
  private final Broker broker;
  private final Set<Flaw> flaws;
  private long cursor;

  Relay(String service, Database database, Broker broker, Set<Flaw> flaws) {
    this.service = service;
    this.database = database;
    this.broker = broker;
    this.flaws = flaws;
  }

  /// Adds a row to a transaction.
  static void append(
      Transaction transaction, String order, long sequence, String topic, Object value) {
    long id = transaction.nextSerial();
    transaction.put(PREFIX + String.format("%08d", id), new Row(id, order, sequence, topic, value));
  }

  static boolean empty(Database database) {
    return !database.any(PREFIX);
  }

  /// Whether an order has rows in the outbox.
  static boolean holds(Database database, String order) {
    return database.rows(PREFIX, Row.class).values().stream()
        .anyMatch(row -> row.order().equals(order));
  }

  @Override
  public void run(Strand strand) {
    while (true) {
      try {
        candidate(strand);
      } catch (Database.ConnectionLost | Broker.Trouble _) {
        strand.step("relay in trouble, again");
      }
    }
  }

  private void candidate(Strand strand) {
    Database.Session session = database.connect(strand);
    try {
      if (!session.tryAdvisoryLock(service + "-outbox")) {
        if (database.any(PREFIX)) {
          strand.awaitUntil(() -> false, strand.host.worldNow() + CANDIDATE_MS);
        } else {
          strand.await(() -> database.any(PREFIX));
        }
        return;
      }
      while (true) {
        lead(strand, session);
      }
    } finally {
      session.lose();
    }
  }

  private void lead(Strand strand, Database.Session session) {
    List<Row> rows = next(session, strand);
    if (rows.isEmpty()) {
      strand.await(() -> !next().isEmpty() || session.lost());
      return;
    }
    strand.step("outbox read");
    if (flaws.contains(Flaw.DELETE_BEFORE_PUBLISH)) {
      delete(strand, session, rows);
    }
    publish(strand, rows);
    rows.forEach(row -> cursor = Math.max(cursor, row.id()));
    delete(strand, session, rows);
  }

  private void publish(Strand strand, List<Row> rows) {
    List<Outgoing> records =
        rows.stream().map(row -> new Outgoing(row.topic(), row.order(), row.value())).toList();
    if (!flaws.contains(Flaw.LATER_ROWS_OVERTAKE)) {
      broker.send(strand, records);
      return;
    }
    for (Outgoing record : records) {
      try {
        broker.send(strand, List.of(record));
      } catch (Broker.Trouble _) {
        strand.step("left for later");
      }
    }
    broker.send(strand, records);
  }

  private List<Row> next(Database.Session session, Strand strand) {
    Transaction look = session.begin(strand);
    look.rollback();
    return next();
  }

  private List<Row> next() {
    boolean skips = flaws.contains(Flaw.RELAY_KEEPS_A_CURSOR);
    return database.rows(PREFIX, Row.class).values().stream()
        .filter(row -> !skips || row.id() > cursor)
        .sorted(
            Comparator.comparing(Row::order)
                .thenComparingLong(Row::sequence)
                .thenComparingLong(Row::id))
        .limit(ROWS_MAX)
        .toList();
  }

  private void delete(Strand strand, Database.Session session, List<Row> rows) {
    Transaction transaction = session.begin(strand);
    for (Row row : rows) {
      transaction.remove(PREFIX + String.format("%08d", row.id()));
    }
    transaction.commit("published rows' deletion");
  }

  /// What waits in an outbox, for a checker's message.
  static Map<String, Row> waiting(Database database) {
    return database.rows(PREFIX, Row.class);
  }
}
