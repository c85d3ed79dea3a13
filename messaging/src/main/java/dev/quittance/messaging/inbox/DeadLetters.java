package dev.quittance.messaging.inbox;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.deadletter.DeadLetterFormat;
import dev.quittance.messaging.kafka.AcknowledgedProducer;
import dev.quittance.messaging.kafka.AcknowledgedProducer.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// Publishes what can't be processed: the record as it was, with the reason and its origin added.
/// Safe for several threads.
public final class DeadLetters implements AutoCloseable {

  /// A record with the letter that goes with it.
  public record Addressed(IncomingRecord record, DeadLetter letter) {}

  /// What was sent is what was acknowledged: closing waits so long for the rest.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  /// Twice what the brokers take by default: the client counts before it compresses, and a record
  /// that came to us compressed has to fit with our headers on it.
  private static final int REQUEST_BYTES_MAX = 2 * 1_048_576;

  private final AcknowledgedProducer producer;

  DeadLetters(Supplier<? extends Producer<byte[], byte[]>> producers) {
    this.producer = new AcknowledgedProducer(producers);
  }

  /// @param client the brokers' address and whatever else a Kafka client needs here
  public static DeadLetters over(Map<String, Object> client) {
    Map<String, Object> settings =
        Map.of(
            // each by itself: a batch that is larger than the topic takes is split for ever
            ProducerConfig.BATCH_SIZE_CONFIG,
            0,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "gzip", // needs no library; dead letters are rare
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            REQUEST_BYTES_MAX);
    return new DeadLetters(() -> AcknowledgedProducer.open(client, settings));
  }

  /// Publishes dead letters and waits for the brokers' acknowledgement, however long they are away.
  /// One that they refuse for what it is goes without its value, then without its key and headers.
  void send(List<Addressed> letters, Backoff backoff, IntakeObserver observer)
      throws InterruptedException {
    List<Attempt> unsent = letters.stream().map(Attempt::whole).toList();
    for (int failures = 1; !unsent.isEmpty(); failures++) {
      List<Answer> answers = producer.send(unsent.stream().map(Attempt::outgoing).toList());
      var left = new ArrayList<Attempt>();
      @Nullable Exception fault = null;
      for (int i = 0; i < answers.size(); i++) {
        Attempt attempt = unsent.get(i);
        switch (answers.get(i)) {
          case Answer.Acknowledged _ -> {}
          case Answer.Refused _ when !DeadLetterFormat.isSmallest(attempt.outgoing) ->
              left.add(attempt.smaller());
          case Answer.Refused(var cause) -> {
            left.add(attempt);
            fault = cause;
          }
          case Answer.Unknown(var cause) -> {
            left.add(attempt);
            fault = cause;
          }
        }
      }
      if (fault != null) {
        observer.retrying(failures, fault);
        backoff.before(failures);
      }
      unsent = left;
    }
  }

  /// A letter, and what is sent of it.
  private record Attempt(Addressed letter, ProducerRecord<byte[], byte[]> outgoing) {

    static Attempt whole(Addressed to) {
      IncomingRecord record = to.record();
      return new Attempt(
          to, DeadLetterFormat.whole(to.letter(), record.key(), headers(record), record.value()));
    }

    Attempt smaller() {
      IncomingRecord record = letter.record();
      return new Attempt(
          letter,
          DeadLetterFormat.smallerThan(
              outgoing, letter.letter(), record.key(), headers(record), record.value()));
    }

    private static List<Header> headers(IncomingRecord record) {
      return record.headers().entrySet().stream()
          .<Header>map(header -> new RecordHeader(header.getKey(), header.getValue()))
          .toList();
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_MAX);
  }
}
