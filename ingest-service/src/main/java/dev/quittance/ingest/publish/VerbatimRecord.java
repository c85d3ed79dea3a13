package dev.quittance.ingest.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.ingest.provider.TopLevel;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.messaging.kafka.KafkaHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// How a webhook stands on the verbatim topic: the provider's bytes as the value, untouched;
/// `{endpoint}:{event id}` as the key; everything else as headers. The one place that writes and
/// reads this form.
public final class VerbatimRecord {

  /// The one event type of the verbatim topic.
  public static final String TYPE = "dev.quittance.webhook.received.v1";

  private static final String SOURCE = "/webhooks/";
  private static final String ENDPOINT = "webhook_endpoint";
  private static final String EVENT_ID = "webhook_event_id";
  private static final String EVENT_TYPE = "webhook_event_type";

  /// Of an event that came with others: the id of the delivery that held them.
  private static final String DELIVERY = "webhook_delivery";

  /// As the edge takes them and every canonical id has room for; a stranger's may be longer.
  private static final int EVENT_ID_LENGTH_MAX = TopLevel.VALUE_LENGTH_MAX;

  /// `true` where the signature doesn't vouch for the body; else absent.
  private static final String HINT = "webhook_hint";

  private VerbatimRecord() {}

  /// The record of a verified webhook.
  ///
  /// @param type the provider's own name of the event's type, where it is known without reading the
  ///   body as JSON
  public static ProducerRecord<byte[], byte[]> of(Webhook webhook, @Nullable String type) {
    String id = webhook.endpoint() + ":" + webhook.eventId();
    var outgoing =
        new ProducerRecord<byte[], byte[]>(
            Topic.WEBHOOKS.topicName(), id.getBytes(UTF_8), webhook.body());
    Headers headers = outgoing.headers();
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_id", id);
    put(headers, "ce_source", SOURCE + webhook.endpoint());
    put(headers, "ce_type", TYPE);
    put(headers, "ce_time", webhook.receivedAt().toString());
    put(headers, "ce_origin", webhook.origin().wireName());
    put(headers, ENDPOINT, webhook.endpoint());
    put(headers, EVENT_ID, webhook.eventId());
    put(headers, EVENT_TYPE, type);
    put(headers, HINT, webhook.hint() ? "true" : null);
    put(headers, "content-type", "application/json");
    put(headers, "traceparent", webhook.traceparent());
    return outgoing;
  }

  /// One of several events that a record holds, as the record that it would have been by itself: so
  /// it can wait for its provider's answer, die and be sent back alone.
  ///
  /// @param delivery at the same place of the topic
  /// @param event the webhook that it would have been
  public static ConsumerRecord<byte[], byte[]> oneOf(
      ConsumerRecord<byte[], byte[]> delivery, Webhook event, @Nullable String type) {
    ProducerRecord<byte[], byte[]> alone = of(event, type);
    put(alone.headers(), DELIVERY, required(delivery.headers(), EVENT_ID));
    return new ConsumerRecord<>(
        delivery.topic(),
        delivery.partition(),
        delivery.offset(),
        delivery.timestamp(),
        delivery.timestampType(),
        alone.key().length,
        alone.value().length,
        alone.key(),
        alone.value(),
        alone.headers(),
        delivery.leaderEpoch());
  }

  /// Whether a record is one of several events of a delivery.
  public static boolean isOneOfSeveral(ConsumerRecord<byte[], byte[]> incoming) {
    return optional(incoming.headers(), DELIVERY).isPresent();
  }

  /// The webhook that a record holds. Of a header that stands there several times, the last counts:
  /// a redriven record has its newest on top.
  ///
  /// @throws UnreadableEvent when it isn't of this form; the message names what is missing
  public static Webhook read(ConsumerRecord<byte[], byte[]> incoming) {
    byte @Nullable [] body = incoming.value();
    if (body == null) {
      throw new UnreadableEvent("the record has no value");
    }
    Headers headers = incoming.headers();
    return new Webhook(
        required(headers, ENDPOINT),
        eventId(headers),
        body,
        instant(headers, "ce_time"),
        CloudEvent.Origin.named(optional(headers, "ce_origin").orElse(null)),
        optional(headers, "traceparent").orElse(null),
        // whatever it says: who put it there didn't believe the body
        optional(headers, HINT).isPresent());
  }

  /// The provider's own name of the event's type, where the edge found it.
  public static Optional<String> eventType(ConsumerRecord<byte[], byte[]> incoming) {
    return optional(incoming.headers(), EVENT_TYPE);
  }

  private static void put(Headers headers, String name, @Nullable String value) {
    if (value != null) {
      KafkaHeaders.add(headers, name, value);
    }
  }

  private static Optional<String> optional(Headers headers, String name) {
    return Optional.ofNullable(KafkaHeaders.text(headers, name));
  }

  private static String required(Headers headers, String name) {
    return optional(headers, name).orElseThrow(() -> new UnreadableEvent(name + " is missing"));
  }

  private static String eventId(Headers headers) {
    String id = required(headers, EVENT_ID);
    // as the ids that are made of it: something, and nothing that no database stores
    if (id.isBlank() || CodePoints.moreThan(EVENT_ID_LENGTH_MAX, id) || id.indexOf('\0') >= 0) {
      throw new UnreadableEvent(EVENT_ID + " is malformed");
    }
    return id;
  }

  private static Instant instant(Headers headers, String name) {
    try {
      return Instant.parse(required(headers, name));
    } catch (DateTimeException e) {
      throw new UnreadableEvent(name + " is malformed");
    }
  }
}
