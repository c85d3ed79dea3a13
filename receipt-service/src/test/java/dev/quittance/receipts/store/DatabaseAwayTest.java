package dev.quittance.receipts.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.receipts.Logged;
import dev.quittance.receipts.api.Problems;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseAwayTest {

  private final SQLException told =
      new SQLException(
          "ERROR: duplicate key value. Detail: Key (recipient)=(ada@example.com) already exists.",
          "23505");

  @Test
  void whatTheDatabaseSaysIsLoggedAsACodeAndNotInItsWords() {
    for (RuntimeException away :
        List.of(
            new DatabaseAway(told),
            new PersistenceException("[" + told.getMessage() + "]", told))) {
      try (var logged = new Logged()) {
        assertThat(new Problems().later(away).getStatus()).isEqualTo(503);

        assertThat(logged.lines()).containsExactly("api.waiting cause=database sqlState=23505");
      }
    }
  }

  @Test
  void whatSaysNothingHasNoCode() {
    assertThat(DatabaseAway.sqlState(new IllegalStateException())).isEqualTo("unknown");
    assertThat(DatabaseAway.sqlState(new DatabaseAway(new SQLException("no connection"))))
        .isEqualTo("unknown");
  }
}
