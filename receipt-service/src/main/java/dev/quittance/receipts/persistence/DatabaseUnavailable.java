package dev.quittance.receipts.persistence;

import java.sql.SQLException;

/// The database did not do what it was asked to.
public final class DatabaseUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  DatabaseUnavailable(SQLException cause) {
    super(cause);
  }
}
