package dev.quittance.ingest.translate;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.messaging.kafka.KafkaHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/// A webhook to translate, or one that waits on the retry topic for its provider's answer. There it
/// keeps its key, value and headers; these are added.
///
/// @param attempt how often the provider was asked
/// @param dueAt not to be asked before
/// @param since when the wait began
/// @param partition where it stands on the verbatim topic
/// @param offset where it stands on the verbatim topic
/// @param revision of the translation that published what was known at once; 0 where nothing was
/// @param kind what is asked for
/// @param keyAwaited whether the last answer was that the API key may not ask
record RetryRecord(
    ConsumerRecord<byte[], byte[]> incoming,
    int attempt,
    Instant dueAt,
    Instant since,
    int partition,
    long offset,
    int revision,
    LookUpKind kind,
    boolean keyAwaited) {

  /// What all headers of waiting start with.
  static final String HEADER_PREFIX = "retry_";

  static final String TOPIC = Topic.WEBHOOKS.retries(ConsumerGroup.TRANSLATE);

  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private static final String ATTEMPT = "retry_attempt";
  private static final String DUE_AT = "retry_due_at";
  private static final String SINCE = "retry_since";
  private static final String PARTITION = "retry_partition";
  private static final String OFFSET = "retry_offset";
  private static final String REVISION = "retry_revision";
  private static final String KIND = "retry_kind";
  private static final String KEY_AWAITED = "retry_key_awaited";

  /// A verbatim record whose provider is to be asked at once.
  static RetryRecord first(ConsumerRecord<byte[], byte[]> verbatim, Instant now) {
    return new RetryRecord(
        verbatim,
        0,
        now,
        now,
        verbatim.partition(),
        verbatim.offset(),
        0,
        LookUpKind.PAYMENT,
        false);
  }

  /// One of several events that it holds, at the same place of the verbatim topic.
  RetryRecord event(ConsumerRecord<byte[], byte[]> alone) {
    return new RetryRecord(
        alone, attempt, dueAt, since, partition, offset, revision, kind, keyAwaited);
  }

  /// What a record of the retry topic holds; of one that holds something else, the question can be
  /// asked anew, whoever put it there.
  static RetryRecord of(ConsumerRecord<byte[], byte[]> incoming, Instant now) {
    try {
      return read(incoming);
    } catch (UnreadableEvent e) {
      return first(incoming, now);
    }
  }

  /// What a record of the retry topic holds.
  ///
  /// @throws UnreadableEvent when a header is missing or malformed
  static RetryRecord read(ConsumerRecord<byte[], byte[]> incoming) {
    return new RetryRecord(
        incoming,
        header(incoming, ATTEMPT, Integer::valueOf),
        header(incoming, DUE_AT, RetryRecord::time),
        header(incoming, SINCE, RetryRecord::time),
        header(incoming, PARTITION, Integer::valueOf),
        header(incoming, OFFSET, Long::valueOf),
        header(incoming, REVISION, Integer::valueOf),
        header(incoming, KIND, LookUpKind::named),
        header(incoming, KEY_AWAITED, Boolean::valueOf));
  }

  /// The same after one more vain attempt.
  ///
  /// @param keyAwaited whether the answer was that the API key may not ask
  RetryRecord again(Instant later, boolean keyAwaited) {
    return new RetryRecord(
        incoming, attempt + 1, later, since, partition, offset, revision, kind, keyAwaited);
  }

  /// The same after a translation of this revision published what is known at once.
  ///
  /// @param kind what it left open
  RetryRecord translatedBy(int revision, LookUpKind kind) {
    return new RetryRecord(
        incoming, attempt, dueAt, since, partition, offset, revision, kind, keyAwaited);
  }

  /// As it stands on the retry topic.
  ProducerRecord<byte[], byte[]> outgoing() {
    var outgoing = new ProducerRecord<byte[], byte[]>(TOPIC, incoming.key(), incoming.value());
    for (Header header : incoming.headers()) {
      if (!header.key().startsWith(HEADER_PREFIX)
          && !header.key().startsWith(DeadLetter.HEADER_PREFIX)) {
        outgoing.headers().add(header);
      }
    }
    put(outgoing, ATTEMPT, attempt);
    put(outgoing, DUE_AT, dueAt);
    put(outgoing, SINCE, since);
    put(outgoing, PARTITION, partition);
    put(outgoing, OFFSET, offset);
    put(outgoing, REVISION, revision);
    put(outgoing, KIND, kind.word());
    put(outgoing, KEY_AWAITED, keyAwaited);
    return outgoing;
  }

  private static void put(ProducerRecord<byte[], byte[]> outgoing, String name, Object value) {
    KafkaHeaders.add(outgoing.headers(), name, value.toString());
  }

  /// A time that can be calculated with.
  private static Instant time(String text) {
    Instant time = Instant.parse(text);
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw new IllegalArgumentException("no time of ours");
    }
    return time;
  }

  private static <T> T header(
      ConsumerRecord<byte[], byte[]> incoming, String name, Function<String, T> parse) {
    String text = KafkaHeaders.text(incoming.headers(), name);
    if (text == null) {
      throw new UnreadableEvent(name + " is missing");
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UnreadableEvent(name + " is malformed");
    }
  }

  @Override
  public String toString() {
    return "RetryRecord[" + partition + "@" + offset + ", attempt " + attempt + "]";
  }
}
