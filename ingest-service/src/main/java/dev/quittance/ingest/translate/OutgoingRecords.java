package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.BodyFormat;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.deadletter.DeadLetterFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// How what the translation publishes stands on its topics.
final class OutgoingRecords {

  /// Below the brokers' default limit of 1,048,588 bytes per record, with room for the headers.
  static final int EVENT_BYTES_MAX = 1_000_000;

  private OutgoingRecords() {}

  /// A canonical event, keyed by its order.
  static ProducerRecord<byte[], byte[]> canonical(CloudEvent envelope, Instant receivedAt) {
    var outgoing =
        new ProducerRecord<byte[], byte[]>(
            Topic.PAYMENT_EVENTS.topicName(),
            envelope.subject().value().getBytes(UTF_8),
            envelope.data());
    envelope
        .headers()
        .forEach((name, value) -> outgoing.headers().add(name, value.getBytes(UTF_8)));
    outgoing.headers().add(ReceivedAt.HEADER, receivedAt.toString().getBytes(UTF_8));
    return outgoing;
  }

  /// Says of canonical events that a webhook's body alone says them.
  static void comparable(List<ProducerRecord<byte[], byte[]>> records, String bodyFormat) {
    for (ProducerRecord<byte[], byte[]> outgoing : records) {
      if (outgoing.topic().equals(Topic.PAYMENT_EVENTS.topicName())) {
        outgoing.headers().add(BodyFormat.HEADER, bodyFormat.getBytes(UTF_8));
      }
    }
  }

  /// Whether no broker would take one of the records.
  static boolean tooLarge(List<ProducerRecord<byte[], byte[]>> records) {
    return records.stream()
        .anyMatch(outgoing ->
            bytes(outgoing.key(), outgoing.headers(), outgoing.value()) > EVENT_BYTES_MAX);
  }

  /// A dead letter keeps its key, value and headers, so that it can be sent back as it was. Headers
  /// of an earlier death or of waiting give way. Of one that no broker takes with the letter's
  /// headers added the value is left out: it stands at its origin.
  static ProducerRecord<byte[], byte[]> dead(
      DeadLetter letter, ConsumerRecord<byte[], byte[]> incoming) {
    List<Header> headers = ofTheRecord(incoming);
    return bytes(incoming.key(), headers, incoming.value()) > EVENT_BYTES_MAX
        ? DeadLetterFormat.withoutValue(letter, incoming.key(), headers, incoming.value())
        : DeadLetterFormat.whole(letter, incoming.key(), headers, incoming.value());
  }

  /// The same of which the brokers refuse even this form.
  static ProducerRecord<byte[], byte[]> smallerThan(
      ProducerRecord<byte[], byte[]> refused,
      DeadLetter letter,
      ConsumerRecord<byte[], byte[]> incoming) {
    return DeadLetterFormat.smallerThan(
        refused, letter, incoming.key(), ofTheRecord(incoming), incoming.value());
  }

  private static List<Header> ofTheRecord(ConsumerRecord<byte[], byte[]> incoming) {
    var headers = new ArrayList<Header>();
    for (Header header : incoming.headers()) {
      if (!header.key().startsWith(RetryRecord.HEADER_PREFIX)) {
        headers.add(header);
      }
    }
    return headers;
  }

  private static long bytes(
      byte @Nullable [] key, Iterable<? extends Header> headers, byte @Nullable [] value) {
    long bytes = (key == null ? 0 : key.length) + (value == null ? 0L : value.length);
    for (Header header : headers) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }
}
