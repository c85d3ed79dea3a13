package dev.quittance.messaging.inbox;

import static dev.quittance.contracts.Topic.FULFILLMENT_COMMANDS;
import static dev.quittance.contracts.Topic.PAYMENT_EVENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.Pause;
import dev.quittance.messaging.TestDatabase;
import dev.quittance.testkit.LocalKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With a broker of its own, because the group's name is fixed.
class ConservationTest {

  private static final TopicPartition PAYMENTS = new TopicPartition(PAYMENT_EVENTS.topicName(), 0);

  @TempDir private static Path directory;
  private static LocalKafka kafka;

  private DataSource database;
  private Conservation conservation;

  /// Ten payments are there, and no command.
  @BeforeAll
  static void fill() throws Exception {
    kafka = LocalKafka.start(directory, 0);
    kafka.createTopics(
        List.of(
            new Topic.Spec(PAYMENT_EVENTS.topicName(), 1, Map.of()),
            new Topic.Spec(FULFILLMENT_COMMANDS.topicName(), 1, Map.of())));
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>(PAYMENTS.topic(), 0, null, new byte[] {1})).get();
      }
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void open() throws SQLException, IOException {
    database = TestDatabase.create();
    conservation =
        new Conservation(
            ConsumerGroup.FULFILLMENT,
            database,
            Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterEach
  void close() {
    conservation.close();
  }

  @Test
  void whatWasCountedAndAcknowledgedAgrees() throws Exception {
    counted(10);
    acknowledged(10);

    assertThat(conservation.mismatches())
        .isEqualTo(Map.of(PAYMENT_EVENTS, 0L, FULFILLMENT_COMMANDS, 0L));
  }

  @Test
  void whatIsInFlightIsNoMismatch() throws Exception {
    counted(7);
    acknowledged(4);

    assertThat(conservation.mismatches().values()).containsOnly(0L);
  }

  @Test
  void whatWasAcknowledgedAndNeverCountedIsMissing() throws Exception {
    counted(6);
    acknowledged(10);

    assertThat(conservation.mismatches()).containsEntry(PAYMENT_EVENTS, 4L);
  }

  @Test
  void anEmptyDatabaseBehindAGroupThatGoesOnMissesEverything() throws Exception {
    acknowledged(10);

    assertThat(conservation.mismatches()).containsEntry(PAYMENT_EVENTS, 10L);
  }

  @Test
  void whatWasCountedAndIsNotThereWasLostByTheBrokers() throws Exception {
    counted(12);
    acknowledged(10);

    assertThat(conservation.mismatches()).containsEntry(PAYMENT_EVENTS, 2L);
  }

  @Test
  void aWatchSaysNothingBeforeItHasLooked() {
    try (var watch =
        new ConservationWatch(
            ConsumerGroup.FULFILLMENT,
            database,
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            Pause.REAL)) {
      assertThat(watch.mismatch(PAYMENT_EVENTS)).isNaN();
    }
  }

  @Test
  void aWatchThatFailsOrEndsSaysNothingMoreAndIsNotAlive() throws Exception {
    counted(10);
    acknowledged(10);
    var looked = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var watch =
        new ConservationWatch(
            ConsumerGroup.FULFILLMENT,
            database,
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            _ -> {
              looked.countDown();
              goOn.await();
              throw new NoClassDefFoundError("example/Missing");
            })) {
      watch.start();
      looked.await();
      assertThat(watch.mismatch(PAYMENT_EVENTS)).isZero();
      assertThat(watch.alive()).isTrue();

      goOn.countDown();

      await().dontCatchUncaughtExceptions().until(() -> !watch.alive());
      assertThat(watch.mismatch(PAYMENT_EVENTS)).isNaN();
    }
  }

  private void counted(long next) throws SQLException {
    TestDatabase.run(
        database,
        "INSERT INTO intake_ledger (topic, partition, first_offset, next_offset, applied) VALUES ('"
            + PAYMENTS.topic()
            + "', 0, 0, "
            + next
            + ", "
            + next
            + ")");
  }

  private static void acknowledged(long offset) throws Exception {
    try (Admin admin = kafka.admin()) {
      admin
          .alterConsumerGroupOffsets(
              ConsumerGroup.FULFILLMENT.groupName(),
              Map.of(PAYMENTS, new OffsetAndMetadata(offset)))
          .all()
          .get();
    }
  }
}
