package dev.quittance.inboxoutbox;

import dev.quittance.contracts.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Publishes what can't be processed: the record as it was, with the reason and its origin added.
public final class DeadLetters implements AutoCloseable {

  /// A record with the letter that goes with it.
  public record Addressed(Incoming record, DeadLetter letter) {}

  /// What was sent is what was acknowledged: closing waits so long for the rest.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  /// Twice what the brokers take by default: the client counts before it compresses, and a record
  /// that came to us compressed has to fit with our headers on it.
  private static final int REQUEST_BYTES_MAX = 2 * 1_048_576;

  private final Producer<byte[], byte[]> producer;

  private DeadLetters(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /// @param settings the brokers' address and whatever else a Kafka client needs here
  public static DeadLetters over(Map<String, Object> settings) {
    var all = new HashMap<>(settings);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip"); // needs no library; letters are rare
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
    return new DeadLetters(
        new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /// Publishes letters and waits for the brokers' acknowledgement, however long they are away.
  void send(List<Addressed> letters, Backoff backoff, IntakeObserver observer)
      throws InterruptedException {
    List<Addressed> unsent = letters;
    for (int attempt = 1; !unsent.isEmpty(); attempt++) {
      var failed = new ArrayList<Addressed>();
      @Nullable Exception cause = null;
      var sends = unsent.stream().map(this::send).toList();
      for (int i = 0; i < sends.size(); i++) {
        try {
          sends.get(i).get();
        } catch (ExecutionException e) {
          failed.add(unsent.get(i));
          cause = e;
        }
      }
      if (cause != null) {
        observer.retrying(attempt, cause);
        backoff.before(attempt);
      }
      unsent = failed;
    }
  }

  private Future<RecordMetadata> send(Addressed addressed) {
    Incoming record = addressed.record();
    var dead =
        new ProducerRecord<>(addressed.letter().deadLetterTopic(), record.key(), record.value());
    record
        .headers()
        .forEach((name, value) -> {
          if (!name.startsWith(DeadLetter.HEADER_PREFIX)) {
            dead.headers().add(name, value);
          }
        });
    addressed
        .letter()
        .headers()
        .forEach((name, value) -> dead.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return producer.send(dead);
  }

  @Override
  public void close() {
    producer.close(CLOSE_MAX);
  }
}
