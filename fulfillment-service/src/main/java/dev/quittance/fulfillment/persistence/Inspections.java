package dev.quittance.fulfillment.persistence;

import dev.quittance.messaging.outbox.Inspection;
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
      return Inspection.of(connection, DueStates.TABLE);
    }
  }
}
