package dev.quittance.inboxoutbox;

import dev.quittance.contracts.OrderId;
import java.sql.Connection;
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

  /// Reads states that are due, marks and states as of one moment, and none of an order that has
  /// events in the outbox: whoever reads a state finds all events that it holds on their topic.
  ///
  /// @param most marks at a time
  /// @param except orders to be left alone
  List<Due> read(Connection connection, int most, Collection<String> except) throws SQLException;

  /// Deletes the marks of published states, those and no others: one that was set meanwhile stands
  /// for a newer state.
  void delete(Connection connection, Collection<Due> published) throws SQLException;

  /// Whether any state is due.
  boolean anyDue(Connection connection) throws SQLException;
}
