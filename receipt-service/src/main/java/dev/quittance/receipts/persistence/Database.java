package dev.quittance.receipts.persistence;

import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import dev.quittance.messaging.jdbc.StatementPipeline.Row;
import dev.quittance.messaging.jdbc.Transactions;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/// The database as whoever answers people knows it: an outage is a [DatabaseUnavailable].
public record Database(DataSource source) {

  /// Does something in one transaction.
  ///
  /// @throws DatabaseUnavailable when the database doesn't answer
  public <T> T transact(Transactions.Exchanging<T> work) {
    try {
      return Transactions.inExchange(source, work);
    } catch (SQLException e) {
      throw new DatabaseUnavailable(e);
    }
  }

  /// The rows of a query, in their order.
  ///
  /// @throws DatabaseUnavailable when the database doesn't answer
  public <T> List<T> query(String sql, Parameters parameters, Row<T> row) {
    try {
      return Sql.query(source, sql, parameters, row);
    } catch (SQLException e) {
      throw new DatabaseUnavailable(e);
    }
  }
}
