package dev.quittance.messaging.inbox;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells what is wrong with the world from what is wrong with a record.
final class Failure {

  private static final List<String> RECORDS = List.of("21", "22", "23", "54");

  private Failure() {}

  /// Whether the record itself is to blame, so that trying again can't help. Only data exceptions
  /// (SQLSTATE classes 21 and 22), violated constraints (23), values beyond the database's own
  /// limits (54) and defects of our own code are: a missing table, a full disk or a lost connection
  /// would condemn every record that comes by.
  static boolean isTheRecords(Exception failure) {
    return switch (failure) {
      case SQLException sql -> {
        String state = state(sql);
        yield RECORDS.stream().anyMatch(state::startsWith);
      }
      default -> true;
    };
  }

  private static String state(SQLException failure) {
    @Nullable String state = failure.getSQLState();
    return state == null ? "" : state;
  }
}
