package dev.quittance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {

  @Test
  void keepsCommittedRowsWhenKilled(@TempDir Path directory) throws Exception {
    DatabaseAddress address;
    try (var postgres = PostgresProcess.start(directory, Ports.free())) {
      address = postgres.createDatabase("notes");
      try (var connection = connect(address)) {
        connection.createStatement().execute("CREATE TABLE note (text text)");
        connection.createStatement().execute("INSERT INTO note VALUES ('committed')");

        postgres.kill();

        assertThat(postgres.process().isAlive()).isFalse();
        assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1"))
            .isInstanceOf(SQLException.class);
      }
    }

    int port = Integer.parseInt(address.jdbcUrl().replaceAll(".*:(\\d+)/.*", "$1"));
    try (var again = LocalPostgres.start(directory, port);
        var connection = connect(again.createDatabase("notes"))) {
      assertThat(answer(connection, "SELECT text FROM note")).isEqualTo("committed");
    }
  }

  @Test
  void flushesEveryCommitToTheDisk() throws Exception {
    try (var connection = connect(LocalPostgres.shared().createDatabase("flushed"))) {
      assertThat(answer(connection, "SHOW fsync")).isEqualTo("on");
      assertThat(answer(connection, "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(answer(connection, "SHOW full_page_writes")).isEqualTo("on");
    }
  }

  @Test
  void leavesADatabaseThatIsThereAlone() throws Exception {
    var postgres = LocalPostgres.shared();
    try (var connection = connect(postgres.createDatabase("kept"))) {
      connection.createStatement().execute("CREATE TABLE here (n int)");
    }

    try (var connection = connect(postgres.createDatabase("kept"))) {
      assertThat(answer(connection, "SELECT count(*) FROM here")).isEqualTo("0");
    }
  }

  @Test
  void refusesANameThatIsNone() {
    assertThatThrownBy(() -> LocalPostgres.shared().createDatabase("x; DROP TABLE y"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givesEachJvmDatabasesOfItsOwnOnASharedServer() throws Exception {
    var given = new GivenPostgres(LocalPostgres.shared().adminUrl());

    var address = given.createDatabase("common");

    assertThat(address.jdbcUrl()).endsWith("/common_" + ProcessHandle.current().pid());
    try (var connection = connect(address)) {
      assertThat(answer(connection, "SELECT current_user")).isEqualTo("quittance");
    }
  }

  private static Connection connect(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  private static String answer(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
