package dev.quittance.receipts.intake;

import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Transactions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Counts how often statements are sent on a connection.
final class CountedStatements {

  private final DataSource database;

  CountedStatements(DataSource database) {
    this.database = database;
  }

  int during(Transactions.Exchanging<?> work) {
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
      var exchange = new Exchange(counting);
      work.in(exchange);
      exchange.commit();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return count[0];
  }
}
