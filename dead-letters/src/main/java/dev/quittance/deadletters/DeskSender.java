package dev.quittance.deadletters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Publishes records and waits for the acknowledgement. For one thread at a time.
final class DeskSender implements AutoCloseable {

  /// People wait in front of it.
  private static final int DELIVERY_MS_MAX = 10_000;

  private static final int REQUEST_MS_MAX = 5_000;

  /// The client counts before it compresses, and what came in compressed has to go out again; the
  /// brokers say what is too large.
  private static final int REQUEST_BYTES_MAX = 32 * 1024 * 1024;

  private final Map<String, Object> settings;
  private @Nullable KafkaProducer<byte[], byte[]> open;

  DeskSender(Map<String, Object> client) {
    settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // each by itself: a batch that is larger than the topic takes is split into itself, for ever
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 0);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip"); // needs no library
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) REQUEST_BYTES_MAX);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_MS_MAX);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS_MAX);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS_MAX);
  }

  /// Publishes records and waits for all acknowledgements.
  ///
  /// @return where each is now; empty for one that the brokers refuse for ever
  /// @throws DeskUnavailable when the brokers don't acknowledge
  List<Optional<RecordMetadata>> send(List<ProducerRecord<byte[], byte[]>> records) {
    try {
      KafkaProducer<byte[], byte[]> producer = producer();
      List<Future<RecordMetadata>> sends = new ArrayList<>();
      for (ProducerRecord<byte[], byte[]> record : records) {
        sends.add(producer.send(record));
      }
      List<Optional<RecordMetadata>> places = new ArrayList<>();
      for (Future<RecordMetadata> send : sends) {
        places.add(place(send));
      }
      return places;
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(e);
    }
  }

  private static Optional<RecordMetadata> place(Future<RecordMetadata> send)
      throws ExecutionException, InterruptedException {
    try {
      return Optional.of(send.get());
    } catch (ExecutionException e) {
      if (e.getCause() != null && RecordRefusal.isForever(e.getCause())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    KafkaProducer<byte[], byte[]> producer = open;
    if (producer == null) {
      producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
      open = producer;
    }
    return producer;
  }

  /// Some faults a producer never gets over.
  private DeskUnavailable failed(Throwable cause) {
    close();
    return new DeskUnavailable(
        "The brokers don't acknowledge (" + cause.getClass().getSimpleName() + ")", cause);
  }

  @Override
  public void close() {
    KafkaProducer<byte[], byte[]> last = open;
    open = null;
    if (last != null) {
      last.close(Duration.ZERO);
    }
  }
}
