package dev.quittance.messaging.inbox;

import static dev.quittance.contracts.Topic.FULFILLMENT_LETTERS;
import static dev.quittance.contracts.Topic.PAYMENT_EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.Pause;
import dev.quittance.messaging.TestDatabase;
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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With a broker of its own, because the group's name is fixed. Each test finds new topics there,
/// and a group that nobody has heard of.
class TransactionMarkersTest {

  private static final TopicPartition LETTERS =
      new TopicPartition(FULFILLMENT_LETTERS.topicName(), 0);

  private static final List<Topic.Spec> TOPICS =
      List.of(
          new Topic.Spec(FULFILLMENT_LETTERS.topicName(), 1, Map.of()),
          new Topic.Spec(PAYMENT_EVENTS.topicName(), 1, Map.of()));

  @TempDir private static Path directory;
  private static LocalKafka kafka;

  private DataSource database;
  private KafkaProducer<byte[], byte[]> producer;
  private KafkaConsumer<byte[], byte[]> consumer;
  private TransactionMarkers markers;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start(directory, 0);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void open() throws SQLException, IOException {
    kafka.createTopics(TOPICS);
    database = TestDatabase.create();
    producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "letters"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                ConsumerGroup.RECEIPTS.groupName(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(LETTERS.topic()));
    markers =
        new TransactionMarkers(
            database,
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            List.of(work -> work.accept(consumer)),
            Pause.REAL);
  }

  @AfterEach
  void close() throws Exception {
    markers.close();
    consumer.close();
    producer.close();
    try (Admin admin = kafka.admin()) {
      List<String> groups =
          admin.listGroups().all().get().stream().map(GroupListing::groupId).toList();
      admin.deleteConsumerGroups(groups).all().get();
      admin.deleteTopics(TOPICS.stream().map(Topic.Spec::name).toList()).all().get();
    }
  }

  @Test
  void behindTheLastTransactionOfAQuietPartitionNoLagIsLeft() throws Exception {
    publish(1);
    take(1);
    assertThat(committed()).isEqualTo(1);
    assertThat(end()).isEqualTo(2);

    markers.look();

    assertThat(committed()).isEqualTo(2);
    assertThat(ledger()).isEqualTo("0|2|1|1");
    assertThat(mismatches()).containsEntry(FULFILLMENT_LETTERS, 0L);
  }

  @Test
  void whatComesNextIsCountedOnFromThere() throws Exception {
    publish(1);
    take(1);
    markers.look();

    publish(2);
    take(2);

    assertThat(ledger()).isEqualTo("0|4|3|1");
    markers.look();
    assertThat(ledger()).isEqualTo("0|5|3|2");
    assertThat(committed()).isEqualTo(end());
    assertThat(mismatches()).containsEntry(FULFILLMENT_LETTERS, 0L);
  }

  @Test
  void abortedRecordsArePassedOverToo() throws Exception {
    publish(1);
    take(1);
    producer.beginTransaction();
    var _ = producer.send(letter());
    producer.flush();
    producer.abortTransaction();

    // that it is aborted is known before the broker has written so
    for (int looks = 0; looks < 100 && committed() < 4; looks++) {
      markers.look();
    }

    assertThat(committed()).isEqualTo(end()).isEqualTo(4);
    assertThat(ledger()).isEqualTo("0|4|1|3");
  }

  @Test
  void whatTheGroupHasYetToDealWithIsNotPassedOver() throws Exception {
    publish(1);
    take(1);
    publish(1);

    markers.look();

    assertThat(committed()).isEqualTo(1);
    assertThat(ledger()).isEqualTo("0|1|1|0");
  }

  @Test
  void whatIsCountedAndNotAcknowledgedIsNotPassedOver() throws Exception {
    publish(1);
    take(1);
    publish(1);
    count(poll(1));

    markers.look();

    assertThat(committed()).isEqualTo(1);
  }

