package dev.quittance.receipts.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Runs work in one transaction.
final class Transactions {

  private Transactions() {}

  static <T> T in(DataSource database, Work<T> work) throws SQLException {
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      try {
        T result = work.in(transaction);
        transaction.commit();
        return result;
      } catch (Throwable e) { // errors too: turning autocommit on again would commit half of it
        transaction.rollback();
        throw e;
      } finally {
        transaction.setAutoCommit(true);
      }
    }
  }

  @FunctionalInterface
  interface Work<T> {
    T in(Connection transaction) throws SQLException;
  }
}
