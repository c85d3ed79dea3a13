package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.testkit.Service;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// This version on the next one's schema, as during every roll-out, and after one that was taken
/// back: the next migration only adds, and what it adds disturbs nobody.
class NextSchemaTest {

  private static final RunningStack STACK = RunningStack.get();

  private static final String TABLES =
      "SELECT quote_ident(tablename) FROM pg_tables"
          + " WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history'";

  private static final String HISTORY =
      """
      INSERT INTO flyway_schema_history
             (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
      SELECT max(installed_rank) + 1, '9999', 'next', 'SQL', 'V9999__next.sql', 0, 'test', 0, true
        FROM flyway_schema_history
      HAVING count(*) FILTER (WHERE version = '9999') = 0
      """;

  @Test
  void runsOnTheNextSchemaAndStartsOnIt() throws SQLException {
    var before = STACK.shop().payment();
    pay(before);

    migrate("fulfillment");
    migrate("receipts");

    var rolledOut = STACK.shop().payment();
    pay(rolledOut);
    for (Service service : List.of(Service.FULFILLMENT, Service.RECEIPTS)) {
      STACK.stack().service(service).close();
      STACK.stack().startService(service);
    }
    var takenBack = STACK.shop().payment();
    pay(takenBack);
    assertThat(STACK.orders().fulfill(takenBack.order(), "next-" + takenBack.token()).status())
        .isEqualTo(201);
    for (Shop.Payment payment : List.of(before, rolledOut, takenBack)) {
      assertThat(STACK.orders().find(payment.order()).status()).isEqualTo(200);
    }
  }

  private static void pay(Shop.Payment payment) {
    assertThat(STACK.webhooks().send(STACK.shop().completed(payment, "paid")).status())
        .isEqualTo(200);
    STACK.orders().await(payment.order(), "paid", "due");
    STACK.orders().awaitReceipts(payment.order(), "payment sent");
  }

  /// What an expanding migration may do, done to every table.
  private static void migrate(String database) throws SQLException {
    String url = STACK.stack().postgres().adminUrl(database);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      var tables = new ArrayList<String>();
      try (var rows = statement.executeQuery(TABLES)) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      assertThat(tables).contains("outbox", "orders");
      for (String table : tables) {
        statement.execute("ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS added_later text");
        statement.execute(
            "ALTER TABLE "
                + table
                + " ADD COLUMN IF NOT EXISTS counted_later integer NOT NULL DEFAULT 0");
      }
      statement.execute("CREATE TABLE IF NOT EXISTS known_later (id bigint PRIMARY KEY)");
      statement.execute(HISTORY);
    }
  }
}
