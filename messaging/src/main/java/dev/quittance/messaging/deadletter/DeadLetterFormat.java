package dev.quittance.messaging.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.Sha256;
import dev.quittance.messaging.deadletter.StoredDeadLetter.How;
import dev.quittance.messaging.deadletter.StoredDeadLetter.Open;
import dev.quittance.messaging.deadletter.StoredDeadLetter.Origin;
import dev.quittance.messaging.deadletter.StoredDeadLetter.Settled;
import dev.quittance.messaging.kafka.KafkaHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// How dead letters and the markers of what became of them stand on their topics: the one place
/// that writes and reads this form.
public final class DeadLetterFormat {

  /// A key or headers beyond this are left out with the value: far more than anybody sends, far
  /// less than any broker takes.
  static final int REST_BYTES_MAX = 64 * 1024;

  private static final String REASON = "dlq_reason";
  private static final String DETAIL = "dlq_detail";
  private static final String TOPIC = "dlq_topic";
  private static final String PARTITION = "dlq_partition";
  private static final String OFFSET = "dlq_offset";
  private static final String GROUP = "dlq_group";
  private static final String AT = "dlq_at";
  private static final String LEFT_OUT = "dlq_left_out";
  private static final String ALL = "value,key,headers";
  private static final String VALUE_BYTES = "dlq_value_bytes";
  private static final String VALUE_SHA256 = "dlq_value_sha256";
  private static final String SETTLES = "dlq_settles";
  private static final String SETTLED_AS = "dlq_settled_as";
  private static final String SETTLED_AT = "dlq_settled_at";
  private static final String SETTLED_BY = "dlq_settled_by";
  private static final String ORIGIN = "ce_origin";

  private DeadLetterFormat() {}

  /// The record as it was, with the letter's headers in the place of any earlier death's.
  public static ProducerRecord<byte[], byte[]> whole(
      DeadLetter letter,
      byte @Nullable [] key,
      Iterable<? extends Header> headers,
      byte @Nullable [] value) {
    var dead = new ProducerRecord<>(letter.deadLetterTopic(), key, value);
    add(dead.headers(), headers);
    letter.headers().forEach((name, text) -> KafkaHeaders.add(dead.headers(), name, text));
    return dead;
  }

  /// The letter without the value, for a record that no broker takes with these headers added.
  public static ProducerRecord<byte[], byte[]> withoutValue(
      DeadLetter letter,
      byte @Nullable [] key,
      Iterable<? extends Header> headers,
      byte @Nullable [] value) {
    var leftOut = new ArrayList<String>();
    leftOut.add("value");
    boolean keyFits = key == null || key.length <= REST_BYTES_MAX;
    if (!keyFits) {
      leftOut.add("key");
    }
    var dead =
        new ProducerRecord<byte[], byte[]>(letter.deadLetterTopic(), keyFits ? key : null, null);
    if (bytes(headers) <= REST_BYTES_MAX) {
      add(dead.headers(), headers);
    } else {
      leftOut.add("headers");
    }
    letter.headers().forEach((name, text) -> KafkaHeaders.add(dead.headers(), name, text));
    KafkaHeaders.add(dead.headers(), LEFT_OUT, String.join(",", leftOut));
    putValueFacts(dead.headers(), value);
    return dead;
  }

  /// The next smaller form of a letter that the brokers refuse for ever: without the value, then
  /// with nothing but the letter's own headers.
  ///
  /// @param refused the form that they refused
  public static ProducerRecord<byte[], byte[]> smallerThan(
      ProducerRecord<byte[], byte[]> refused,
      DeadLetter letter,
      byte @Nullable [] key,
      Iterable<? extends Header> headers,
      byte @Nullable [] value) {
    if (refused.value() != null) {
      return withoutValue(letter, key, headers, value);
    }
    var bare = new ProducerRecord<byte[], byte[]>(letter.deadLetterTopic(), null, null);
    letter.headers().forEach((name, text) -> KafkaHeaders.add(bare.headers(), name, text));
    KafkaHeaders.add(bare.headers(), LEFT_OUT, ALL);
    putValueFacts(bare.headers(), value);
    return bare;
  }

  /// Whether a letter has no smaller form.
  public static boolean isSmallest(ProducerRecord<byte[], byte[]> letter) {
    return text(letter.headers(), LEFT_OUT).filter(ALL::equals).isPresent();
  }

  /// By these the value is known again where it stands at its origin.
  private static void putValueFacts(Headers headers, byte @Nullable [] value) {
    if (value != null) {
      KafkaHeaders.add(headers, VALUE_BYTES, Integer.toString(value.length));
      KafkaHeaders.add(headers, VALUE_SHA256, Sha256.hex(value));
    }
  }

