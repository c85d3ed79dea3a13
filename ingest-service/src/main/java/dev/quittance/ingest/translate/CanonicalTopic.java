package dev.quittance.ingest.translate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Publishes what was translated, and returns only when every in-sync replica has all of it. A
/// broker that is away is waited for, without limit: nothing is skipped, and whoever waits holds no
/// acknowledgement yet.
///
/// For one thread at a time.
final class CanonicalTopic implements AutoCloseable {

  /// After the n-th failure in a row: 0.2 s, 0.4 s, 0.8 s … up to 5 s, so that a restarted broker
  /// is found soon and a missing one isn't stormed.
  private static final Duration PAUSE_FIRST = Duration.ofMillis(200);

  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(CanonicalTopic.class);

  private final Supplier<? extends Producer<byte[], byte[]>> producers;
  private final Runnable onRetry;
  private @Nullable Producer<byte[], byte[]> producer;

  /// @param producers opens a producer with `acks=all`; called again after a failure, because a
  ///   producer may not outlive a fatal one
  /// @param onRetry told of every failed attempt
  CanonicalTopic(Supplier<? extends Producer<byte[], byte[]>> producers, Runnable onRetry) {
    this.producers = producers;
    this.onRetry = onRetry;
  }

  /// A producer for it: idempotent, acknowledged by every in-sync replica, and batching, so that a
  /// filled topic drains at the broker's pace.
  ///
  /// @param client how to reach and authenticate at the brokers
  /// @param id what the brokers call it in their logs and metrics
  static Producer<byte[], byte[]> producer(Map<String, Object> client, String id) {
    var settings = new HashMap<>(client);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, id);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // A batch is sent as a whole and flushed: nothing is gained by waiting for more.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    // Short, because whoever publishes tries again anyway, and tells so by a metric.
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Some fifty events: larger ones gain little and wait longer for their slowest part.
  private static final int BATCH_BYTES = 128 * 1024;

  /// Publishes records, in their order per key.
  ///
  /// After a failure all of them are sent again: readers know the repeated ones by their ids.
  ///
  /// @throws InterruptedException when the service stops before all are safe
  void publish(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
    Duration pause = PAUSE_FIRST;
    while (!attempt(records)) {
      onRetry.run();
      Thread.sleep(pause);
      pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
    }
  }

  private boolean attempt(List<ProducerRecord<byte[], byte[]>> records)
      throws InterruptedException {
    if (records.isEmpty()) {
      return true;
    }
    try {
      Producer<byte[], byte[]> open = open();
      var acks = new ArrayList<Future<RecordMetadata>>(records.size());
      for (ProducerRecord<byte[], byte[]> record : records) {
        acks.add(open.send(record));
      }
      open.flush();
      for (Future<RecordMetadata> ack : acks) {
        ack.get();
      }
      return true;
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      failed(e.getCause() == null ? e : e.getCause(), records.size());
      return false;
    } catch (KafkaException | IllegalStateException e) {
      failed(e, records.size());
      return false;
    }
  }

  /// The client sets the thread's flag as it throws; the exception takes its place.
  private static InterruptedException interrupted(KafkaException e) {
    Thread.interrupted();
    var interrupted = new InterruptedException("stopped before the acknowledgement");
    interrupted.initCause(e);
    return interrupted;
  }

  private void failed(Throwable cause, int records) {
    LOG.warnf(
        "publish.failed records=%d error=%s: trying again", records, cause.getClass().getName());
    close();
  }

  private Producer<byte[], byte[]> open() {
    Producer<byte[], byte[]> open = producer;
    if (open == null) {
      open = producers.get();
      producer = open;
    }
    return open;
  }

  /// Gives up what is not acknowledged yet.
  @Override
  public void close() {
    Producer<byte[], byte[]> open = producer;
    producer = null;
    if (open != null) {
      open.close(Duration.ZERO);
    }
  }
}
