package dev.quittance.receipts.actions;

import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.persistence.Database;
import dev.quittance.receipts.persistence.WrongReceipts;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptId;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Corrects receipts that went out with an amount that the facts don't support. Only people ask for
/// it; the correction is a receipt of its own and goes the way of all.
public final class CorrectReceipts {

  /// Their orders stay locked for some tens of milliseconds.
  private static final int BATCH = 200;

  /// So many at a time are answered for within seconds; who has more asks again.
  private static final int CORRECTED_MAX = 10_000;

  private final Database database;
  private final WrongReceipts receipts;
  private final ProposeCorrections proposals;

  public CorrectReceipts(Database database, Clock clock) {
    this.database = database;
    this.receipts = new WrongReceipts(database);
    this.proposals = new ProposeCorrections(clock);
  }

  /// What came of asking for a correction.
  public sealed interface Answer {

    /// It is due, or was made by the same request before.
    record Made(ReceiptId correction) implements Answer {}

    /// There is no such receipt.
    record Unknown() implements Answer {}

    /// The facts support what it says.
    record NotWrong() implements Answer {}

    /// An earlier correction of it has not arrived yet, and the facts say something else by now.
    record UnderWay() implements Answer {}

    /// Its customer was erased: there is nobody to notify.
    record Erased() implements Answer {}

    /// This version can't read what it said, so it can't say what was wrong about it.
    record Unreadable(ReceiptId wrong) implements Answer {}
  }

  /// What would come of correcting a receipt.
  ///
  /// @param correction what would be written; absent where it was written before, or can't be
  public record Proposal(ReceiptId wrong, Answer answer, Receipt.@Nullable Due correction) {}

  /// How many were corrected, or could be.
  ///
  /// @param remaining how many are left of them, for which asking again is worth while
  /// @param unreadable those that this version can't read, and so didn't correct
  public record Count(long corrections, long remaining, List<ReceiptId> unreadable) {

    public Count {
      unreadable = List.copyOf(unreadable);
    }
  }

  /// Makes the correction of a receipt due. Asking again for the same is the same correction.
  ///
  /// @param by who wants it
  public Answer correct(ReceiptId id, String by) {
    return database.transact(exchange -> {
      Optional<OrderId> order = WrongReceipts.order(exchange, id);
      return order.isEmpty()
          ? new Answer.Unknown()
          : correct(exchange, Map.of(id, order.get()), by).getFirst();
    });
  }

  /// What the correction of a receipt would be, without making it. Where it was made before,
  /// nothing is wrong any more.
  public Proposal propose(ReceiptId id) {
    Proposal proposal =
        database.transact(exchange -> {
          Optional<OrderId> order = WrongReceipts.order(exchange, id);
          return order.isEmpty()
              ? new Proposal(id, new Answer.Unknown(), null)
              : proposals.of(exchange, Map.of(id, order.get())).getFirst();
        });
    return proposal.correction == null && proposal.answer instanceof Answer.Made
        ? new Proposal(id, new Answer.NotWrong(), null)
        : proposal;
  }

  /// Which of some receipts could be corrected now.
  public Set<String> correctable(List<String> ids) {
    return receipts.correctable(ids);
  }

  /// How many wait for somebody to correct them, for a gauge.
  public long waiting(int most) {
    return receipts.countAtMost(most);
  }

  /// How many could be corrected.
  public long count() {
    return receipts.count();
  }

  /// Makes the corrections of all that are wrong due, so many at a time. What was done before an
  /// outage of the database stays done.
  ///
  /// @param by who wants them
  public Count correctAll(String by) {
    long made = 0;
    var unreadable = new ArrayList<ReceiptId>();
    String after = "";
    while (after != null && made < CORRECTED_MAX) {
      String last = after;
      Step step = database.transact(exchange -> step(exchange, last, by));
      made += step.made;
      unreadable.addAll(step.unreadable);
      after = step.next;
    }
    // asking again finds the unreadable ones unreadable again
    return new Count(made, Math.max(0, count() - unreadable.size()), unreadable);
  }

  private record Step(long made, List<ReceiptId> unreadable, @Nullable String next) {}

  private Step step(StatementPipeline exchange, String after, String by) throws SQLException {
    Map<ReceiptId, OrderId> wanted = WrongReceipts.next(exchange, after, BATCH);
    if (wanted.isEmpty()) {
      return new Step(0, List.of(), null);
    }
    long made = 0;
    var unreadable = new ArrayList<ReceiptId>();
    for (Answer answer : correct(exchange, wanted, by)) {
      switch (answer) {
        case Answer.Made _ -> made++;
        case Answer.Unreadable(var wrong) -> unreadable.add(wrong);
        case Answer.Unknown _, Answer.NotWrong _, Answer.UnderWay _, Answer.Erased _ -> {}
      }
    }
    String last = List.copyOf(wanted.keySet()).getLast().value();
    return new Step(made, unreadable, wanted.size() < BATCH ? null : last);
  }

  private List<Answer> correct(
      StatementPipeline exchange, Map<ReceiptId, OrderId> wanted, String by) throws SQLException {
    var corrected = new ArrayList<ReceiptId>();
    var made = new ArrayList<Receipt>();
    List<Proposal> proposed = proposals.of(exchange, wanted);
    for (Proposal proposal : proposed) {
      if (proposal.correction != null) {
        corrected.add(proposal.wrong);
        made.add(proposal.correction);
      }
    }
    WrongReceipts.write(exchange, made, corrected, by);
    return proposed.stream().map(Proposal::answer).toList();
  }
}
