package dev.quittance.messaging.inbox;

import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.SQLException;
import java.util.List;

/// What a service does with the events that it takes in.
///
/// @param <E> an event, decoded
public interface BatchHandler<E> {

  /// Reads one record. Called outside any transaction.
  ///
  /// @throws dev.quittance.contracts.UnreadableEvent when it can't be read: it is dead-lettered
  /// @throws dev.quittance.contracts.NewerEvent when only a newer version knows its type: it is
  ///   left to it
  E decode(IncomingRecord record);

  /// Applies events in the order given. All effects belong into the given transaction, which the
  /// caller commits; it may be called again with the same events after a roll-back or a crash, also
  /// together with others, and must then say [RecordOutcome.Duplicate] and change nothing.
  ///
  /// @return one outcome for each event, in the same order
  /// @throws SQLException when the database refuses; the transaction is rolled back
  List<RecordOutcome> apply(StatementPipeline pipeline, List<E> events) throws SQLException;

  /// Called once after the transaction of the last [#apply] was committed, for example to wake the
  /// relay; not for records of which none came to it.
  default void committed() {}
}
