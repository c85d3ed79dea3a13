package dev.quittance.messaging.outbox;

import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.jdbc.StatementPipeline;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a [StatesRelay] publishes: the states of orders as they stand, and which of them are due.
public interface CurrentStates {

  /// A state that is due.
  ///
  /// @param due the marks that say so, as they were read with it
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Due(
      OrderId order, String topic, Map<String, String> headers, byte[] value, List<Long> due) {
    public Due {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers)); // in their order
      due = List.copyOf(due);
    }

    @Override
    public String toString() {
      return "Due[" + order + " → " + topic + "]";
    }
  }

  /// The table of the marks, with the moment of each in `created_at`.
  String table();

  /// Asks for states that are due, marks and states as of one moment, and none of an order that has
  /// events in the outbox: whoever reads a state finds all events that it holds on their topic. It
  /// goes behind a [#delete] of the same sending, and is one statement.
  ///
  /// @param most marks at a time
  /// @param except orders to be left alone
  StatementPipeline.Answer<Due> read(StatementPipeline session, int most, Collection<String> except)
      throws SQLException;

  /// Deletes the marks of published states, those and no others: one that was set meanwhile stands
  /// for a newer state.
  void delete(StatementPipeline session, Collection<Due> published) throws SQLException;
}
