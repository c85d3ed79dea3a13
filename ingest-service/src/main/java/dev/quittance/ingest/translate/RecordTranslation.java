package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// From one verbatim record to what has to be published because of it. Never throws, whatever the
/// record holds.
final class RecordTranslation {

  /// The `ce_source` of what this service publishes.
  static final String SOURCE = "/quittance/ingest";

  /// Below the brokers' default limit of 1,048,588 bytes per record, with room for the headers.
  static final int EVENT_BYTES_MAX = 1_000_000;

  private final Function<String, Optional<Endpoint>> endpoints;
  private final Function<String, Optional<Provider>> providers;
  private final Clock clock;

  RecordTranslation(
      Function<String, Optional<Endpoint>> endpoints,
      Function<String, Optional<Provider>> providers,
      Clock clock) {
    this.endpoints = endpoints;
    this.providers = providers;
    this.clock = clock;
  }

  Outcome of(ConsumerRecord<byte[], byte[]> incoming) {
    Webhook webhook;
    try {
      webhook = VerbatimRecord.read(incoming);
    } catch (UnreadableEvent e) {
      return dead(
          incoming,
          Outcome.NO_ENDPOINT,
          DeadLetter.Why.UNREADABLE,
          "verbatim record: " + e.getMessage());
    }
    try {
      return of(incoming, webhook);
    } catch (RuntimeException e) {
      // A defect of ours must not stop the payments behind it; a repaired release can redrive it.
      return dead(
          incoming,
          webhook.endpoint(),
          DeadLetter.Why.POISON,
          "translating it fails with " + e.getClass().getSimpleName());
    }
  }

  private Outcome of(ConsumerRecord<byte[], byte[]> incoming, Webhook webhook) {
    Optional<Endpoint> endpoint = endpoints.apply(webhook.endpoint());
    Optional<Provider> provider = endpoint.map(Endpoint::provider).flatMap(providers);
    if (endpoint.isEmpty() || provider.isEmpty()) {
      return dead(
          incoming,
          Outcome.NO_ENDPOINT,
          DeadLetter.Why.UNKNOWN_ENDPOINT,
          "the endpoint that it came in by is not configured");
    }
    return switch (provider.get().translate(webhook, endpoint.get())) {
      case Translation.Facts(var events) -> {
        var records = records(webhook, provider.get().revision(), events);
        yield records.stream().anyMatch(RecordTranslation::tooLarge)
            ? dead(
                incoming,
                webhook.endpoint(),
                DeadLetter.Why.POISON,
                "what it means is larger than a record may be")
            : new Outcome.Translated(webhook.endpoint(), records);
      }
      case Translation.Ignored(var why) -> new Outcome.Ignored(webhook.endpoint(), why);
      case Translation.Untranslatable(var why, var detail) ->
          dead(incoming, webhook.endpoint(), why, detail);
    };
  }

  private static boolean tooLarge(ProducerRecord<byte[], byte[]> outgoing) {
    return outgoing.value().length > EVENT_BYTES_MAX;
  }

  private static List<ProducerRecord<byte[], byte[]>> records(
      Webhook webhook, int revision, List<PaymentEvent> events) {
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>(events.size());
    for (int n = 0; n < events.size(); n++) {
      PaymentEvent event = events.get(n);
      var envelope =
          new CloudEvent(
              EventId.canonical(webhook.endpoint(), webhook.eventId(), n),
              SOURCE,
              event.type(),
              event.about().order(),
              event.about().occurredAt(),
              webhook.origin(),
              revision,
              null,
              webhook.traceparent(),
              WireFormat.write(event));
      var outgoing =
          new ProducerRecord<byte[], byte[]>(
              Topic.PAYMENT_EVENTS.topicName(),
              envelope.subject().value().getBytes(UTF_8),
              envelope.data());
      envelope
          .headers()
          .forEach((name, value) -> outgoing.headers().add(name, value.getBytes(UTF_8)));
      records.add(outgoing);
    }
    return records;
  }

  /// A dead letter keeps its key, value and headers, so that it can be sent back as it was. Where
  /// it already carries an earlier death's headers, those give way.
  private Outcome dead(
      ConsumerRecord<byte[], byte[]> incoming, String endpoint, DeadLetter.Why why, String detail) {
    var letter =
        new DeadLetter(
            why,
            detail,
            incoming.topic(),
            incoming.partition(),
            incoming.offset(),
            ConsumerGroup.TRANSLATE,
            clock.instant());
    var envelope =
        new ProducerRecord<byte[], byte[]>(
            letter.deadLetterTopic(), incoming.key(), incoming.value());
    incoming
        .headers()
        .forEach(header -> {
          if (!header.key().startsWith(DeadLetter.HEADER_PREFIX)) {
            envelope.headers().add(header);
          }
        });
    letter.headers().forEach((name, value) -> envelope.headers().add(name, value.getBytes(UTF_8)));
    return new Outcome.Dead(endpoint, letter, envelope);
  }
}
