package dev.quittance.receipts.store;

import java.sql.SQLException;

/// The database did not do what it was asked to.
public final class DatabaseAway extends RuntimeException {

  private static final long serialVersionUID = 1;

  DatabaseAway(SQLException cause) {
    super(cause);
  }

  /// What the database said as a code, without its words, which may repeat somebody's data.
  ///
  /// @return `unknown` where it said nothing
  public static String sqlState(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException said && said.getSQLState() != null) {
        return said.getSQLState();
      }
    }
    return "unknown";
  }
}
