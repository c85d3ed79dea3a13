package dev.quittance.inboxoutbox;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.deadletters.LetterForm;
import dev.quittance.deadletters.RecordRefusal;
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
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Publishes what can't be processed: the record as it was, with the reason and its origin added.
/// Safe for several threads.
public final class DeadLetters implements AutoCloseable {

  /// A record with the letter that goes with it.
  public record Addressed(Incoming record, DeadLetter letter) {}

  /// What was sent is what was acknowledged: closing waits so long for the rest.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  /// Twice what the brokers take by default: the client counts before it compresses, and a record
  /// that came to us compressed has to fit with our headers on it.
  private static final int REQUEST_BYTES_MAX = 2 * 1_048_576;

  private final Supplier<? extends Producer<byte[], byte[]>> producers;
  private @Nullable Producer<byte[], byte[]> open;

  /// @param producers opens a producer with `acks=all`; called again when one is beyond help
  DeadLetters(Supplier<? extends Producer<byte[], byte[]>> producers) {
    this.producers = producers;
  }

  /// @param settings the brokers' address and whatever else a Kafka client needs here
  public static DeadLetters over(Map<String, Object> settings) {
    var all = new HashMap<>(settings);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // each by itself: a batch that is larger than the topic takes is split into itself, for ever
    all.put(ProducerConfig.BATCH_SIZE_CONFIG, 0);
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip"); // needs no library; letters are rare
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
    return new DeadLetters(
        () -> new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /// Publishes letters and waits for the brokers' acknowledgement, however long they are away. One
  /// that they refuse for what it is goes without its value, then without its key and headers.
  void send(List<Addressed> letters, Backoff backoff, IntakeObserver observer)
      throws InterruptedException {
    List<Attempt> unsent = letters.stream().map(Attempt::whole).toList();
    for (int attempt = 1; !unsent.isEmpty(); attempt++) {
      Round round = round(unsent);
      if (round.fault != null) {
        observer.retrying(attempt, round.fault);
        backoff.before(attempt);
      }
      unsent = round.unsent;
    }
  }

  /// A letter, and what is sent of it.
  private record Attempt(Addressed letter, ProducerRecord<byte[], byte[]> outgoing) {

    static Attempt whole(Addressed to) {
      Incoming record = to.record();
      return new Attempt(
          to, LetterForm.whole(to.letter(), record.key(), headers(record), record.value()));
    }

    Attempt smaller() {
      Incoming record = letter.record();
      return new Attempt(
          letter,
          LetterForm.smallerThan(
              outgoing, letter.letter(), record.key(), headers(record), record.value()));
    }

    private static List<Header> headers(Incoming record) {
      return record.headers().entrySet().stream()
          .<Header>map(header -> new RecordHeader(header.getKey(), header.getValue()))
          .toList();
    }
  }

  /// What is left after all were tried once.
  ///
  /// @param fault why a pause is due
  private record Round(List<Attempt> unsent, @Nullable Exception fault) {}

  private Round round(List<Attempt> attempts) throws InterruptedException {
    var unsent = new ArrayList<Attempt>();
    var sends = new ArrayList<Future<RecordMetadata>>();
    @Nullable Producer<byte[], byte[]> producer = null;
    @Nullable Exception fault = null;
    try {
      producer = producer();
      for (Attempt attempt : attempts) {
        sends.add(producer.send(attempt.outgoing));
      }
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException | IllegalStateException e) {
      fault = e;
    }
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      if (i >= sends.size()) {
        unsent.add(attempt);
        continue;
      }
      try {
        sends.get(i).get();
      } catch (ExecutionException e) {
        if (e.getCause() != null
            && RecordRefusal.isForever(e.getCause())
            && !LetterForm.isSmallest(attempt.outgoing)) {
          unsent.add(attempt.smaller());
        } else {
          unsent.add(attempt);
          fault = e.getCause() instanceof Exception cause ? cause : e;
        }
      }
    }
    if (fault != null && !(fault instanceof RetriableException)) {
      replace(producer);
    }
    return new Round(unsent, fault);
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

  /// Some faults a producer never gets over, though their cause may be gone. Whatever another
  /// thread has under way with it fails, and is sent again by the next.
  @SuppressWarnings("ReferenceEquality") // whether it is this very producer is the question
  private synchronized void replace(@Nullable Producer<byte[], byte[]> beyondHelp) {
    if (beyondHelp != null && open == beyondHelp) {
      open = null;
      beyondHelp.close(Duration.ZERO);
    }
  }

  @Override
  public synchronized void close() {
    Producer<byte[], byte[]> last = open;
    open = null;
    if (last != null) {
      last.close(CLOSE_MAX);
    }
  }
}
