package dev.quittance.simulation;

import dev.quittance.simulation.Broker.Outgoing;
import dev.quittance.simulation.Database.Transaction;
import dev.quittance.simulation.Fulfillment.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Publishes orders' latest states to a compacted topic: a mark for each change, the state as it
/// stands when it is read, and a transactional producer that fences its predecessor off before
/// anything is read.
final class States implements Strand.Body {

  private static final String PREFIX = "due/";
  private static final String NAME = "fulfillment-outbox-states";
  private static final int MARKS_MAX = 3;
  private static final int CANDIDATE_MS = 50;

  /// Says that the state of an order is to be published.
  record Mark(long id, String order) {}

  /// What was read at one moment.
  private record Read(List<Mark> marks, List<Outgoing> states) {}

  private final Database database;
  private final Broker broker;
  private final Set<Flaw> flaws;

  States(Database database, Broker broker, Set<Flaw> flaws) {
    this.database = database;
    this.broker = broker;
    this.flaws = flaws;
  }

  /// Sets a mark in a transaction.
  static void mark(Transaction transaction, String order) {
    long id = transaction.nextSerial();
    transaction.put(PREFIX + String.format("%08d", id), new Mark(id, order));
  }

  /// What is still to be published.
  static Map<String, Mark> waiting(Database database) {
    return database.rows(PREFIX, Mark.class);
  }

  @Override
  public void run(Strand strand) {
    while (true) {
      try {
        candidate(strand);
      } catch (Database.ConnectionLost | Broker.Trouble | Broker.Fenced _) {
        strand.step("states in trouble, again");
      }
    }
  }

  private void candidate(Strand strand) {
    Database.Session session = database.connect(strand);
    try {
      if (!session.tryAdvisoryLock(NAME)) {
        if (database.any(PREFIX)) {
          strand.awaitUntil(() -> false, strand.host.worldNow() + CANDIDATE_MS);
        } else {
          strand.await(() -> database.any(PREFIX));
        }
        return;
      }
      while (flaws.contains(Flaw.STATES_READ_BEFORE_THE_FENCE)) {
        Read early = read(session, strand);
        strand.step("read before the fence");
        publish(strand, session, broker.open(strand, NAME), early);
      }
      Broker.Producer producer = broker.open(strand, NAME);
      while (true) {
        publish(strand, session, producer, read(session, strand));
      }
    } finally {
      session.lose();
    }
  }

  private Read read(Database.Session session, Strand strand) {
    strand.await(() -> !ready().isEmpty() || session.lost());
    Transaction look = session.begin(strand);
    look.rollback();
    List<Mark> marks = ready();
    var states = new ArrayList<Outgoing>();
    var orders = new LinkedHashSet<String>();
    marks.forEach(mark -> orders.add(mark.order()));
    for (String order : orders) {
      Fulfillment.Row row =
          database.rows("order/" + order, Fulfillment.Row.class).get("order/" + order);
      if (row != null && row.view() != null) {
        states.add(
            new Outgoing(
                Names.STATES, order, new State(order, row.version(), row.sequence(), row.view())));
      }
    }
    return new Read(marks, states);
  }

  /// Marks of orders whose events are all out.
  private List<Mark> ready() {
    boolean hasty = flaws.contains(Flaw.STATES_BEFORE_THEIR_EVENTS);
    return waiting(database).values().stream()
        .filter(mark -> hasty || !Relay.holds(database, mark.order()))
        .sorted(Comparator.comparingLong(Mark::id))
        .limit(MARKS_MAX)
        .toList();
  }

  private void publish(
      Strand strand, Database.Session session, Broker.Producer producer, Read read) {
    strand.step("states read");
    producer.publish(strand, read.states(), !flaws.contains(Flaw.NO_FENCE));
    Transaction transaction = session.begin(strand);
    for (Mark mark : waiting(database).values()) {
      boolean late =
          flaws.contains(Flaw.NEWER_MARKS_ARE_DELETED)
              && read.marks().stream().anyMatch(one -> one.order().equals(mark.order()));
      if (late || read.marks().contains(mark)) {
        transaction.remove(PREFIX + String.format("%08d", mark.id()));
      }
    }
    transaction.commit("published states' deletion");
  }
}
