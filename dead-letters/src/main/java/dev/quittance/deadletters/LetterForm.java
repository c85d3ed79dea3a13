package dev.quittance.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.deadletters.Letter.How;
import dev.quittance.deadletters.Letter.Open;
import dev.quittance.deadletters.Letter.Origin;
import dev.quittance.deadletters.Letter.Settled;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// How dead letters and the markers of what became of them stand on their topics: the one place
/// that writes and reads this form.
public final class LetterForm {

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

  private LetterForm() {}

  /// The record as it was, with the letter's headers in the place of any earlier death's.
  public static ProducerRecord<byte[], byte[]> whole(
      DeadLetter letter,
      byte @Nullable [] key,
      Iterable<? extends Header> headers,
      byte @Nullable [] value) {
    var dead = new ProducerRecord<>(letter.deadLetterTopic(), key, value);
    add(dead.headers(), headers);
    letter.headers().forEach((name, text) -> put(dead.headers(), name, text));
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
    letter.headers().forEach((name, text) -> put(dead.headers(), name, text));
    put(dead.headers(), LEFT_OUT, String.join(",", leftOut));
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
    letter.headers().forEach((name, text) -> put(bare.headers(), name, text));
    put(bare.headers(), LEFT_OUT, ALL);
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
      put(headers, VALUE_BYTES, Integer.toString(value.length));
      put(headers, VALUE_SHA256, sha256(value));
    }
  }

  /// Says what became of a letter.
  static ProducerRecord<byte[], byte[]> marker(LetterId letter, Settled settled) {
    var marker = new ProducerRecord<byte[], byte[]>(letter.topic(), letter.partition(), null, null);
    put(marker.headers(), SETTLES, Long.toString(letter.offset()));
    put(marker.headers(), SETTLED_AS, settled.how().wireName());
    put(marker.headers(), SETTLED_AT, settled.at().toString());
    put(marker.headers(), SETTLED_BY, settled.by());
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
    back.headers().remove(ORIGIN);
    put(back.headers(), ORIGIN, "replayed");
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
  static Letter letter(ConsumerRecord<byte[], byte[]> found) {
    Headers headers = found.headers();
    byte[] value = found.value();
    return new Letter(
        new LetterId(found.topic(), found.partition(), found.offset()),
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
        : expected.isPresent() && expected.get().equals(sha256(value));
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

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }

  private static Optional<String> text(Headers headers, String name) {
    return Optional.ofNullable(headers.lastHeader(name))
        .map(Header::value)
        .map(bytes -> new String(bytes, UTF_8));
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

  private static String sha256(byte[] value) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
