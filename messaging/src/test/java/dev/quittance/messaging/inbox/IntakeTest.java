package dev.quittance.messaging.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.NewerEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.TestDatabase;
import dev.quittance.messaging.TestTopics;
import dev.quittance.messaging.jdbc.Parameters;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.testkit.LocalKafka;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  /// A topic name of the test's own, so that tests share the broker but no dead letters.
  private final String topic = "intake-" + UUID.randomUUID();

  private final List<RecordOutcome> handled = new ArrayList<>();
  private final List<Exception> retries = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private DataSource database;
  private DeadLetters deadLetters;

  @BeforeEach
  void open() throws SQLException, IOException {
    database = TestDatabase.create();
    TestDatabase.run(database, "CREATE TABLE seen (id text PRIMARY KEY)");
    LocalKafka.shared()
        .createTopics(
            List.of(
                new Topic.Spec(
                    topic + "." + ConsumerGroup.FULFILLMENT.groupName() + ".dlq", 1, Map.of())));
    deadLetters =
        DeadLetters.over(Map.of("bootstrap.servers", LocalKafka.shared().bootstrapServers()));
  }

  @AfterEach
  void close() {
    deadLetters.close();
  }

  @Test
  void everyRecordHasOneOutcomeAndTheLedgerAddsUp() throws SQLException {
    intake(new Seen()).take(records(0, "a", "b", "ignored", "a"));

    assertThat(handled)
        .containsExactly(
            new RecordOutcome.Applied(),
            new RecordOutcome.Applied(),
            new RecordOutcome.Ignored(),
            new RecordOutcome.Duplicate());
    assertThat(ledger())
        .isEqualTo("first 0, next 4: 2 applied, 1 ignored, 1 duplicate, 0 dead, 0 gaps");
  }

  @Test
  void aRepeatedBatchCountsNothingTwiceHoweverItIsCut() throws SQLException {
    Intake<String> intake = intake(new Seen());

    intake.take(records(0, "a", "b", "c"));
    intake.take(records(1, "b", "c", "d"));
    intake.take(records(0, "a", "b", "c", "d"));

    assertThat(ledger())
        .isEqualTo("first 0, next 4: 4 applied, 0 ignored, 0 duplicate, 0 dead, 0 gaps");
    assertThat(TestDatabase.ask(database, "SELECT count(*) FROM seen")).isEqualTo("4");
  }

  @Test
  void offsetsThatNoRecordHadAreCountedAsGaps() throws SQLException {
    Intake<String> intake = intake(new Seen());

    intake.take(records(10, "a"));
    intake.take(records(13, "b"));

    assertThat(ledger())
        .isEqualTo("first 10, next 14: 2 applied, 0 ignored, 0 duplicate, 0 dead, 2 gaps");
  }

  @Test
  void poisonIsSplitOutAndTakesNoNeighborWithIt() throws SQLException {
    var seen = new Seen();

    intake(seen).take(records(0, "a", "b", "c", "poison", "d", "e", "f"));

    assertThat(TestDatabase.ask(database, "SELECT string_agg(id, '' ORDER BY id) FROM seen"))
        .isEqualTo("abcdef");
    assertThat(seen.commits).as("of abc, d and ef; the poison never came to it").isEqualTo(3);
    assertThat(ledger())
        .isEqualTo("first 0, next 7: 6 applied, 0 ignored, 0 duplicate, 1 dead, 0 gaps");
    var letters = deadLetters();
    assertThat(letters).hasSize(1);
    assertThat(letters.getFirst())
        .containsEntry("value", "poison")
        .containsEntry("kept", "as it was")
        .containsEntry("dlq_reason", "poison")
        .containsEntry("dlq_detail", "IllegalStateException")
        .containsEntry("dlq_topic", topic)
        .containsEntry("dlq_partition", "0")
        .containsEntry("dlq_offset", "3")
        .containsEntry("dlq_group", "quittance-fulfillment")
        .containsEntry("dlq_at", "2026-11-22T12:00:00Z");
  }

  @Test
  void aRecordThatTheDatabaseRefusesIsPoisonToo() throws SQLException {
    intake(new Seen()).take(records(0, "a", "nul\u0000", "b"));

    assertThat(ledger())
        .isEqualTo("first 0, next 3: 2 applied, 0 ignored, 0 duplicate, 1 dead, 0 gaps");
  }

  @Test
  void unreadableRecordsAreDeadLettered() throws SQLException {
    intake(new Seen()).take(records(0, "a", "unreadable", "b"));

    assertThat(ledger())
        .isEqualTo("first 0, next 3: 2 applied, 0 ignored, 0 duplicate, 1 dead, 0 gaps");
    assertThat(deadLetters().getFirst())
        .containsEntry("dlq_reason", "unreadable")
        .containsEntry("dlq_detail", "no readable test");
  }

  @Test
  void whatIsDeadByTheWorksWordIsDeadLettered() {
    intake(new Seen()).take(records(0, "dead"));

    assertThat(deadLetters().getFirst()).containsEntry("dlq_reason", "payment_unknown");
  }

  @Test
  void serializationFailuresDeadlocksAndOutagesAreWaitedOut() throws SQLException {
    var work = new Seen();
    work.failures.addAll(List.of("40001", "40P01", "08006", "57P01", "53100", "42P01"));

    intake(work).take(records(0, "a", "b"));

    assertThat(retries).hasSize(6);
    assertThat(ledger())
        .isEqualTo("first 0, next 2: 2 applied, 0 ignored, 0 duplicate, 0 dead, 0 gaps");
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void anInterruptedIntakeAcknowledgesNothing() throws SQLException {
    var work = new Seen();
    work.failures.add("08006");
    Intake<String> intake =
        new Intake<>(
            database,
            work,
            deadLetters,
            ConsumerGroup.FULFILLMENT,
            observer(),
            new Backoff(
                _ -> {
                  throw new InterruptedException();
                },
                new Random(1)),
            Clock.fixed(NOW, ZoneOffset.UTC));

    assertThatThrownBy(() -> intake.take(records(0, "a"))).isInstanceOf(IntakeStopped.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(handled).isEmpty();
    assertThat(TestDatabase.ask(database, "SELECT count(*) FROM seen")).isEqualTo("0");
  }

  @Test
  void anErrorInTheMiddleOfATransactionCommitsNothing() throws SQLException {
    Intake<String> intake = intake(new Seen());

    assertThatThrownBy(() -> intake.take(records(0, "a", "broken class")))
        .isInstanceOf(NoClassDefFoundError.class);

    assertThat(TestDatabase.ask(database, "SELECT count(*) FROM seen")).isEqualTo("0");
    assertThat(TestDatabase.ask(database, "SELECT count(*) FROM intake_ledger")).isEqualTo("0");
  }

  @Test
  void aValueBeyondTheDatabasesLimitsIsPoisonAndNotAnOutage() throws SQLException {
    String incompressible =
        new Random(1).ints(5_000, 'a', 'z').mapToObj(Character::toString).collect(joining());

    intake(new Seen()).take(records(0, "a", incompressible, "b"));

    assertThat(retries).isEmpty();
    assertThat(ledger())
        .isEqualTo("first 0, next 3: 2 applied, 0 ignored, 0 duplicate, 1 dead, 0 gaps");
  }

  @Test
  void aBatchThatDiedBeforeItsDeadLetterWritesItWhenRepeated() throws SQLException {
    intake(new Seen()).take(records(0, "dead"));

    intake(new Seen()).take(records(0, "dead"));

    assertThat(deadLetters()).hasSize(2);
    assertThat(ledger())
        .isEqualTo("first 0, next 1: 0 applied, 0 ignored, 0 duplicate, 1 dead, 0 gaps");
  }

  @Test
  void whatOnlyANewerVersionKnowsIsLeftToItWithAllThatFollowsInItsPartition() throws SQLException {
    var batch = new ArrayList<>(records(0, "a", "newer", "b"));
    batch.add(new IncomingRecord(topic, 1, 7, null, Map.of(), "c".getBytes(UTF_8)));
    Intake<String> intake =
        new Intake<>(
            database,
            new Seen(),
            deadLetters,
            ConsumerGroup.FULFILLMENT,
            observer(),
            new Backoff(
                _ -> {
                  throw new InterruptedException();
                },
                new Random(1)),
            Clock.fixed(NOW, ZoneOffset.UTC));

    assertThatThrownBy(() -> intake.take(batch)).isInstanceOf(IntakeStopped.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(left).containsExactly(topic + "-0@1 dev.quittance.payment.reversed.v1");
    assertThat(intake.newer()).contains("dev.quittance.payment.reversed.v1");
    assertThat(TestDatabase.ask(database, "SELECT string_agg(id, '' ORDER BY id) FROM seen"))
        .isEqualTo("ac");
    assertThat(
            TestDatabase.ask(
                database,
                "SELECT string_agg(partition || ':' || next_offset, ' ' ORDER BY partition)"
                    + " FROM intake_ledger"))
        .isEqualTo("0:1 1:8");
    assertThat(deadLetters()).isEmpty();
  }

  private Intake<String> intake(BatchHandler<String> work) {
    return new Intake<>(
        database,
        work,
        deadLetters,
        ConsumerGroup.FULFILLMENT,
        observer(),
        new Backoff(_ -> {}, new Random(1)),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private IntakeObserver observer() {
    return new IntakeObserver() {
      @Override
      public void handled(IncomingRecord record, RecordOutcome outcome) {
        handled.add(outcome);
      }

      @Override
      public void retrying(int attempt, Exception cause) {
        retries.add(cause);
      }

      @Override
      public void leaving(IncomingRecord record, String type) {
        left.add(record + " " + type);
      }
    };
  }

  private List<IncomingRecord> records(long first, String... values) {
    return IntStream.range(0, values.length)
        .mapToObj(i ->
            new IncomingRecord(
                topic,
                0,
                first + i,
                "key".getBytes(UTF_8),
                Map.of("kept", "as it was".getBytes(UTF_8), "dlq_reason", "old".getBytes(UTF_8)),
                values[i].getBytes(UTF_8)))
        .toList();
  }

  private String ledger() throws SQLException {
    return TestDatabase.ask(
        database,
        """
        SELECT format('first %s, next %s: %s applied, %s ignored, %s duplicate, %s dead, %s gaps',
                      first_offset, next_offset, applied, ignored, duplicate, dead, gaps)
          FROM intake_ledger
        """);
  }

  private List<Map<String, String>> deadLetters() {
    return TestTopics.all(topic + ".quittance-fulfillment.dlq");
  }

  /// Remembers what it has seen; some values make it fail.
  private static final class Seen implements BatchHandler<String> {

    private final List<String> failures = new ArrayList<>();
    private int commits;

    @Override
    public void committed() {
      commits++;
    }

    @Override
    public String decode(IncomingRecord record) {
      String value = new String(record.value(), UTF_8);
      if (value.equals("newer")) {
        throw new NewerEvent("dev.quittance.payment.reversed.v1");
      }
      if (value.equals("unreadable")) {
        throw new UnreadableEvent("no readable test");
      }
      return value;
    }

    @Override
    public List<RecordOutcome> apply(StatementPipeline pipeline, List<String> events)
        throws SQLException {
      if (!failures.isEmpty()) {
        throw new SQLException("planted", failures.removeFirst());
      }
      var outcomes = new ArrayList<RecordOutcome>();
      for (String event : events) {
        outcomes.add(apply(pipeline, event));
      }
      return outcomes;
    }

    private RecordOutcome apply(StatementPipeline pipeline, String event) throws SQLException {
      return switch (event) {
        case "broken class" -> throw new NoClassDefFoundError("planted");
        case "poison" -> throw new IllegalStateException("a defect");
        case "ignored" -> new RecordOutcome.Ignored();
        case "dead" -> new RecordOutcome.Dead(DeadLetter.Why.PAYMENT_UNKNOWN, "nobody knows it");
        default -> {
          boolean news =
              !pipeline
                  .ask(
                      "INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING RETURNING 1",
                      Parameters.none().text(event),
                      row -> row.getInt(1))
                  .rows()
                  .isEmpty();
          yield news ? new RecordOutcome.Applied() : new RecordOutcome.Duplicate();
        }
      };
    }
  }
}
