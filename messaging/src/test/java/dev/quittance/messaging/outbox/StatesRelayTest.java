package dev.quittance.messaging.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.Pause;
import dev.quittance.messaging.TestDatabase;
import dev.quittance.messaging.TestTopics;
import dev.quittance.messaging.inbox.NotedFailures;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.testkit.LocalKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatesRelayTest {

  private static final Duration SOON = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(200);

  private static final Map<String, Object> KAFKA =
      Map.of("bootstrap.servers", LocalKafka.shared().bootstrapServers());

  private final String topic = "states-" + UUID.randomUUID();
  private final String service = "states-" + UUID.randomUUID();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<StatesRelay> relays = new ArrayList<>();
  private DataSource database;

  @BeforeEach
  void open() throws SQLException, IOException {
    database = TestDatabase.create();
    TestDatabase.run(
        database,
        """
        CREATE TABLE states (order_id text PRIMARY KEY, version bigint NOT NULL, large boolean NOT NULL);
        CREATE TABLE due (id bigint GENERATED ALWAYS AS IDENTITY, order_id text NOT NULL);
        """);
    LocalKafka.shared().createTopics(List.of(new Topic.Spec(topic, 3, Map.of())));
  }

  @AfterEach
  void close() {
    relays.forEach(StatesRelay::close);
  }

  @Test
  void theLatestStateIsPublishedAndWhatWasBeforeIsNot() throws SQLException {
    change("shop:a", 1);
    change("shop:a", 2);
    change("shop:b", 7);

    relay(database, KAFKA).start();

    awaitNothingDue();
    assertThat(published()).containsExactlyInAnyOrder("shop:a@2", "shop:b@7");
  }

  @Test
  void whatChangesWhileItIsPublishedIsPublishedAgain() throws Exception {
    var gate = new SendGate();
    change("shop:a", 1);
    relay(database, gate.before(KAFKA)).start();
    gate.awaitReached();
    change("shop:a", 2);

    gate.open();

    awaitNothingDue();
    assertThat(published()).containsExactly("shop:a@1", "shop:a@2");
  }

  /// Identities are given before commits: what is committed late may have a lower one.
  @Test
  void aMarkThatIsCommittedLateIsNotDeletedUnread() throws SQLException {
    try (Connection slow = database.getConnection()) {
      slow.setAutoCommit(false);
      change(slow, "shop:a", 1);
      change("shop:b", 1);
      relay(database, KAFKA).start();
      awaitNothingDue();

      slow.commit();
    }

    awaitNothingDue();
    assertThat(published()).containsExactlyInAnyOrder("shop:a@1", "shop:b@1");
  }

  /// It has read version 1, stops, and goes on when its successor has published version 2.
  @Test
  void aPredecessorThatWakesUpLateCannotBringAnOlderStateBack() throws Exception {
    var gate = new SendGate();
    change("shop:a", 1);
    relay(database, gate.before(KAFKA)).start();
    gate.awaitReached();
    TestDatabase.endLeaders(database);
    change("shop:a", 2);
    relay(database, KAFKA).start();
    awaitNothingDue();

    gate.open();

    await().atMost(SOON).until(() -> !failures.isEmpty()); // what it tried was refused
    change("shop:b", 1);
    awaitNothingDue();
    assertThat(published()).containsExactlyInAnyOrder("shop:a@2", "shop:b@1");
  }

  /// The same, where the one that stops has a transaction open and a record in it.
  @Test
  void whatAPredecessorLeftOpenIsEnded() throws Exception {
    StateProducer left = StateProducer.open(service + "-outbox-states", KAFKA);
    long deadline = System.nanoTime() + EventProducer.ANSWER_MAX.toNanos();
    for (Future<RecordMetadata> sent : left.begin(List.of(due("shop:a", 1)), deadline)) {
      sent.get();
    }
    change("shop:a", 2);
    relay(database, KAFKA).start();
    awaitNothingDue();

    assertThat(published()).containsExactly("shop:a@2");
    left.close();
  }

  @Test
  void aCrashBetweenCommitAndDeletionRepeatsTheState() throws SQLException {
    change("shop:a", 1);

    relay(TestDatabase.breaking(database, "DELETE FROM due"), KAFKA).start();

    awaitNothingDue();
    assertThat(published()).containsExactly("shop:a@1", "shop:a@1");
  }

  /// Each record would wait for the topic by itself, and liveness would take the relay for stuck.
  @Test
  void aTopicThatIsNotThereIsWaitedForOnceAndNotForEachState() {
    var states =
        IntStream.range(0, 20)
            .mapToObj(n -> due("shop:" + n, 1))
            .map(state ->
                new CurrentStates.Due(
                    state.order(), "absent", state.headers(), state.value(), state.due()))
            .toList();
    try (StateProducer producer = StateProducer.open(service + "-outbox-states", KAFKA)) {
      long start = System.nanoTime();

      assertThatThrownBy(() -> producer.publish(states)).isInstanceOf(KafkaException.class);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Leader.STUCK);
      assertThat(producer.closed()).isTrue();
    }
  }

  @Test
  void aRefusedStateDetainsItsOrderAndNobodyElse() throws SQLException {
    for (int i = 0; i < 9; i++) {
      change("shop:" + i, 1);
    }
    TestDatabase.run(database, "UPDATE states SET large = true WHERE order_id = 'shop:4'");

    relay(database, KAFKA).start();

    await()
        .atMost(SOON)
        .until(() -> TestDatabase.ask(database, "SELECT count(*) FROM due").equals("1"));
    await().atMost(SOON).until(() -> !failures.isEmpty());
    assertThat(published())
        .containsExactlyInAnyOrder(
            "shop:0@1",
            "shop:1@1",
            "shop:2@1",
            "shop:3@1",
            "shop:5@1",
            "shop:6@1",
            "shop:7@1",
            "shop:8@1");
  }

  @Test
  void brokersThatWereAwayGetTheNewestStateOnceTheyAreBack(@TempDir Path directory)
      throws Exception {
    String address;
    try (LocalKafka broker = LocalKafka.start(directory, 0)) {
      address = broker.bootstrapServers();
      broker.createTopics(List.of(new Topic.Spec(topic, 3, Map.of())));
      relay(database, Map.of("bootstrap.servers", address)).start();
      change("shop:a", 1);
      awaitNothingDue();

      broker.kill();
    }
    change("shop:a", 2);
    change("shop:a", 3);

    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    try (LocalKafka back = LocalKafka.start(directory, port)) {
      awaitNothingDue();
      assertThat(
              TestTopics.all(back.bootstrapServers(), topic).stream()
                  .map(record -> record.get("key") + "@" + record.get("value")))
          .endsWith("shop:a@3");
    }
  }

  private StatesRelay relay(DataSource over, Map<String, Object> kafka) {
    var relay =
        new StatesRelay(
            service,
            new Versions(),
            over,
            kafka,
            LOOK,
            new Backoff(Pause.REAL, new Random(1)),
            new NotedFailures(failures));
    relays.add(relay);
    return relay;
  }

  private void change(String order, long version) throws SQLException {
    try (Connection connection = database.getConnection()) {
      change(connection, order, version);
    }
  }

  private static void change(Connection connection, String order, long version)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            WITH changed AS (
              INSERT INTO states VALUES (?, ?, false)
              ON CONFLICT (order_id) DO UPDATE SET version = excluded.version
              RETURNING order_id)
            INSERT INTO due (order_id) SELECT order_id FROM changed
            """)) {
      statement.setString(1, order);
      statement.setLong(2, version);
      statement.executeUpdate();
    }
  }

  private void awaitNothingDue() {
    await()
        .atMost(SOON)
        .until(() -> TestDatabase.ask(database, "SELECT count(*) FROM due").equals("0"));
  }

  private List<String> published() {
    return TestTopics.all(topic).stream()
        .map(record -> record.get("key") + "@" + record.get("value"))
        .toList();
  }

  private CurrentStates.Due due(String order, long version, Long... marks) {
    return new CurrentStates.Due(
        new OrderId(order),
        topic,
        Map.of(),
        Long.toString(version).getBytes(UTF_8),
        Arrays.asList(marks));
  }

  /// States that are a version and nothing else, and large where a test wants it.
  private final class Versions implements CurrentStates {

    @Override
    public String table() {
      return "due";
    }

    @Override
    public StatementPipeline.Answer<Due> read(
        StatementPipeline session, int most, Collection<String> except) throws SQLException {
      return session.ask(
          """
          SELECT order_id, version, large, array_agg(id)
            FROM (SELECT * FROM due WHERE order_id <> ALL (?) ORDER BY id LIMIT ?) AS due
            JOIN states USING (order_id)
           GROUP BY order_id, version, large
           ORDER BY min(id)
          """,
          Parameters.texts(except).number(most),
          row -> {
            Long[] marks = (Long[]) row.getArray(4).getArray();
            Due state = due(row.getString(1), row.getLong(2), marks);
            return row.getBoolean(3)
                ? new Due(state.order(), topic, Map.of(), new byte[2_000_000], state.due())
                : state;
          });
    }

    @Override
    public void delete(StatementPipeline session, Collection<Due> published) throws SQLException {
      session.write(
          "DELETE FROM due WHERE id = ANY (?)",
          Parameters.none()
              .rows(published.stream().flatMap(state -> state.due().stream()).toList())
              .longs(id -> id)
              .end());
    }
  }
}
