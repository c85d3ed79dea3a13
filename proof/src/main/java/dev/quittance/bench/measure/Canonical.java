package dev.quittance.bench.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.bench.load.Checkouts;
import dev.quittance.bench.yardstick.VerbatimRecords;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The canonical records of a checkout, as translation itself wrote them for one, and the same for
/// as many others as one likes.
final class Canonical {

  private static final Duration TRANSLATED_WITHIN = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Checkouts checkouts;
  private final List<ConsumerRecord<byte[], byte[]>> templates;

  private Canonical(Checkouts checkouts, List<ConsumerRecord<byte[], byte[]>> templates) {
    this.checkouts = checkouts;
    this.templates = templates;
  }

  static Canonical learn(Run run, BenchStack stage) {
    Checkouts checkouts = run.checkouts("canonical");
    var ingest = stage.start(Service.INGEST, checkouts.endpoint());
    try (var broker = new Broker(stage.kafka());
        var consumer = consumer(stage)) {
      String now = run.clock().instant().toString();
      broker.fill(Stream.of(VerbatimRecords.of(checkouts.eventId(0), checkouts.body(0), now)));
      var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      Deadline.in(TRANSLATED_WITHIN)
          .await(
              () -> {
                consumer.poll(POLL).forEach(found::add);
                return !found.isEmpty();
              },
              () -> {
                throw new StackFault("A checkout was not translated");
              });
      // all records of one webhook are flushed together
      consumer.poll(POLL).forEach(found::add);
      return new Canonical(checkouts, List.copyOf(found));
    } finally {
      ingest.close();
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(BenchStack stage) {
    var consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stage.kafka().bootstrapServers(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        IntStream.range(0, Topic.PARTITIONS)
            .mapToObj(n -> new TopicPartition(Topic.PAYMENT_EVENTS.topicName(), n))
            .toList());
    return consumer;
  }

  /// How many records a checkout makes.
  int perCheckout() {
    return templates.size();
  }

  /// The records of another checkout.
  ///
  /// @param run whose checkouts they are
  Stream<ProducerRecord<byte[], byte[]>> records(String run, long number) {
    Checkouts others = checkouts.of(run);
    return templates.stream().map(template -> another(template, others, number));
  }

  private ProducerRecord<byte[], byte[]> another(
      ConsumerRecord<byte[], byte[]> template, Checkouts others, long number) {
    var one =
        new ProducerRecord<byte[], byte[]>(
            Topic.PAYMENT_EVENTS.topicName(),
            renamed(template.key(), others, number),
            renamed(template.value(), others, number));
    for (Header header : template.headers()) {
      one.headers().add(header.key(), renamed(header.value(), others, number));
    }
    return one;
  }

  private byte[] renamed(byte[] text, Checkouts others, long number) {
    return checkouts.renamed(new String(text, UTF_8), others, 0, number).getBytes(UTF_8);
  }
}
