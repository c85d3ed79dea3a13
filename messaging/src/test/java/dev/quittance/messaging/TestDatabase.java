package dev.quittance.messaging;

import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.LocalPostgres;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A database of one test's own, with the tables of inbox and outbox.
public final class TestDatabase {

  private static final String LEADS =
      "locktype = 'advisory' AND granted"
          + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

  private TestDatabase() {}

  public static DataSource create() throws SQLException, IOException {
    DatabaseAddress address =
        LocalPostgres.shared()
            .createDatabase("io_" + UUID.randomUUID().toString().replace("-", ""));
    var database = new PGSimpleDataSource();
    database.setUrl(address.jdbcUrl());
    database.setUser(address.user());
    database.setPassword(address.password());
    try (InputStream script =
        TestDatabase.class.getResourceAsStream("/db/messaging/V1__messaging.sql")) {
      run(
          database,
          new String(
              Objects.requireNonNull(script, "the migration").readAllBytes(),
              StandardCharsets.UTF_8));
    }
    return database;
  }

  /// The services' pool, in small.
  public static AgroalDataSource pool(DataSource database, int size) throws SQLException {
    var address = (PGSimpleDataSource) database;
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(pool ->
                pool.maxSize(size)
                    .acquisitionTimeout(Duration.ofSeconds(30))
                    .exceptionSorter(new PostgreSQLExceptionSorter())
                    .connectionFactoryConfiguration(factory ->
                        factory
                            .jdbcUrl(address.getURL())
                            .principal(new NamePrincipal(address.getUser()))
                            .credential(new SimplePassword(address.getPassword())))));
  }

  public static void run(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection()) {
      run(connection, sql);
    }
  }

  public static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public static String ask(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "nothing";
    }
  }

  /// Breaks the connections of whoever leads, as a restart of the database does.
  public static void endLeaders(DataSource database) throws SQLException {
    run(database, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE " + LEADS);
  }

  /// How many advisory locks are held.
  public static String locks(DataSource database) throws SQLException {
    return ask(database, "SELECT count(*) FROM pg_locks WHERE " + LEADS);
  }

  /// A pool of one connection, which it takes back when it is closed.
  public static DataSource always(Connection pooled) {
    Connection lent =
        (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (_, method, arguments) ->
                    method.getName().equals("close") ? null : method.invoke(pooled, arguments));
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (_, _, _) -> lent);
  }

  /// The same database, whose connections break once, at a statement that begins so.
  public static DataSource breaking(DataSource database, String statement) {
    return watched(DataSource.class, database, statement, new AtomicBoolean());
  }

  private static <T> T watched(Class<T> shape, T real, String breaks, AtomicBoolean broken) {
    return shape.cast(
        Proxy.newProxyInstance(
            shape.getClassLoader(),
            new Class<?>[] {shape},
            (_, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && ((String) arguments[0]).strip().startsWith(breaks)
                  && broken.compareAndSet(false, true)) {
                ((Connection) real).abort(Runnable::run);
              }
              try {
                Object result = method.invoke(real, arguments);
                return result instanceof Connection connection
                    ? watched(Connection.class, connection, breaks, broken)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
