package dev.quittance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.chaos.Leaderships.Whose;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.LocalPostgres;
import dev.quittance.testkit.Ports;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeadershipsTest {

  private final LocalPostgres postgres = LocalPostgres.shared();
  private final String name = "leaderships_" + UUID.randomUUID().toString().replace('-', '_');
  private final DatabaseAddress ours = postgres.createDatabase(name);
  private final DatabaseAddress another = postgres.createDatabase(name + "_other");
  private final Leaderships leaderships = new Leaderships(postgres.adminUrl(name));

  private final List<Connection> sessions = new ArrayList<>();

  @AfterEach
  void close() throws SQLException {
    for (Connection session : sessions) {
      session.close();
    }
  }

  @Test
  void aRelayHasOneSessionThoughItHasManyLocks() throws SQLException {
    Connection relay = session(ours, "SELECT pg_advisory_lock(1, 0), pg_advisory_lock(1, 7)");
    Connection states = session(ours, "SELECT pg_advisory_lock(1, 8)");

    assertThat(leaderships.end(Whose.EVENTS)).isEqualTo(1);

    assertThat(ended(relay)).isTrue();
    assertThat(ended(states)).isFalse();
  }

  @Test
  void theStatesPublisherHasOneOfItsOwn() throws SQLException {
    Connection relay = session(ours, "SELECT pg_advisory_lock(1, 0)");
    Connection states = session(ours, "SELECT pg_advisory_lock(1, 8)");

    assertThat(leaderships.end(Whose.STATES)).isEqualTo(1);

    assertThat(ended(relay)).isFalse();
    assertThat(ended(states)).isTrue();
    assertThat(leaderships.end(Whose.ALL)).isEqualTo(1);
  }

  @Test
  void whoeverLeadsNothingHereStays() throws SQLException {
    Connection idle = session(ours, "SELECT 1");
    Connection outage = session(ours, "SELECT pg_advisory_lock(7)");
    Connection elsewhere = session(another, "SELECT pg_advisory_lock(1, 0)");

    assertThat(leaderships.end(Whose.ALL)).isZero();

    assertThat(List.of(ended(idle), ended(outage), ended(elsewhere))).containsOnly(false);
  }

  @Test
  void aServerThatIsAwayHasNone() {
    var nowhere = new Leaderships("jdbc:postgresql://127.0.0.1:" + Ports.free() + "/x?user=x");

    assertThat(nowhere.end(Whose.ALL)).isZero();
  }

  private Connection session(DatabaseAddress database, String sql) throws SQLException {
    Connection session =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    sessions.add(session);
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    }
    return session;
  }

  private static boolean ended(Connection session) throws SQLException {
    return !session.isValid(30);
  }
}
