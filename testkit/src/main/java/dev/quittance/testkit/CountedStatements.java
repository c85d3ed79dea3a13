package dev.quittance.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// A database that remembers what is sent to it: each sending is a round trip, of one statement or
/// several.
public final class CountedStatements {

  private final DataSource database;
  private final List<Sent> sent = new CopyOnWriteArrayList<>();

  /// A text of one statement or several.
  ///
  /// @param alone whether it is committed as it is executed, by nobody's `COMMIT`
  private record Sent(String text, boolean alone) {

    boolean commits() {
      return alone || text.endsWith("COMMIT");
    }
  }

  public CountedStatements(DataSource database) {
    this.database = database;
  }

  /// The database, watched.
  public DataSource source() {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object result = invoke(database, method, arguments);
          return result instanceof Connection connection ? counting(connection) : result;
        });
  }

  /// So many round trips.
  public int roundTrips(Predicate<String> which) {
    return (int) texts(which).count();
  }

  /// So many statements, with the `BEGIN` that the driver sends before the first of a transaction.
  public int statements(Predicate<String> which) {
    return texts(which).mapToInt(text -> text.split(";\n").length).sum();
  }

  /// So many transactions were ended by a `COMMIT`, or were a text by itself.
  public int commits(Predicate<String> which) {
    return (int) sent.stream().filter(one -> which.test(one.text)).filter(Sent::commits).count();
  }

  private Stream<String> texts(Predicate<String> which) {
    return sent.stream().map(Sent::text).filter(which);
  }

  public void forget() {
    sent.clear();
  }

  /// What is done in a transaction, its commit included.
  @FunctionalInterface
  public interface Work {
    void in(Connection transaction) throws SQLException;
  }

  /// How many round trips a transaction takes.
  public int during(Work work) {
    int before = sent.size();
    try (Connection connection = source().getConnection()) {
      connection.setAutoCommit(false);
      work.in(connection);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return sent.size() - before;
  }

  private Connection counting(Connection connection) {
    var alone = new AtomicBoolean(true);
    var begun = new AtomicBoolean(true);
    return proxy(
        Connection.class,
        (method, arguments) -> {
          switch (method.getName()) {
            case "setAutoCommit" -> {
              alone.set(Boolean.TRUE.equals(arguments[0]));
              begun.set(alone.get());
            }
            case "prepareStatement" -> {
              String text = ((String) arguments[0]).strip();
              sent.add(new Sent((begun.getAndSet(true) ? "" : "BEGIN;\n") + text, alone.get()));
            }
            default -> {}
          }
          return invoke(connection, method, arguments);
        });
  }

  @FunctionalInterface
  private interface Call {
    Object of(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> shape, Call call) {
    return shape.cast(
        Proxy.newProxyInstance(
            CountedStatements.class.getClassLoader(),
            new Class<?>[] {shape},
            (_, method, arguments) -> call.of(method, arguments)));
  }

  private static Object invoke(Object of, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(of, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
