package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.BodyFormat;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentWithdrawn;
import dev.quittance.contracts.ReceivedAt;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.deadletters.LetterForm;
import dev.quittance.ingest.provider.Webhook;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// How what this room publishes stands on its topics.
final class Outgoing {

  /// The `ce_source` of what this service publishes.
  static final String SOURCE = "/quittance/ingest";

  /// Below the brokers' default limit of 1,048,588 bytes per record, with room for the headers.
  static final int EVENT_BYTES_MAX = 1_000_000;

  private Outgoing() {}

  /// Canonical events, keyed by their order.
  ///
  /// @param from the number of the first: what an answer adds counts on from what was known at once
  /// @param lookUp how far the provider was asked for them
  static List<ProducerRecord<byte[], byte[]>> events(
      Webhook webhook, int revision, List<PaymentEvent> events, int from, LookUpState lookUp) {
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>(events.size());
    for (int n = 0; n < events.size(); n++) {
      records.add(
          event(
              EventId.canonical(webhook.endpoint(), webhook.eventId(), from + n),
              webhook,
              revision,
              lookUp,
              events.get(n)));
    }
    return records;
  }

  private static ProducerRecord<byte[], byte[]> event(
      EventId id, Webhook webhook, int revision, LookUpState lookUp, PaymentEvent event) {
    return record(
        webhook,
        new CloudEvent(
            id,
            SOURCE,
            event.type(),
            event.about().order(),
            event.about().occurredAt(),
            webhook.origin(),
            revision,
            lookUp,
            null,
            webhook.traceparent(),
            WireFormat.write(event)));
  }

  /// Takes back what lower revisions made of a webhook.
  static ProducerRecord<byte[], byte[]> withdrawal(
      Webhook webhook, int revision, LookUpState lookUp, PaymentWithdrawn withdrawn) {
    return record(
        webhook,
        new CloudEvent(
            withdrawn.id(),
            SOURCE,
            PaymentWithdrawn.TYPE,
            withdrawn.subject(),
            webhook.receivedAt(),
            webhook.origin(),
            revision,
            lookUp,
            null,
            webhook.traceparent(),
            WireFormat.write(withdrawn)));
  }

  private static ProducerRecord<byte[], byte[]> record(Webhook webhook, CloudEvent envelope) {
    var outgoing =
        new ProducerRecord<byte[], byte[]>(
            Topic.PAYMENT_EVENTS.topicName(),
            envelope.subject().value().getBytes(UTF_8),
            envelope.data());
    envelope
        .headers()
        .forEach((name, value) -> outgoing.headers().add(name, value.getBytes(UTF_8)));
    outgoing.headers().add(ReceivedAt.HEADER, webhook.receivedAt().toString().getBytes(UTF_8));
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
        ? LetterForm.withoutValue(letter, incoming.key(), headers, incoming.value())
        : LetterForm.whole(letter, incoming.key(), headers, incoming.value());
  }

  /// The same of which the brokers refuse even this form.
  static ProducerRecord<byte[], byte[]> smallerThan(
      ProducerRecord<byte[], byte[]> refused,
      DeadLetter letter,
      ConsumerRecord<byte[], byte[]> incoming) {
    return LetterForm.smallerThan(
        refused, letter, incoming.key(), ofTheRecord(incoming), incoming.value());
  }

  private static List<Header> ofTheRecord(ConsumerRecord<byte[], byte[]> incoming) {
    var headers = new ArrayList<Header>();
    for (Header header : incoming.headers()) {
      if (!header.key().startsWith(Parked.HEADER_PREFIX)) {
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