  /// Says what became of a letter.
  static ProducerRecord<byte[], byte[]> marker(DeadLetterId letter, Settled settled) {
    var marker = new ProducerRecord<byte[], byte[]>(letter.topic(), letter.partition(), null, null);
    KafkaHeaders.add(marker.headers(), SETTLES, Long.toString(letter.offset()));
    KafkaHeaders.add(marker.headers(), SETTLED_AS, settled.how().wireName());
    KafkaHeaders.add(marker.headers(), SETTLED_AT, settled.at().toString());
    KafkaHeaders.add(marker.headers(), SETTLED_BY, settled.by());
    return marker;
  }

  /// The record as it goes back to its topic.
  ///
  /// @param partition null where the key decides
  static ProducerRecord<byte[], byte[]> redriven(
      String topic,
      @Nullable Integer partition,
      byte @Nullable [] key,
      Iterable<? extends Header> headers,
      byte @Nullable [] value) {
    var back = new ProducerRecord<>(topic, partition, key, value);
    add(back.headers(), headers);
    KafkaHeaders.replace(back.headers(), ORIGIN, "replayed");
    return back;
  }

  static boolean isMarker(ConsumerRecord<byte[], byte[]> found) {
    return found.headers().lastHeader(SETTLES) != null;
  }

  /// The offset of the letter that a marker settles; empty where it can't be read.
  static Optional<Long> settles(ConsumerRecord<byte[], byte[]> marker) {
    return number(marker.headers(), SETTLES);
  }

  static Settled settled(ConsumerRecord<byte[], byte[]> marker) {
    String how = text(marker.headers(), SETTLED_AS).orElse("");
    return new Settled(
        Arrays.stream(How.values())
            .filter(known -> known.wireName().equals(how))
            .findFirst()
            .orElse(How.DISCARDED),
        instant(marker.headers(), SETTLED_AT).orElse(Instant.ofEpochMilli(marker.timestamp())),
        text(marker.headers(), SETTLED_BY).orElse("unknown"));
  }

  /// What a record on a dead-letter topic says; whatever else stands there is a letter without
  /// reason or origin.
  static StoredDeadLetter letter(ConsumerRecord<byte[], byte[]> found) {
    Headers headers = found.headers();
    byte[] value = found.value();
    return new StoredDeadLetter(
        new DeadLetterId(found.topic(), found.partition(), found.offset()),
        text(headers, REASON).orElse("unknown"),
        text(headers, DETAIL).orElse("it doesn't say why it is here"),
        origin(found),
        text(headers, GROUP).orElse(null),
        instant(headers, AT).orElse(Instant.ofEpochMilli(found.timestamp())),
        found.key() == null ? null : new String(found.key(), UTF_8),
        text(headers, "ce_id").orElse(null),
        text(headers, "webhook_event_type").or(() -> text(headers, "ce_type")).orElse(null),
        number(headers, VALUE_BYTES).orElse(value == null ? 0L : value.length),
        headers.lastHeader(LEFT_OUT) == null,
        new Open());
  }

  /// Only a topic that the letter's own name begins with: headers could name any.
  private static @Nullable Origin origin(ConsumerRecord<byte[], byte[]> found) {
    Headers headers = found.headers();
    Optional<String> topic = text(headers, TOPIC);
    Optional<Long> partition = number(headers, PARTITION);
    Optional<Long> offset = number(headers, OFFSET);
    String group = text(headers, GROUP).orElse("");
    if (topic.isEmpty()
        || partition.isEmpty()
        || offset.isEmpty()
        || partition.get() > Integer.MAX_VALUE
        || !found.topic().equals(topic.get() + "." + group + ".dlq")) {
      return null;
    }
    return new Origin(topic.get(), partition.get().intValue(), offset.get());
  }

  /// Whether this is the value that was left out.
  static boolean isLeftOutOf(
      ConsumerRecord<byte[], byte[]> letter, ConsumerRecord<byte[], byte[]> atOrigin) {
    Optional<String> expected = text(letter.headers(), VALUE_SHA256);
    byte[] value = atOrigin.value();
    return value == null
        ? expected.isEmpty()
        : expected.isPresent() && expected.get().equals(Sha256.hex(value));
  }

  /// Whether a header belongs to a letter and not to the record.
  static boolean isOurs(Header header) {
    return header.key().startsWith(DeadLetter.HEADER_PREFIX);
  }

  private static void add(Headers to, Iterable<? extends Header> headers) {
    for (Header header : headers) {
      if (!isOurs(header)) {
        to.add(header);
      }
    }
  }

  private static long bytes(Iterable<? extends Header> headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }

  private static Optional<String> text(Headers headers, String name) {
    return Optional.ofNullable(KafkaHeaders.text(headers, name));
  }

  private static Optional<Long> number(Headers headers, String name) {
    try {
      return text(headers, name).map(Long::valueOf).filter(number -> number >= 0);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(Headers headers, String name) {
    try {
      return text(headers, name).map(Instant::parse);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
