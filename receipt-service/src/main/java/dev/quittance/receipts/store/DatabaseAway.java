package dev.quittance.receipts.store;

import java.sql.SQLException;

/// The database did not do what it was asked to.
public final class DatabaseAway extends RuntimeException {

  private static final long serialVersionUID = 1;

  DatabaseAway(SQLException cause) {
    super(cause);
  }
}
