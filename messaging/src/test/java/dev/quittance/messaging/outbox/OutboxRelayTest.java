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
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.testkit.LocalKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxRelayTest {

  /// Waited for where a machine is busy with much else; only a failure takes it.
  private static final Duration SOON = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(200);

  private static final Map<String, Object> KAFKA =
      Map.of("bootstrap.servers", LocalKafka.shared().bootstrapServers());

  /// Names of the test's own, so that tests share the broker but neither topics nor locks.
  private final String topic = "relay-" + UUID.randomUUID();

  private final String service = "relay-" + UUID.randomUUID();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<OutboxRelay> relays = new ArrayList<>();
  private DataSource database;

  @BeforeEach
  void open() throws SQLException, IOException {
    database = TestDatabase.create();
    LocalKafka.shared().createTopics(List.of(new Topic.Spec(topic, 3, Map.of())));
  }

  @AfterEach
  void close() {
    relays.forEach(OutboxRelay::close);
  }

  @Test
  void committedRowsArePublishedInTheOrderOfEachOrder() throws SQLException {
    OutboxRelay relay = relay(LocalKafka.shared().bootstrapServers());
    relay.start();

    commit(
        IntStream.range(0, 300).mapToObj(i -> row("shop:pi_" + i % 30, i, "value " + i)).toList());
    relay.wake(IntStream.range(0, 30).mapToObj(i -> new OrderId("shop:pi_" + i)).toList());

    awaitEmptyOutbox();
    List<Map<String, String>> published = TestTopics.all(topic);
    assertThat(published).hasSize(300);
    for (int order = 0; order < 30; order++) {
      String key = "shop:pi_" + order;
      assertThat(published.stream().filter(record -> key.equals(record.get("key"))))
          .extracting(record -> Integer.valueOf(record.get("ce_sequence")))
          .isSorted()
          .hasSize(10);
    }
  }

  @Test
  void rowsOfARolledBackTransactionAreNeverPublished() throws SQLException {
    relay(LocalKafka.shared().bootstrapServers()).start();
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      append(transaction, List.of(row("shop:a", 1, "never")));
      transaction.rollback();
    }

    commit(List.of(row("shop:a", 1, "yes")));

    awaitEmptyOutbox();
    assertThat(TestTopics.all(topic))
        .extracting(record -> record.get("value"))
        .containsExactly("yes");
  }

  @Test
  void aRowThatIsCommittedLateIsNotSkipped() throws SQLException {
    relay(LocalKafka.shared().bootstrapServers()).start();
    try (Connection slow = database.getConnection()) {
      slow.setAutoCommit(false);
      append(slow, List.of(row("shop:a", 1, "late")));
      commit(List.of(row("shop:a", 2, "quick")));
      awaitEmptyOutbox();

      slow.commit();
    }

    awaitEmptyOutbox();
    assertThat(TestTopics.all(topic))
        .extracting(record -> record.get("value"))
        .containsExactlyInAnyOrder("quick", "late");
  }

  @Test
  void aRefusedRowDetainsItsOrderAndNobodyElse() throws SQLException {
    relay(LocalKafka.shared().bootstrapServers()).start();
    var large = "x".repeat(2_000_000);

    commit(
        List.of(
            row("shop:a", 1, "before"),
            row("shop:a", 2, large),
            row("shop:a", 3, "after"),
            row("shop:b", 1, "other"),
            row("shop:c", 1, "another")));

    await().atMost(SOON).until(() -> ask("SELECT count(*) FROM outbox").equals("2"));
    assertThat(TestTopics.all(topic))
        .extracting(record -> record.get("value"))
        .containsExactlyInAnyOrder("before", "other", "another");
    assertThat(failures).isNotEmpty();
  }

  /// The client takes it and the brokers don't: what stands behind it is in the client's hands by
  /// then, and must stay there.
  @Test
  void nothingLaterOfAnOrderIsSentAfterWhatTheBrokersRefuse() throws SQLException {
    String narrow = "narrow-" + UUID.randomUUID();
    LocalKafka.shared()
        .createTopics(List.of(new Topic.Spec(narrow, 1, Map.of("max.message.bytes", "20000"))));
    var rows = new ArrayList<OutboxRow>();
    rows.add(row(narrow, "shop:a", 1, "before"));
    rows.add(row(narrow, "shop:a", 2, "x".repeat(50_000)));
    for (int i = 3; i <= 20; i++) {
      rows.add(row(narrow, "shop:a", i, "after " + "y".repeat(10_000)));
    }
    IntStream.range(0, 20).forEach(i -> rows.add(row(narrow, "shop:b" + i, 1, "other")));
    relay(LocalKafka.shared().bootstrapServers()).start();

    commit(rows);

    await().atMost(SOON).until(() -> ask("SELECT count(*) FROM outbox").equals("19"));
    commit(List.of(row(narrow, "shop:a", 21, "even later"), row(narrow, "shop:c", 1, "other")));
    await().atMost(SOON).until(() -> ask("SELECT count(*) FROM outbox").equals("20"));
    List<String> values =
        TestTopics.all(narrow).stream().map(record -> record.get("value")).distinct().toList();
    assertThat(values).containsExactlyInAnyOrder("before", "other");
  }

  @Test
  void oneRelayLeadsAndTheOtherTakesOver() throws SQLException {
    OutboxRelay first = relay(LocalKafka.shared().bootstrapServers());
    first.start();
    await().atMost(SOON).until(() -> TestDatabase.locks(database).equals("8"));
    OutboxRelay second = relay(LocalKafka.shared().bootstrapServers());
    second.start();
    commit(List.of(row("shop:a", 1, "by the first")));
    awaitEmptyOutbox();

    first.close();
    commit(List.of(row("shop:a", 2, "by the second")));

    awaitEmptyOutbox();
    assertThat(TestTopics.all(topic))
        .extracting(record -> record.get("value"))
        .containsExactly("by the first", "by the second");
  }

  @Test
  void severalRelaysShareTheShards() throws SQLException {
    OutboxRelay relay = relay(3, database, KAFKA);
    relay.start();

    commit(
        IntStream.range(0, 300).mapToObj(i -> row("shop:pi_" + i % 30, i, "value " + i)).toList());
    relay.wake(IntStream.range(0, 30).mapToObj(i -> new OrderId("shop:pi_" + i)).toList());

    awaitEmptyOutbox();
    assertThat(TestTopics.all(topic)).hasSize(300);
    assertThat(TestDatabase.locks(database)).isEqualTo("8");
  }

  @Test
  void asManyRelaysAsThereAreShardsAreTheMost() {
    assertThatThrownBy(() -> relay(9, database, KAFKA))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> relay(0, database, KAFKA))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// An instance that is to run another number of relays waits until it gets all locks of one.
  @Test
  void relaysThatShareOtherwiseDontWorkBesideEachOther() throws SQLException {
    relay(1, database, KAFKA).start();
    await().atMost(SOON).until(() -> TestDatabase.locks(database).equals("8"));
    relay(2, database, KAFKA).start();

    commit(IntStream.range(0, 100).mapToObj(i -> row("shop:" + i, 1, "value " + i)).toList());

    awaitEmptyOutbox();
    assertThat(TestTopics.all(topic)).hasSize(100);
  }

  @Test
  void aStalledPredecessorThatGoesOnLateRepeatsInOrder() throws Exception {
    var gate = new SendGate();
    relay(1, database, gate.before(KAFKA)).start();
    commit(List.of(row("shop:a", 1, "one"), row("shop:a", 2, "two"), row("shop:a", 3, "three")));
    gate.awaitReached();
    TestDatabase.endLeaders(database);
    relay(LocalKafka.shared().bootstrapServers()).start();
    awaitEmptyOutbox();
    commit(List.of(row("shop:a", 4, "four")));
    awaitEmptyOutbox();

    gate.open();

    await().atMost(SOON).until(() -> TestTopics.all(topic).size() == 7);
    assertThat(TestTopics.all(topic))
        .extracting(record -> record.get("value"))
        .containsExactly("one", "two", "three", "four", "one", "two", "three");
  }

  @Test
  void aCrashBetweenAcknowledgementAndDeletionRepeats() throws SQLException {
    commit(List.of(row("shop:a", 1, "one"), row("shop:a", 2, "two")));

    relay(1, TestDatabase.breaking(database, "DELETE FROM outbox"), KAFKA).start();

    awaitEmptyOutbox();
    assertThat(TestTopics.all(topic))
        .extracting(record -> record.get("value"))
        .containsExactly("one", "two", "one", "two");
  }

  @Test
  void brokersThatWereAwayGetEverythingOnceTheyAreBack(@TempDir Path directory) throws Exception {
    String address;
    try (LocalKafka broker = LocalKafka.start(directory, 0)) {
      address = broker.bootstrapServers();
      broker.createTopics(List.of(new Topic.Spec(topic, 3, Map.of())));
      relay(address).start();
      commit(List.of(row("shop:a", 1, "one")));
      awaitEmptyOutbox();

      broker.kill();
    }
    commit(List.of(row("shop:a", 2, "two"), row("shop:b", 1, "three")));

    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    try (LocalKafka back = LocalKafka.start(directory, port)) {
      awaitEmptyOutbox();
      assertThat(TestTopics.all(back.bootstrapServers(), topic))
          .extracting(record -> record.get("value"))
          .contains("one", "two", "three");
    }
  }

  @Test
  void theOldestAgeIsThatOfTheOldestRow() throws SQLException {
    try (Connection connection = database.getConnection()) {
      assertThat(Backlog.oldestAge(connection, Backlog.OUTBOX)).isZero();

      commit(List.of(row("shop:a", 1, "old")));
      TestDatabase.run(database, "UPDATE outbox SET created_at = created_at - interval '1 hour'");

      assertThat(Backlog.oldestAge(connection, Backlog.OUTBOX))
          .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(70));
    }
  }

  @Test
  void aRelayThatEndedByItselfIsNotAlive() {
    Pause endsTheThread =
        _ -> {
          throw new InterruptedException("ended from outside");
        };
    var relay =
        new OutboxRelay(
            service,
            1,
            database,
            Map.of("bootstrap.servers", "no address"),
            LOOK,
            new Backoff(endsTheThread, new Random(1)),
            new NotedFailures(failures));
    assertThat(relay.alive()).isTrue();

    relay.start();

    await().atMost(SOON).until(() -> !relay.alive());
    relay.close();
    assertThat(relay.alive()).isTrue();
  }

  @Test
  void brokersThatAreAwayDontEndARelay() {
    OutboxRelay relay = relay("no address");
    relay.start();

    await().atMost(SOON).until(() -> failures.size() > 3);

    assertThat(relay.alive()).isTrue();
  }

  private OutboxRelay relay(String bootstrapServers) {
    return relay(1, database, Map.of("bootstrap.servers", bootstrapServers));
  }

  private OutboxRelay relay(int number, DataSource over, Map<String, Object> kafka) {
    var relay =
        new OutboxRelay(
            service,
            number,
            over,
            kafka,
            LOOK,
            new Backoff(Pause.REAL, new Random(1)),
            new NotedFailures(failures));
    relays.add(relay);
    return relay;
  }

  private OutboxRow row(String order, long sequence, String value) {
    return row(topic, order, sequence, value);
  }

  private static OutboxRow row(String topic, String order, long sequence, String value) {
    return new OutboxRow(
        new OrderId(order),
        sequence,
        topic,
        Map.of("ce_sequence", Long.toString(sequence)),
        value.getBytes(UTF_8));
  }

  private void commit(List<OutboxRow> rows) throws SQLException {
    try (Connection transaction = database.getConnection()) {
      transaction.setAutoCommit(false);
      append(transaction, rows);
      transaction.commit();
    }
  }

  private static void append(Connection transaction, List<OutboxRow> rows) throws SQLException {
    var pipeline = new StatementPipeline(transaction);
    Outbox.append(pipeline, rows);
    pipeline.send();
  }

  private void awaitEmptyOutbox() {
    await().atMost(SOON).until(() -> ask("SELECT count(*) FROM outbox").equals("0"));
  }

  private String ask(String sql) throws SQLException {
    return TestDatabase.ask(database, sql);
  }
}
