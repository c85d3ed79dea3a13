package dev.quittance.messaging.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.messaging.TestDatabase;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionsTest {

  private static DataSource database;
  private final AtomicInteger attempts = new AtomicInteger();

  @BeforeAll
  static void create() throws Exception {
    database = TestDatabase.create();
  }

  @BeforeEach
  void aTable() throws SQLException {
    TestDatabase.run(database, "DROP TABLE IF EXISTS done; CREATE TABLE done (attempt int)");
  }

  private int failingUntil(int attempt, String state) throws SQLException {
    return Transactions.in(
        database,
        transaction -> {
          int now = attempts.incrementAndGet();
          try (var statement = transaction.createStatement()) {
            statement.execute("INSERT INTO done VALUES (" + now + ")");
          }
          if (now < attempt) {
            throw new SQLException("ended", state);
          }
          return now;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"40P01", "40001"})
  void whatTheDatabaseEndedForAnotherIsDoneAgainAndOnce(String state) throws SQLException {
    assertThat(failingUntil(3, state)).isEqualTo(3);

    assertThat(TestDatabase.ask(database, "SELECT string_agg(attempt::text, ',') FROM done"))
        .isEqualTo("3");
  }

  @Test
  void whatItEndsAgainAndAgainIsGivenUp() {
    assertThatThrownBy(() -> failingUntil(100, "40P01")).isInstanceOf(SQLException.class);

    assertThat(attempts).hasValue(Transactions.ATTEMPTS_MAX);
  }

  @Test
  void nothingElseIsRepeatedAndNothingOfItStays() throws SQLException {
    assertThatThrownBy(() -> failingUntil(2, "23505")).isInstanceOf(SQLException.class);

    assertThat(attempts).hasValue(1);
    assertThat(TestDatabase.ask(database, "SELECT count(*) FROM done")).isEqualTo("0");
  }
}
