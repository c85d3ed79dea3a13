package dev.quittance.messaging.inbox;

import static java.util.stream.Collectors.joining;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.NewerEvent;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.tracing.EventSpan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/// Takes batches of records so that each has its effect exactly once: one transaction holds the
/// claim, the effects and the count. A crash anywhere repeats the batch, and the repeat changes
/// nothing.
///
/// Not safe for use by several threads at once; two instances in two processes are safe.
///
/// @param <E> an event, decoded
public final class Intake<E> {

  /// Often enough to be found in any log that is looked at.
  private static final Duration LEFT_TOLD_EVERY = Duration.ofMinutes(1);

  private final DataSource database;
  private final BatchHandler<E> work;
  private final DeadLetters deadLetters;
  private final ConsumerGroup group;
  private final IntakeObserver observer;
  private final Backoff backoff;
  private final Clock clock;
  private volatile @Nullable String newer;

  public Intake(
      DataSource database,
      BatchHandler<E> work,
      DeadLetters deadLetters,
      ConsumerGroup group,
      IntakeObserver observer,
      Backoff backoff,
      Clock clock) {
    this.database = database;
    this.work = work;
    this.deadLetters = deadLetters;
    this.group = group;
    this.observer = observer;
    this.backoff = backoff;
    this.clock = clock;
  }

  /// Takes what a poll gave, as a batch.
  public void take(ConsumerRecords<byte[], byte[]> polled) {
    var batch = new ArrayList<IncomingRecord>(polled.count());
    polled.forEach(record -> batch.add(IncomingRecord.of(record)));
    take(batch);
  }

  /// Takes a batch. When it returns, every record has its outcome in the database or its dead
  /// letter with the brokers, and the offsets may be committed. While the database or the brokers
  /// are away it waits for them.
  ///
  /// A record of a type that only a newer version knows is left to it, with all that follows in its
  /// partition. What else is in the batch is taken, and then this waits for ever: a batch that
  /// isn't acknowledged is given to whoever has its partitions next, which is the newer version as
  /// soon as this one is stopped. Nothing is passed over, and nothing becomes a dead letter.
  ///
  /// @throws IntakeStopped when the thread is interrupted: nothing may be acknowledged
  public void take(List<IncomingRecord> batch) {
    var steps = new ArrayList<Step<E>>(batch.size());
    var left = new LinkedHashMap<Place, Left>();
    for (IncomingRecord record : batch) {
      var place = new Place(record.topic(), record.partition());
      if (left.containsKey(place)) {
        continue;
      }
      try {
        steps.add(decoded(record));
      } catch (NewerEvent e) {
        left.put(place, new Left(record, e.type()));
      }
    }
    takePart(steps);
    if (!left.isEmpty()) {
      leave(left.values());
    }
  }

