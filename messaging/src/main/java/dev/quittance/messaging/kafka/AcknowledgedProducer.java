package dev.quittance.messaging.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Publishes records and waits until it is known what became of each, or can't be. The producer is
/// opened when it is needed, and another one after a failure: some faults a client never gets over,
/// though their cause may be gone. Safe for several threads.
public final class AcknowledgedProducer implements AutoCloseable {

  /// What became of a record.
  public sealed interface Answer {

    /// Every in-sync replica has it.
    record Acknowledged(RecordMetadata at) implements Answer {}

    /// The brokers refuse it for what it is, however often it is sent.
    record Refused(Exception cause) implements Answer {}

    /// The brokers may have it, or not.
    record Unknown(Exception cause) implements Answer {}
  }

  private final Supplier<? extends Producer<byte[], byte[]>> producers;
  private @Nullable Producer<byte[], byte[]> open;

  /// @param producers opens a producer with `acks=all`
  public AcknowledgedProducer(Supplier<? extends Producer<byte[], byte[]>> producers) {
    this.producers = producers;
  }

  /// Opens an idempotent producer that every in-sync replica acknowledges to, and that waits for no
  /// further records before it sends.
  ///
  /// @param client how to reach and authenticate at the brokers
  /// @param more settings
  public static Producer<byte[], byte[]> open(
      Map<String, Object> client, Map<String, Object> more) {
    var settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.putAll(more);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Publishes records.
  ///
  /// @return what became of each, in their order
  /// @throws InterruptedException when the thread is interrupted: nothing is known then
  public List<Answer> send(List<ProducerRecord<byte[], byte[]>> records)
      throws InterruptedException {
    if (records.isEmpty()) {
      return List.of();
    }
    // by callbacks, because the future of a record whose batch is split again and again nests until
    // asking it overflows the stack
    var heard = new AtomicReferenceArray<@Nullable Answer>(records.size());
    @Nullable Producer<byte[], byte[]> producer = null;
    Exception unsent = new KafkaException("the producer was closed");
    try {
      producer = producer();
      for (int i = 0; i < records.size(); i++) {
        int at = i;
        var _ =
            producer.send(records.get(i), (place, fault) -> heard.set(at, answer(place, fault)));
      }
      producer.flush();
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException | IllegalStateException e) {
      unsent = e;
    }
    var answers = new ArrayList<Answer>(records.size());
    for (int i = 0; i < records.size(); i++) {
      Answer answer = heard.get(i);
      answers.add(answer == null ? new Answer.Unknown(unsent) : answer);
    }
    if (answers.stream().anyMatch(Answer.Unknown.class::isInstance)) {
      replace(producer);
    }
    return List.copyOf(answers);
  }

  private static Answer answer(RecordMetadata place, @Nullable Exception fault) {
    if (fault == null) {
      return new Answer.Acknowledged(place);
    }
    return RecordRefusal.isForever(fault) ? new Answer.Refused(fault) : new Answer.Unknown(fault);
  }

  /// The client sets the thread's flag as it throws; the exception takes its place.
  private static InterruptedException interrupted(InterruptException e) {
    Thread.interrupted();
    var interrupted = new InterruptedException("stopped before the acknowledgement");
    interrupted.initCause(e);
    return interrupted;
  }

  private synchronized Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> producer = open;
    if (producer == null) {
      producer = producers.get();
      open = producer;
    }
    return producer;
  }

  /// Whatever another thread has under way with it is not known either, and for it to send again.
  @SuppressWarnings("ReferenceEquality") // whether it is this very producer is the question
  private synchronized void replace(@Nullable Producer<byte[], byte[]> failed) {
    if (failed != null && open == failed) {
      open = null;
      failed.close(Duration.ZERO);
    }
  }

  /// Waits so long for what is under way; for nothing, when it is zero.
  public synchronized void close(Duration most) {
    Producer<byte[], byte[]> last = open;
    open = null;
    if (last != null) {
      last.close(most);
    }
  }

  /// Gives up what is not acknowledged yet.
  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
