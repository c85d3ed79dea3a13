package dev.quittance.inboxoutbox;

import dev.quittance.deadletters.RecordRefusal;
import dev.quittance.tracing.Passage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The producer of one shard. Its transactional id fences a stalled predecessor off; no effect
/// rests on the transactions themselves.
final class ShardProducer implements AutoCloseable {

  /// Brokers that are silent so long are away: better to let go of the shard than to hang.
  private static final int BLOCK_MS_MAX = 10_000;

  private static final int DELIVERY_MS_MAX = 20_000;

  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

  private final KafkaProducer<byte[], byte[]> producer;

  private ShardProducer(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  static ShardProducer open(String transactionalId, Map<String, Object> settings) {
    var all = new HashMap<>(settings);
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS_MAX);
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MS_MAX);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS_MAX);
    var producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close(CLOSE_MAX);
      throw e;
    }
    return new ShardProducer(producer);
  }

  /// Publishes rows; returns when the brokers have acknowledged all of them.
  ///
  /// @throws RefusedRecord when the brokers refuse one for what it is; none counts as published
  /// @throws KafkaException when the brokers are away or this producer was fenced off
  void publish(List<Pending> rows) throws RefusedRecord {
    producer.beginTransaction();
    var passages = new ArrayList<Passage>(rows.size());
    try {
      var sends = new ArrayList<Future<RecordMetadata>>(rows.size());
      for (Pending row : rows) {
        ProducerRecord<byte[], byte[]> record = row.toRecord();
        passages.add(passing(record));
        sends.add(producer.send(record));
      }
      producer.flush();
      for (Future<RecordMetadata> send : sends) {
        send.get();
      }
      producer.commitTransaction();
      passages.forEach(passage -> passage.end("published"));
    } catch (ExecutionException e) {
      abort(e);
    } catch (KafkaException e) {
      abort(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    } finally {
      passages.forEach(passage -> passage.end("failed"));
    }
  }

  private static Passage passing(ProducerRecord<byte[], byte[]> record) {
    Header given = record.headers().lastHeader(Passage.HEADER);
    Passage passage =
        Passage.putting(
            "outbox", given == null ? null : new String(given.value(), StandardCharsets.UTF_8));
    String traceparent = passage.traceparent();
    if (passage.recorded() && traceparent != null) {
      passage.with("quittance.topic", record.topic());
      record.headers().remove(Passage.HEADER);
      record.headers().add(Passage.HEADER, traceparent.getBytes(StandardCharsets.UTF_8));
    }
    return passage;
  }

  /// A failed send, and every send after it, wraps what the brokers said.
  private void abort(Exception failure) throws RefusedRecord {
    Throwable told =
        !(failure instanceof ApiException) && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (RecordRefusal.maybe(told)) {
      producer.abortTransaction();
      throw new RefusedRecord(told);
    }
    throw told instanceof KafkaException kafka ? kafka : new KafkaException(told);
  }

  @Override
  public void close() {
    producer.close(CLOSE_MAX);
  }
}
