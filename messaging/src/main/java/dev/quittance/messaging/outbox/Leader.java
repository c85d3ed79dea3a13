package dev.quittance.messaging.outbox;

import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/// Does a task that one instance does at a time. It leads while it holds its advisory locks, on the
/// very connection that it works with: whoever has lost its locks can neither read nor delete any
/// more. It never gives up.
final class Leader implements Runnable {

  /// What is done by whoever leads.
  interface Term {
    /// Leads until [#stopped], or until something fails; then the locks are given up, and it is
    /// tried again after a pause. Says [#step] whenever it comes around.
    void lead(Connection connection, Leader leader) throws SQLException, InterruptedException;
  }

  /// How often one that doesn't lead tries to: a rolling update hands over within this.
  static final Duration CANDIDATE = Duration.ofSeconds(1);

  /// Longer than the longest step: 25 s with the brokers, 10 with the database, each pause less.
  /// Brokers or a database that are away end a step with a failure, so that they make nobody stuck.
  static final Duration STUCK = Duration.ofSeconds(30);

  /// A statement here takes milliseconds. Without an answer for so long the database is away.
  private static final int STATEMENT_MS_MAX = 10_000;

  private static final String LOCK = "SELECT pg_try_advisory_lock(hashtext(?), ?::int)";

  /// What waits is nothing now and a hundred thousand rows a minute later: no plan that is kept
  /// suits both. All is found by keys, as in a [dev.quittance.messaging.jdbc.StatementPipeline],
  /// for the whole session. And what is deleted was published: losing that with the server repeats
  /// it, which every reader takes, so that no flush need be waited for.
  private static final String WHILE_LEADING =
      """
      SELECT set_config('plan_cache_mode', 'force_custom_plan', false), set_config('enable_seqscan', 'off', false),
             set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false),
             set_config('enable_material', 'off', false), set_config('jit', 'off', false),
             set_config('synchronous_commit', 'off', false)
      """;

  private static final String AS_BEFORE =
      """
      SELECT pg_advisory_unlock_all(); RESET plan_cache_mode; RESET enable_seqscan; RESET enable_hashjoin;
      RESET enable_mergejoin; RESET enable_material; RESET jit; RESET synchronous_commit
      """;

  private final String name;
  private final String service;
  private final List<Integer> locks;
  private final DataSource database;
  private final Backoff backoff;
  private final RelayObserver observer;
  private final Term term;
  private final OutboxSignal signal = new OutboxSignal();
  private volatile boolean stopped;

  /// Since all that was read was published, or another was seen to lead. Of the leader's own thread
  /// only.
  private int failures;

  private volatile long steppedAt = System.nanoTime();

  /// @param locks taken in this order, all or none
  Leader(
      String name,
      String service,
      List<Integer> locks,
      DataSource database,
      Backoff backoff,
      RelayObserver observer,
      Term term) {
    this.name = name;
    this.service = service;
    this.locks = List.copyOf(locks);
    this.database = database;
    this.backoff = backoff;
    this.observer = observer;
    this.term = term;
  }

  String name() {
    return name;
  }

  OutboxSignal signal() {
    return signal;
  }

  /// Asks it to finish what it has in hand and to end.
  void stop() {
    stopped = true;
    signal.end();
  }

  boolean stopped() {
    return stopped;
  }

  /// Says that it has come around.
  void step() {
    steppedAt = System.nanoTime();
  }

  /// Whether it has not come around for longer than anything takes.
  ///
  /// @param now as [System#nanoTime] tells it
  boolean stuck(long now) {
    return now - steppedAt > STUCK.toNanos();
  }

  /// Says that all that was read was published, and that what it came from was deleted.
  void wentWell() {
    failures = 0;
  }

  @Override
  public void run() {
    while (!stopped) {
      step();
      try {
        candidate();
      } catch (SQLException | RuntimeException | Error e) { // whatever it is: never give up
        observer.notRelayed(name, e);
        failures++;
        if (!paused()) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean paused() {
    step();
    try {
      backoff.before(failures);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Leads until it is stopped, or waits a moment for the locks.
  private void candidate() throws SQLException, InterruptedException {
    try (Connection connection = database.getConnection()) {
      int usual = connection.getNetworkTimeout();
      boolean untouched = false;
      try {
        connection.setNetworkTimeout(Runnable::run, STATEMENT_MS_MAX);
        int taken = locked(connection);
        if (taken == locks.size()) {
          Sql.execute(connection, WHILE_LEADING);
          term.lead(connection, this);
          return;
        }
        untouched = taken == 0;
        failures = 0; // the database answers, and another leads
        signal.awaitEnd(CANDIDATE);
      } finally {
        release(connection, usual, untouched);
      }
    }
  }

  /// The first lock that another has is the last one to be tried, so that of two who want the same
  /// one gets them all.
  ///
  /// @return how many were taken
  private int locked(Connection connection) throws SQLException {
    int taken = 0;
    for (int lock : locks) {
      step();
      if (!locked(connection, lock)) {
        break;
      }
      taken++;
    }
    return taken;
  }

  private boolean locked(Connection connection, int lock) throws SQLException {
    return Sql.query(
            connection,
            LOCK,
            Parameters.none().text(service).number(lock),
            row -> row.getBoolean(1))
        .getFirst();
  }

  /// Gives the connection back as it was. One that can't be freed of its locks has to end, or
  /// nobody would lead again.
  ///
  /// @param untouched no lock was taken and nothing set, as once a second where another leads
  private void release(Connection connection, int networkTimeout, boolean untouched)
      throws SQLException {
    step();
    try {
      if (!untouched) {
        Sql.execute(connection, AS_BEFORE);
      }
      connection.setNetworkTimeout(Runnable::run, networkTimeout);
    } catch (SQLException _) {
      end(connection);
    }
  }

  /// Ends the session and gives its place in the pool free. Agroal's own `abort` (3.0.1) does
  /// neither: it forgets the connection, and a later `close` passes it by. So what is behind it is
  /// aborted, and an error says so to the pool.
  private static void end(Connection connection) {
    try {
      connection.unwrap(Connection.class).abort(Runnable::run);
      Sql.execute(connection, AS_BEFORE);
    } catch (SQLException _) {
      // it has ended, here or before; the pool has heard so and drops it when it is closed
    }
  }
}
