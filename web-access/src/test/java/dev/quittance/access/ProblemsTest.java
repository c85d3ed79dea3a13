package dev.quittance.access;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ProblemsTest {

  private final SQLException failed =
      new SQLException(
          "ERROR: duplicate key value. Detail: Key (recipient)=(ada@example.com) already exists.",
          "23505");

  @Test
  void whatTheDatabaseSaysIsLoggedAsACodeAndNotInItsWords() {
    List<RuntimeException> told =
        List.of(
            new IllegalStateException(failed),
            new IllegalArgumentException(
                "[" + failed.getMessage() + "]", new IllegalStateException(failed)));

    for (RuntimeException away : told) {
      assertThat(logged(() -> assertDatabaseAway(new Problems().unforeseen(away))))
          .containsExactly("api.waiting cause=database sqlState=23505");
    }
    assertThat(logged(() -> assertDatabaseAway(new Problems().databaseAway(failed))))
        .containsExactly("api.waiting cause=database sqlState=23505");
  }

  @Test
  void whatSaysNothingHasNoCode() {
    assertThat(logged(() -> new Problems().databaseAway(new SQLException("no connection"))))
        .containsExactly("api.waiting cause=database sqlState=unknown");
  }

  @Test
  void whatIsNoDatabasesFaultIsADefect() {
    assertThat(new Problems().unforeseen(new IllegalStateException("a slip")).getStatus())
        .isEqualTo(500);
  }

  private static void assertDatabaseAway(Response answer) {
    assertThat(answer.getStatus()).isEqualTo(503);
    assertThat(answer.getHeaderString("Retry-After")).isEqualTo("5");
  }

  private static List<String> logged(Runnable work) {
    var lines = new ArrayList<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord said) {
            lines.add(said.getMessage().formatted(said.getParameters()));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(Problems.class.getName());
    logger.addHandler(handler);
    try {
      work.run();
    } finally {
      logger.removeHandler(handler);
    }
    return lines;
  }
}
