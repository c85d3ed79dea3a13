package dev.quittance.messaging.outbox;

import dev.quittance.messaging.kafka.RecordRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A producer in whose name nobody else writes from the moment on that it is open: the brokers have
/// ended what its predecessor left, and refuse whatever that one sends from now on. The first
/// failure closes it; whether a transaction was committed that ended so is settled by the next one.
final class StateProducer implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer;
  private volatile boolean closed;

  private StateProducer(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  static StateProducer open(String transactionalId, Map<String, Object> settings) {
    var all = new HashMap<>(settings);
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, EventProducer.BLOCK_MS_MAX);
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, EventProducer.BLOCK_MS_MAX);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * EventProducer.BLOCK_MS_MAX);
    var producer =
        new StateProducer(
            new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
    try {
      producer.producer.initTransactions();
    } catch (KafkaException e) {
      producer.close();
      throw e;
    }
    return producer;
  }

  boolean closed() {
    return closed;
  }

  /// Publishes states in one transaction; returns when it is committed.
  ///
  /// @throws RefusedRecord when the brokers refuse one for what it is; none counts as published
  /// @throws KafkaException when the brokers are away or another one has taken over
  void publish(List<CurrentStates.Due> states) throws RefusedRecord {
    long deadline = System.nanoTime() + EventProducer.ANSWER_MAX.toNanos();
    boolean committed = false;
    try {
      for (Future<RecordMetadata> send : begin(states, deadline)) {
        send.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
      producer.commitTransaction();
      committed = true;
    } catch (ExecutionException | KafkaException e) {
      throw reported(e);
    } catch (TimeoutException e) {
      throw new KafkaException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    } finally {
      if (!committed) {
        close();
      }
    }
  }

  /// Begins a transaction and sends states in it, until one can't be sent or the time is over: each
  /// further one would block as long as the first.
  ///
  /// @throws KafkaException when the time is over
  List<Future<RecordMetadata>> begin(List<CurrentStates.Due> states, long deadline) {
    producer.beginTransaction();
    var sends = new ArrayList<Future<RecordMetadata>>(states.size());
    for (CurrentStates.Due state : states) {
      if (!sends.isEmpty() && sends.getLast().state() == Future.State.FAILED) {
        return sends;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new KafkaException("the brokers take no records");
      }
      sends.add(
          producer.send(
              HeaderJson.record(
                  state.topic(), state.order().value(), state.headers(), state.value())));
    }
    return sends;
  }

  /// A failed send, and every send after it, wraps what the brokers said.
  private static KafkaException reported(Exception failure) throws RefusedRecord {
    Throwable cause =
        !(failure instanceof ApiException) && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (RecordRefusal.maybe(cause)) {
      throw new RefusedRecord(cause);
    }
    return cause instanceof KafkaException kafka ? kafka : new KafkaException(cause);
  }

  @Override
  public void close() {
    closed = true;
    producer.close(Duration.ZERO);
  }
}
