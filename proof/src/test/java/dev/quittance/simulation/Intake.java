package dev.quittance.simulation;

import dev.quittance.simulation.Broker.Delivered;
import dev.quittance.simulation.Database.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The protocol by which both consumers take records in: one transaction for a batch, with the
/// count of what was taken in, and the offsets after it.
final class Intake implements Strand.Body {

  /// What is done with a batch inside its transaction.
  @FunctionalInterface
  interface Work {
    /// @return how many records had an effect
    int apply(Transaction transaction, List<Delivered> batch);
  }

  /// How far a partition was counted, and what came of it.
  record Ledger(long next, long applied, long others) {}

  private static final int BATCH_MAX = 4;

  private final Broker.Group group;
  private final String topic;
  private final Database database;
  private final Work work;
  private final Set<Flaw> flaws;

  Intake(Broker.Group group, String topic, Database database, Work work, Set<Flaw> flaws) {
    this.group = group;
    this.topic = topic;
    this.database = database;
    this.work = work;
    this.flaws = flaws;
  }

  @Override
  public void run(Strand strand) {
    Broker.Consumer consumer = group.join(strand.host, topic);
    while (true) {
      List<Delivered> batch = consumer.poll(strand, BATCH_MAX);
      if (flaws.contains(Flaw.OFFSETS_BEFORE_TRANSACTION)) {
        consumer.commit(strand, batch);
      }
      untilItIsDone(strand, batch);
      consumer.commit(strand, batch);
    }
  }

  private void untilItIsDone(Strand strand, List<Delivered> batch) {
    while (true) {
      try {
        transact(strand, batch);
        return;
      } catch (Database.ConnectionLost | Database.Deadlock _) {
        strand.step("database trouble, again");
      }
    }
  }

  private void transact(Strand strand, List<Delivered> batch) {
    Database.Session session = database.connect(strand);
    Transaction transaction = session.begin(strand);
    try {
      List<String> partitions =
          Database.sorted(batch.stream().map(r -> ledgerKey(r.partition())).toList());
      for (String partition : partitions) {
        transaction.lock(partition);
      }
      strand.step("ledger opened");
      var fresh = new ArrayList<Delivered>();
      for (Delivered record : batch) {
        if (record.offset() >= ledger(transaction, record.partition()).next()) {
          fresh.add(record);
        }
      }
      int applied = work.apply(transaction, batch);
      close(transaction, fresh, applied);
      transaction.commit(topic + " batch");
    } finally {
      session.lose();
    }
  }

  /// Only what was never counted is counted now; the rest are repetitions.
  private void close(Transaction transaction, List<Delivered> fresh, int applied) {
    int left = applied;
    for (Delivered record : fresh) {
      Ledger ledger = ledger(transaction, record.partition());
      boolean counts = left > 0;
      left -= counts ? 1 : 0;
      transaction.put(
          ledgerKey(record.partition()),
          new Ledger(
              record.offset() + 1,
              ledger.applied() + (counts ? 1 : 0),
              ledger.others() + (counts ? 0 : 1)));
    }
  }

  private Ledger ledger(Transaction transaction, int partition) {
    Ledger ledger = transaction.get(ledgerKey(partition), Ledger.class);
    return ledger == null ? new Ledger(0, 0, 0) : ledger;
  }

  private String ledgerKey(int partition) {
    return "ledger/" + topic + "/" + partition;
  }
}