  private void leave(Collection<Left> left) {
    newer = left.stream().map(Left::type).distinct().collect(joining(", "));
    try {
      while (true) {
        left.forEach(one -> observer.leaving(one.record, one.type));
        backoff.pause().sleep(LEFT_TOLD_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IntakeStopped(e);
    }
  }

  /// The types that only a newer version knows and that this waits in front of.
  public Optional<String> newer() {
    return Optional.ofNullable(newer);
  }

  private record Place(String topic, int partition) {}

  private record Left(IncomingRecord record, String type) {}

  private Step<E> decoded(IncomingRecord polled) {
    EventSpan span = EventSpan.consumer(group.groupName(), polled.header(EventSpan.HEADER));
    IncomingRecord record = bearing(span, polled);
    try {
      return new Step<>(record, work.decode(record), null, span);
    } catch (NewerEvent e) {
      span.end("left");
      throw e;
    } catch (UnreadableEvent e) {
      return new Step<>(record, null, dead(DeadLetter.Why.UNREADABLE, e), span);
    } catch (RuntimeException e) {
      return new Step<>(record, null, dead(DeadLetter.Why.POISON, e), span);
    }
  }

  /// What follows from the record bears the span's trace context, because the record does.
  private static IncomingRecord bearing(EventSpan span, IncomingRecord polled) {
    String traceparent = span.traceparent();
    if (!span.recorded() || traceparent == null) {
      return polled;
    }
    String event = polled.header("ce_id");
    String order = polled.header("ce_subject");
    span.with("quittance.event", event == null ? "unknown" : event)
        .with("quittance.order", order == null ? "unknown" : order);
    return polled.with(EventSpan.HEADER, traceparent);
  }

  private void takePart(List<Step<E>> steps) {
    if (steps.isEmpty()) {
      return;
    }
    try {
      settle(steps, untilTheWorldIsBack(() -> transact(steps)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IntakeStopped(e);
    } catch (PoisonFound poison) {
      if (steps.size() == 1) {
        Step<E> only = steps.getFirst();
        if (only.dead != null) {
          throw new IllegalStateException("a dead record can't even be counted", poison.cause);
        }
        var dead = dead(DeadLetter.Why.POISON, poison.cause);
        takePart(List.of(new Step<>(only.record, null, dead, only.span)));
      } else {
        int half = steps.size() / 2;
        takePart(steps.subList(0, half));
        takePart(steps.subList(half, steps.size()));
      }
    }
  }

  private List<RecordOutcome> transact(List<Step<E>> steps) throws SQLException {
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      try {
        var pipeline = new StatementPipeline(transaction);
        var ledger = Ledger.open(pipeline, steps.stream().map(Step::record).toList());
        List<RecordOutcome> outcomes = outcomes(pipeline, steps);
        ledger.close(pipeline, outcomes);
        pipeline.commit();
        return outcomes;
      } catch (Throwable e) { // errors too: turning autocommit on again would commit half of it
        transaction.rollback();
        throw e;
      } finally {
        transaction.setAutoCommit(true);
      }
    }
  }

  private List<RecordOutcome> outcomes(StatementPipeline pipeline, List<Step<E>> steps)
      throws SQLException {
    var events = new ArrayList<E>(steps.size());
    for (Step<E> step : steps) {
      if (step.event != null) {
        events.add(step.event);
      }
    }
    List<RecordOutcome> ofEvents = events.isEmpty() ? List.of() : work.apply(pipeline, events);
    if (ofEvents.size() != events.size()) {
      throw new IllegalStateException("every event has exactly one outcome");
    }
    var outcomes = new ArrayList<RecordOutcome>(steps.size());
    int next = 0;
    for (Step<E> step : steps) {
      outcomes.add(step.dead != null ? step.dead : ofEvents.get(next++));
    }
    return outcomes;
  }

  /// The dead letters come after the commit: dying between the two repeats the batch, which writes
  /// them again and counts nothing twice.
  private void settle(List<Step<E>> steps, List<RecordOutcome> outcomes)
      throws InterruptedException {
    if (steps.stream().anyMatch(step -> step.event != null)) {
      work.committed();
    }
    var letters = new ArrayList<DeadLetters.Addressed>();
    for (int i = 0; i < steps.size(); i++) {
      if (outcomes.get(i) instanceof RecordOutcome.Dead(var why, var detail)) {
        letters.add(addressed(steps.get(i).record, why, detail));
      }
    }
    deadLetters.send(letters, backoff, observer);
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).span.end(outcomes.get(i).word());
      observer.handled(steps.get(i).record, outcomes.get(i));
    }
  }

  private DeadLetters.Addressed addressed(
      IncomingRecord record, DeadLetter.Why why, String detail) {
    return new DeadLetters.Addressed(
        record,
        new DeadLetter(
            why,
            detail,
            record.topic(),
            record.partition(),
            record.offset(),
            group,
            clock.instant()));
  }

  private List<RecordOutcome> untilTheWorldIsBack(Transaction transaction)
      throws InterruptedException, PoisonFound {
    for (int attempt = 1; ; attempt++) {
      try {
        return transaction.run();
      } catch (SQLException | RuntimeException e) {
        if (Failure.isTheRecords(e)) {
          throw new PoisonFound(e);
        }
        observer.retrying(attempt, e);
        backoff.before(attempt);
      }
    }
  }

  private static RecordOutcome.Dead dead(DeadLetter.Why why, Exception cause) {
    String message = cause instanceof UnreadableEvent ? cause.getMessage() : null;
    String detail = message != null ? message : cause.getClass().getSimpleName();
    return new RecordOutcome.Dead(why, detail);
  }

  /// A record on its way: either its event, or already known to be dead.
  private record Step<E>(
      IncomingRecord record,
      @Nullable E event,
      RecordOutcome.@Nullable Dead dead,
      EventSpan span) {}

  @FunctionalInterface
  private interface Transaction {
    List<RecordOutcome> run() throws SQLException;
  }

  private static final class PoisonFound extends Exception {
    private static final long serialVersionUID = 1;
    private final Exception cause;

    PoisonFound(Exception cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
