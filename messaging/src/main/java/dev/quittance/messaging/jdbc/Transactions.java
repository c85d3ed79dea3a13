package dev.quittance.messaging.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;

/// Runs work in one transaction, and once more where the database ended it for another one's sake:
/// everybody locks orders before what belongs to them, each by id, but two statements may still
/// meet in indexes and rows that they don't lock by themselves.
public final class Transactions {

  /// Two that deadlock settle at the second attempt; more means that something else is wrong.
  static final int ATTEMPTS_MAX = 5;

  /// Serialization failure, deadlock.
  private static final Set<String> WORTH_REPEATING = Set.of("40001", "40P01");

  private Transactions() {}

  /// Commits what was done, or rolls it back.
  ///
  /// @param work is repeated as a whole: it keeps nothing of an attempt before
  /// @throws SQLException when the database is away, or ends it again and again
  public static <T> T in(DataSource database, Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Connection transaction = database.getConnection()) {
        return once(transaction, work);
      } catch (SQLException e) {
        if (!WORTH_REPEATING.contains(String.valueOf(e.getSQLState())) || attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private static <T> T once(Connection transaction, Work<T> work) throws SQLException {
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

  /// Commits what was done, with the last of its statements, or rolls it back.
  ///
  /// @param work is repeated as a whole: it keeps nothing of an attempt before
  /// @throws SQLException when the database is away, or ends it again and again
  public static <T> T inExchange(DataSource database, Exchanging<T> work) throws SQLException {
    return in(
        database,
        transaction -> {
          var pipeline = new StatementPipeline(transaction);
          T result = work.in(pipeline);
          pipeline.commit();
          return result;
        });
  }

  /// What is done in a transaction whose statements go together.
  @FunctionalInterface
  public interface Exchanging<T> {
    T in(StatementPipeline pipeline) throws SQLException;
  }

  /// What is done in a transaction.
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection transaction) throws SQLException;
  }
}
