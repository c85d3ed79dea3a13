package dev.quittance.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/// What compaction really takes from the topic of orders, with its real settings, on a real broker;
/// days pass by the records' timestamps.
class ErasedStatesTest {

  /// Brokers look for something to compact every 15 seconds.
  private static final Duration COMPACTED = Duration.ofMinutes(2);

  private final Instant erased =
      Instant.now().minus(Topic.COMPACTED_WITHIN).minus(Duration.ofDays(3));

  private final LocalKafka kafka = LocalKafka.shared();

  @Test
  void stateThatIsToldAgainTwoDaysLaterEndsTheSegmentSoThatOlderOnesAreCompactedAway()
      throws ExecutionException, InterruptedException {
    String quiet = topic("quiet");
    String repeated = topic("repeated");
    for (String topic : List.of(quiet, repeated)) {
      tell(topic, "ada", erased.minusSeconds(60));
      tell(topic, "nobody", erased);
    }

    tell(repeated, "nobody", erased.plus(Topic.SEGMENT.multipliedBy(2)));

    Deadline.in(COMPACTED)
        .await(
            () -> !states(repeated).contains("ada"),
            () -> assertThat(states(repeated)).doesNotContain("ada"));
    assertThat(states(repeated)).contains("nobody");
    // which shows that it is the repetition that does it
    assertThat(states(quiet)).containsExactly("ada", "nobody");
  }

  private String topic(String name) {
    String topic = "erased-states-" + name;
    kafka.createTopics(
        List.of(new Topic.Spec(topic, 1, Topic.FULFILLMENT_ORDERS.spec().settings())));
    return topic;
  }

  private void tell(String topic, String customer, Instant at)
      throws ExecutionException, InterruptedException {
    Map<String, Object> settings =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer
          .send(new ProducerRecord<>(topic, 0, at.toEpochMilli(), "stripe:pi_1", customer))
          .get();
    }
  }

  private List<String> states(String topic) {
    return new TopicReader(kafka.bootstrapServers())
        .all(topic).stream()
            .map(record -> new String(record.value(), StandardCharsets.UTF_8))
            .toList();
  }
}
