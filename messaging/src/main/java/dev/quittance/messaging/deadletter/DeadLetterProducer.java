package dev.quittance.messaging.deadletter;

import dev.quittance.messaging.kafka.AcknowledgedProducer;
import dev.quittance.messaging.kafka.AcknowledgedProducer.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// Publishes records and waits for the acknowledgement. For one thread at a time.
final class DeadLetterProducer implements AutoCloseable {

  /// People wait in front of it.
  private static final int DELIVERY_MS_MAX = 10_000;

  private static final int REQUEST_MS_MAX = 5_000;

  /// The client counts before it compresses, and what came in compressed has to go out again; the
  /// brokers say what is too large.
  private static final int REQUEST_BYTES_MAX = 32 * 1024 * 1024;

  private final AcknowledgedProducer producer;

  DeadLetterProducer(Map<String, Object> client) {
    Map<String, Object> settings =
        Map.of(
            // each by itself: a batch that is larger than the topic takes is split for ever
            ProducerConfig.BATCH_SIZE_CONFIG,
            0,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "gzip", // needs no library
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            REQUEST_BYTES_MAX,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            (long) REQUEST_BYTES_MAX,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            DELIVERY_MS_MAX,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            REQUEST_MS_MAX,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            DELIVERY_MS_MAX);
    producer = new AcknowledgedProducer(() -> AcknowledgedProducer.open(client, settings));
  }

  /// Publishes records and waits for all acknowledgements.
  ///
  /// @return where each is now; empty for one that the brokers refuse for ever
  /// @throws BrokerUnavailable when the brokers don't acknowledge
  List<Optional<RecordMetadata>> send(List<ProducerRecord<byte[], byte[]>> records) {
    try {
      return producer.send(records).stream().map(DeadLetterProducer::place).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(e);
    }
  }

  private static Optional<RecordMetadata> place(Answer answer) {
    return switch (answer) {
      case Answer.Acknowledged(var at) -> Optional.of(at);
      case Answer.Refused _ -> Optional.empty();
      case Answer.Unknown(var cause) -> throw failed(cause);
    };
  }

  private static BrokerUnavailable failed(Exception cause) {
    return new BrokerUnavailable(
        "The brokers don't acknowledge (" + cause.getClass().getSimpleName() + ")", cause);
  }

  @Override
  public void close() {
    producer.close();
  }
}
