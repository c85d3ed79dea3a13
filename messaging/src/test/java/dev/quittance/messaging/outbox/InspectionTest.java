package dev.quittance.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.messaging.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class InspectionTest {

  @Test
  void aNewDatabaseHasNothingToTell() throws SQLException, IOException {
    assertThat(inspect(TestDatabase.create())).isEqualTo(new Inspection(List.of(), 0, null));
  }

  @Test
  void whatWaitsIsCountedAndTheLedgerRead() throws SQLException, IOException {
    DataSource database = TestDatabase.create();
    TestDatabase.run(
        database,
        """
        INSERT INTO outbox (shard, order_id, sequence, topic, headers, value, created_at)
        VALUES (0, 'stripe:pi_1', 1, 'things', '{}', '{}', '2026-03-01T10:00:00Z'),
               (0, 'stripe:pi_1', 2, 'things', '{}', '{}', '2026-03-01T10:00:05Z');
        INSERT INTO intake_ledger VALUES ('events', 3, 5, 20, 9, 3, 1, 1, 1);
        """);

    assertThat(inspect(database))
        .isEqualTo(
            new Inspection(
                List.of(new Inspection.Line("events", 3, 5, 20, 9, 3, 1, 1, 1)),
                2,
                Instant.parse("2026-03-01T10:00:00Z")));
  }

  @Test
  void whatWaitsElsewhereIsCountedToo() throws SQLException, IOException {
    Inspection nothing = inspect(TestDatabase.create());
    Instant later = Instant.parse("2026-03-01T10:00:00Z");

    Inspection some = nothing.with(new Backlog(3, later));

    assertThat(some).isEqualTo(new Inspection(List.of(), 3, later));
    assertThat(some.with(new Backlog(0, null))).isEqualTo(some);
    assertThat(some.with(new Backlog(2, later.minusSeconds(1))))
        .isEqualTo(new Inspection(List.of(), 5, later.minusSeconds(1)));
    assertThat(some.with(new Backlog(Inspection.WAITING_MAX, later.plusSeconds(1))))
        .isEqualTo(new Inspection(List.of(), Inspection.WAITING_MAX, later));
  }

  private static Inspection inspect(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return Inspection.of(connection);
    }
  }
}
