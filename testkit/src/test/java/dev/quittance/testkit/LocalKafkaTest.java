package dev.quittance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.Topic;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaTest {

  private static final Topic.Spec NOTES = new Topic.Spec("notes.v1", 1, Map.of());

  @Test
  void keepsAcknowledgedRecordsWhenKilled(@TempDir Path directory) throws Exception {
    int port;
    try (var kafka =
        KafkaProcess.start(KafkaProcess.Place.in(directory).in(JvmProfile.LAPTOP), 0)) {
      port = portOf(kafka);
      kafka.createTopics(List.of(NOTES));
      write(kafka, "acknowledged");

      kafka.kill();

      assertThat(kafka.process().isAlive()).isFalse();
    }

    try (var again = LocalKafka.start(directory, port)) {
      assertThat(read(again, 1)).containsExactly("acknowledged");
    }
  }

  @Test
  void createsEveryTopicOfTheHouseAndLeavesThoseThatAreThere() throws Exception {
    var kafka = LocalKafka.shared();

    kafka.createTopics(Topic.all());
    kafka.createTopics(Topic.all());

    try (var admin = kafka.admin()) {
      Set<String> topics = admin.listTopics().names().get();
      assertThat(topics).containsAll(Topic.all().stream().map(Topic.Spec::name).toList());
      assertThat(
              admin.describeTopics(List.of("fulfillment.orders.v1")).allTopicNames().get().values())
          .singleElement()
          .satisfies(orders -> assertThat(orders.partitions()).hasSize(Topic.PARTITIONS));
    }
  }

  @Test
  void isStartedOnce() {
    assertThat(LocalKafka.shared()).isSameAs(LocalKafka.shared());
  }

  @Test
  void saysThatThePortIsTaken(@TempDir Path directory) throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();

      assertThatThrownBy(() -> LocalKafka.start(directory, port))
          .isInstanceOf(StackFault.class)
          .hasMessageContaining("Port " + port + " is taken");
    }
  }

  private static int portOf(LocalKafka kafka) {
    return Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
  }

  private static void write(LocalKafka kafka, String note) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(NOTES.name(), note)).get();
    }
  }

  private static List<String> read(LocalKafka kafka, int count) {
    var notes = new ArrayList<String>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(NOTES.name(), 0)));
      var deadline = Deadline.in(Duration.ofMinutes(2));
      while (notes.size() < count && !deadline.passed()) {
        consumer.poll(Duration.ofMillis(200)).forEach(found -> notes.add(found.value()));
      }
    }
    return notes;
  }
}