  @Test
  void dyingBetweenLedgerAndCommitIsMadeUpFor() throws Exception {
    publish(1);
    take(1);
    TestDatabase.run(database, "UPDATE intake_ledger SET next_offset = 2, gaps = 1");

    markers.look();

    assertThat(committed()).isEqualTo(2);
    assertThat(ledger()).isEqualTo("0|2|1|1");
  }

  @Test
  void partitionWhoseLogBeginsBehindTheGroupStopsNoOther() throws Exception {
    var payments = new TopicPartition(PAYMENT_EVENTS.topicName(), 0);
    consumer.subscribe(List.of(LETTERS.topic(), payments.topic()));
    publish(1);
    take(1);
    producer.beginTransaction();
    var _ = producer.send(new ProducerRecord<>(payments.topic(), 0, null, new byte[] {1}));
    producer.commitTransaction();
    consumer.commitSync(Map.of(payments, new OffsetAndMetadata(0)));
    try (Admin admin = kafka.admin()) {
      admin.deleteRecords(Map.of(payments, RecordsToDelete.beforeOffset(1))).all().get();
    }

    markers.look();

    assertThat(committed()).isEqualTo(2);
    assertThat(consumer.committed(Set.of(payments)).get(payments))
        .isEqualTo(new OffsetAndMetadata(0));
  }

  @Test
  void lookThatFailsInWhateverWayIsNotTheLast() throws Exception {
    var looks = new CountDownLatch(2);
    var pauses = new Semaphore(2);
    try (var failing =
        new TransactionMarkers(
            database,
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            List.of(_ -> {
              looks.countDown();
              throw new NoClassDefFoundError("on purpose");
            }),
            _ -> pauses.acquire())) {
      failing.start();

      assertThat(looks.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(failing.alive()).isTrue();
    }
  }

  private void publish(int letters) {
    producer.beginTransaction();
    for (int i = 0; i < letters; i++) {
      var _ = producer.send(letter());
    }
    producer.commitTransaction();
  }

  private static ProducerRecord<byte[], byte[]> letter() {
    return new ProducerRecord<>(LETTERS.topic(), 0, null, new byte[] {1});
  }

  /// As the service does: counts, then acknowledges the last record plus one.
  private void take(int letters) throws SQLException {
    List<IncomingRecord> taken = poll(letters);
    count(taken);
    consumer.commitSync(Map.of(LETTERS, new OffsetAndMetadata(taken.getLast().offset() + 1)));
  }

  private List<IncomingRecord> poll(int letters) {
    var taken = new ArrayList<IncomingRecord>();
    while (taken.size() < letters) {
      for (ConsumerRecord<byte[], byte[]> polled : consumer.poll(Duration.ofMillis(100))) {
        taken.add(
            new IncomingRecord(
                polled.topic(),
                polled.partition(),
                polled.offset(),
                polled.key(),
                Map.of(),
                polled.value()));
      }
    }
    return taken;
  }

  private void count(List<IncomingRecord> taken) throws SQLException {
    try (Connection transaction = database.getConnection()) {
      var pipeline = new StatementPipeline(transaction);
      Ledger.open(pipeline, taken)
          .close(
              pipeline,
              taken.stream().map(_ -> (RecordOutcome) new RecordOutcome.Applied()).toList());
      pipeline.send();
    }
  }

  private long committed() {
    return consumer.committed(Set.of(LETTERS)).values().stream()
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  private long end() {
    try (var anybody =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      return anybody.endOffsets(List.of(LETTERS)).values().stream().mapToLong(end -> end).sum();
    }
  }

  /// First and next offset, applied, gaps.
  private String ledger() throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT concat_ws('|', first_offset, next_offset, applied, gaps) FROM intake_ledger");
  }

  private Map<Topic, Long> mismatches() throws Exception {
    try (var conservation =
        new Conservation(
            ConsumerGroup.RECEIPTS,
            database,
            Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return conservation.mismatches();
    }
  }
}
