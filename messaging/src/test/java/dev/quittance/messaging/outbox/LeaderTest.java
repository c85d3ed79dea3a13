package dev.quittance.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.Pause;
import dev.quittance.messaging.TestDatabase;
import dev.quittance.messaging.inbox.NotedFailures;
import io.agroal.api.AgroalDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderTest {

  private static final Duration SOON = Duration.ofMinutes(2);

  /// "terminating connection due to administrator command"
  private static final String ENDED = "57P01";

  private final String service = "leader-" + UUID.randomUUID();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch leading = new CountDownLatch(1);
  private DataSource database;
  private Leaders running = new Leaders(List.of());

  @BeforeEach
  void createDatabase() throws SQLException, IOException {
    database = TestDatabase.create();
  }

  @AfterEach
  void close() {
    goOn.countDown();
    running.close();
  }

  @Test
  void whoeverDoesntComeAroundIsStuck() throws InterruptedException {
    Leader leader =
        start((_, _) -> {
          leading.countDown();
          goOn.await();
        });
    leading.await();

    assertThat(leader.stuck(System.nanoTime())).isFalse();
    assertThat(leader.stuck(System.nanoTime() + Leader.STUCK.plusSeconds(1).toNanos())).isTrue();
  }

  /// Each attempt that fails is a step.
  @Test
  void whoeverFailsAgainAndAgainIsNotStuck() {
    Leader leader =
        start((_, _) -> {
          throw new IllegalStateException("the brokers are away");
        });
    long began = System.nanoTime();

    await().atMost(SOON).until(() -> failures.size() > 4);

    assertThat(leader.stuck(began + Leader.STUCK.plusMillis(1).toNanos())).isFalse();
    assertThat(running.alive()).isTrue();
  }

  /// Otherwise the sixth restart of a database in a process's life would cost its customers
  /// seconds.
  @Test
  void whatWasPublishedEndsTheCountOfFailures() {
    var pauses = new ConcurrentLinkedQueue<Duration>();
    start(
        new Backoff(pauses::add, new Random(1)),
        (_, leader) -> {
          if (failures.size() != 2) {
            leader.wentWell();
          }
          throw new IllegalStateException("the database was started again");
        });

    await().atMost(SOON).until(() -> pauses.size() >= 12);

    var first = Backoff.FIRST;
    assertThat(pauses.stream().limit(12).filter(pause -> pause.compareTo(first) > 0))
        .as("the one of the second failure in a row")
        .hasSize(1);
  }

  /// A place that isn't given back is missed when none is left: after twelve restarts of a
  /// database, where two leaders share 24.
  @Test
  void aPoolHasItsPlaceBackHoweverOftenTheSessionEnds() throws SQLException {
    try (AgroalDataSource pool = TestDatabase.pool(database, 2)) {
      start(
          pool,
          new Backoff(_ -> {}, new Random(1)),
          (connection, _) -> {
            try (var statement = connection.createStatement()) {
              statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
          });

      await().atMost(SOON).until(() -> failures.size() > 10);

      running.close();
      assertThat(failures)
          .allSatisfy(failure ->
              assertThat(failure)
                  .isInstanceOfSatisfying(
                      SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(ENDED)));
      try (Connection one = pool.getConnection();
          Connection other = pool.getConnection()) {
        assertThat(one.isValid(10) && other.isValid(10)).isTrue();
      }
    }
  }

  /// A pool gives the connection to somebody else.
  @Test
  void theConnectionIsGivenBackAsItWas() throws SQLException, InterruptedException {
    try (Connection pooled = database.getConnection()) {
      DataSource pool = TestDatabase.always(pooled);
      var leader =
          new Leader(
              service,
              service,
              List.of(0, 1),
              pool,
              new Backoff(Pause.REAL, new Random(1)),
              new NotedFailures(failures),
              (_, self) -> {
                leading.countDown();
                goOn.await();
                self.stop();
              });
      running = new Leaders(List.of(leader));
      running.start();
      leading.await();
      assertThat(TestDatabase.locks(database)).isEqualTo("2");

      goOn.countDown();

      await().atMost(SOON).until(() -> TestDatabase.locks(database).equals("0"));
      await().atMost(SOON).until(() -> pooled.getNetworkTimeout() == 0);
      try (var row = pooled.createStatement().executeQuery("SHOW plan_cache_mode")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("auto");
      }
    }
  }

  private Leader start(Leader.Term term) {
    return start(new Backoff(_ -> {}, new Random(1)), term);
  }

  private Leader start(Backoff backoff, Leader.Term term) {
    return start(database, backoff, term);
  }

  private Leader start(DataSource from, Backoff backoff, Leader.Term term) {
    var leader =
        new Leader(service, service, List.of(0), from, backoff, new NotedFailures(failures), term);
    running = new Leaders(List.of(leader));
    running.start();
    return leader;
  }
}
