package dev.quittance.inboxoutbox;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Tells what is wrong with the world from what is wrong with a record.
final class Failure {

  private Failure() {}

  /// Whether the record itself is to blame, so that trying again can't help. Only data exceptions
  /// (SQLSTATE class 22), violated constraints (23) and defects of our own code are: a missing
  /// table, a full disk or a lost connection would condemn every record that comes by.
  static boolean isTheRecords(Exception failure) {
    return switch (failure) {
      case SQLException sql -> {
        String state = state(sql);
        yield state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
      }
      default -> true;
    };
  }

  private static String state(SQLException failure) {
    @Nullable String state = failure.getSQLState();
    return state == null ? "" : state;
  }
}
