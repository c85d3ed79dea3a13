package dev.quittance.messaging.outbox;

import dev.quittance.messaging.kafka.KafkaHeaders;
import dev.quittance.messaging.kafka.RecordRefusal;
import dev.quittance.messaging.tracing.EventSpan;
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
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A producer that sends nothing of a partition after what failed there. One request is under way
/// at a time, nothing expires, and the first failure closes it on the spot with all that it still
/// holds. Whoever goes on opens another one.
final class EventProducer implements AutoCloseable {

  /// Brokers that are silent so long are away: better to let go than to hang.
  static final int BLOCK_MS_MAX = 10_000;

  /// For all records of a batch together. With what a first record may block it is less than
  /// [Leader#STUCK].
  static final Duration ANSWER_MAX = Duration.ofSeconds(15);

  /// A batch is handed over in less, so that it goes in one request; nobody notices so little.
  private static final int LINGER_MS = 2;

  private final Producer<byte[], byte[]> producer;
  private volatile boolean failed;

  EventProducer(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  static EventProducer open(String name, Map<String, Object> settings) {
    var all = new HashMap<>(settings);
    all.put(ProducerConfig.CLIENT_ID_CONFIG, name);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    all.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
    all.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS_MAX);
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MS_MAX);
    // a record that expired would be passed by the one behind it: we close before one does
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    return new EventProducer(
        new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /// What became of a batch.
  ///
  /// @param acknowledged rows that the brokers have
  /// @param refused rows that they don't take for what they are, or that stood beside such a one
  /// @param failure the first; null when they have all rows. What is in neither list may be with
  ///   the brokers, or not
  record Sent(
      List<OutboxEntry> acknowledged, List<OutboxEntry> refused, @Nullable Throwable failure) {
    Sent {
      acknowledged = List.copyOf(acknowledged);
      refused = List.copyOf(refused);
    }
  }

  boolean closed() {
    return failed;
  }

  /// Publishes rows in their order; returns when it is known what became of each, or can't be.
  Sent publish(List<OutboxEntry> rows) {
    long deadline = System.nanoTime() + ANSWER_MAX.toNanos();
    var spans = new ArrayList<EventSpan>(rows.size());
    var sends = new ArrayList<Future<RecordMetadata>>(rows.size());
    Throwable unsent = null;
    try {
      for (OutboxEntry row : rows) {
        if (failed || System.nanoTime() - deadline >= 0) {
          break;
        }
        ProducerRecord<byte[], byte[]> record = row.toRecord();
        spans.add(span(record));
        sends.add(send(record));
      }
    } catch (KafkaException | IllegalStateException e) { // closed meanwhile, or interrupted
      failed = true;
      unsent = e;
    }
    try {
      return answers(rows, sends, spans, deadline, unsent);
    } finally {
      spans.forEach(span -> span.end("failed"));
      if (failed) {
        producer.close(Duration.ZERO);
      }
    }
  }

  /// The brokers' answers come on the producer's own thread, which sends nothing more once it was
  /// closed there. What our thread is told at once (too large for any request, brokers away) was
  /// never handed over; what was handed over before may go on.
  private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    Thread ours = Thread.currentThread();
    return producer.send(
        record,
        (_, failure) -> {
          if (failure != null) {
            failed = true;
            if (Thread.currentThread() != ours) {
              producer.close(Duration.ZERO);
            }
          }
        });
  }

  private Sent answers(
      List<OutboxEntry> rows,
      List<Future<RecordMetadata>> sends,
      List<EventSpan> spans,
      long deadline,
      @Nullable Throwable unsent) {
    var acknowledged = new ArrayList<OutboxEntry>(sends.size());
    var refused = new ArrayList<OutboxEntry>();
    Throwable first = null;
    for (int i = 0; i < sends.size(); i++) {
      Throwable failure = failure(sends.get(i), deadline);
      if (failure == null) {
        acknowledged.add(rows.get(i));
        spans.get(i).end("published");
        continue;
      }
      if (RecordRefusal.maybe(failure)) {
        refused.add(rows.get(i));
      }
      if (first == null || (refused.size() == 1 && RecordRefusal.maybe(failure))) {
        first = failure;
      }
    }
    if (first == null && acknowledged.size() < rows.size()) {
      failed = true;
      first = unsent == null ? new TimeoutException("the brokers don't take all of it") : unsent;
    }
    return new Sent(acknowledged, refused, first);
  }

  /// @return null when the brokers have the record
  private @Nullable Throwable failure(Future<RecordMetadata> send, long deadline) {
    try {
      send.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return null;
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (TimeoutException e) {
      failed = true;
      producer.close(Duration.ZERO); // whatever is still to be answered is answered by this
      return e;
    } catch (InterruptedException e) {
      failed = true;
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  private static EventSpan span(ProducerRecord<byte[], byte[]> record) {
    EventSpan span =
        EventSpan.producer("outbox", KafkaHeaders.text(record.headers(), EventSpan.HEADER));
    String traceparent = span.traceparent();
    if (span.recorded() && traceparent != null) {
      span.with("quittance.topic", record.topic());
      KafkaHeaders.replace(record.headers(), EventSpan.HEADER, traceparent);
    }
    return span;
  }

  @Override
  public void close() {
    failed = true;
    producer.close(Duration.ZERO);
  }
}
