package dev.quittance.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TopicReaderTest {

  private static final int PARTITIONS = 8;

  private final LocalKafka kafka = LocalKafka.shared();
  private final String topic = "reader-" + UUID.randomUUID();
  private final TopicReader reader = new TopicReader(kafka.bootstrapServers());

  /// A transaction is acknowledged before its markers are written: this one takes its time.
  @Test
  void whatIsBeingCommittedIsWaitedFor() throws Exception {
    kafka.createTopics(List.of(new Topic.Spec(topic, PARTITIONS, Map.of())));
    try (var producer = producer();
        var later = Executors.newSingleThreadScheduledExecutor()) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "committed");
      producer.flush();
      var committed = later.schedule(producer::commitTransaction, 2, TimeUnit.SECONDS);

      assertThat(reader.all(topic)).hasSize(PARTITIONS);
      committed.get();
    }
  }

  @Test
  void whatWasReadIsNotReadAgain() {
    kafka.createTopics(List.of(new Topic.Spec(topic, PARTITIONS, Map.of())));
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var producer = producer()) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "first");
      producer.commitTransaction();
      Map<TopicPartition, Long> read = reader.read(List.of(topic), Map.of(), records::add);
      producer.beginTransaction();
      send(producer, "second");
      producer.commitTransaction();

      records.clear();
      reader.read(List.of(topic), read, records::add);
    }

    assertThat(records)
        .hasSize(PARTITIONS)
        .allSatisfy(found -> assertThat(new String(found.value(), UTF_8)).isEqualTo("second"));
  }

  @Test
  void whatWasAbortedIsPassedOver() {
    kafka.createTopics(List.of(new Topic.Spec(topic, PARTITIONS, Map.of())));
    try (var producer = producer()) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "aborted");
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      send(producer, "committed");
      producer.commitTransaction();
    }

    assertThat(reader.all(topic))
        .hasSize(PARTITIONS)
        .allSatisfy(found -> assertThat(new String(found.value(), UTF_8)).isEqualTo("committed"));
  }

  private void send(KafkaProducer<byte[], byte[]> producer, String value) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      var _ = producer.send(new ProducerRecord<>(topic, partition, null, value.getBytes(UTF_8)));
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", topic),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
