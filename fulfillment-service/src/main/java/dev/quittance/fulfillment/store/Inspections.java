package dev.quittance.fulfillment.store;

import dev.quittance.inboxoutbox.Inspection;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// What was taken in and what waits to go out, for whoever watches over it.
@ApplicationScoped
public class Inspections {

  private final DataSource database;

  Inspections(DataSource database) {
    this.database = database;
  }

  /// @throws SQLException when the database doesn't answer
  public Inspection now() throws SQLException {
    try (Connection connection = database.getConnection()) {
      DueStates.Waiting states = DueStates.waiting(connection, Inspection.WAITING_MAX);
      return Inspection.of(connection).with(states.changes(), states.oldestAt());
    }
  }
}
