package dev.quittance.receipts.intake;

import dev.quittance.receipts.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Counts the statements that are prepared on a connection.
final class CountedStatements {

  private final DataSource database;

  CountedStatements(DataSource database) {
    this.database = database;
  }

  int during(TestDatabase.Work<?> work) {
    int[] count = {0};
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      var counting =
          (Connection)
              Proxy.newProxyInstance(
                  CountedStatements.class.getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                      count[0]++;
                    }
                    try {
                      return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
      work.in(counting);
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return count[0];
  }
}
