package dev.quittance.ingest.translate;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.endpoint.Endpoints;
import dev.quittance.ingest.provider.DeliveredEvent;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.ProviderEventId;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Finds out where a record comes from. One that can't be read, comes from nowhere, or runs into a
/// defect of ours becomes a dead letter, so that it stops nothing behind it: nothing here throws,
/// whatever the record holds.
@Singleton
final class TranslationInputs {

  private final Function<String, Optional<Endpoint>> endpoints;
  private final Function<String, Optional<Provider>> providers;
  private final Clock clock;

  @Inject
  TranslationInputs(Endpoints endpoints, Providers providers, Clock clock) {
    this(endpoints::named, providers::named, clock);
  }

  TranslationInputs(
      Function<String, Optional<Endpoint>> endpoints,
      Function<String, Optional<Provider>> providers,
      Clock clock) {
    this.endpoints = endpoints;
    this.providers = providers;
    this.clock = clock;
  }

  /// What becomes of a record.
  ///
  /// @param work what is done where it can be read
  TranslationOutcome outcome(
      RetryRecord record, Function<TranslationInput, TranslationOutcome> work) {
    Webhook webhook;
    try {
      webhook = VerbatimRecord.read(record.incoming());
    } catch (UnreadableEvent e) {
      return dead(
          record,
          TranslationOutcome.NO_ENDPOINT,
          DeadLetter.Why.UNREADABLE,
          "no verbatim record: " + e.getMessage());
    }
    Optional<Endpoint> endpoint = endpoints.apply(webhook.endpoint());
    Optional<Provider> provider = endpoint.map(Endpoint::provider).flatMap(providers);
    if (endpoint.isEmpty() || provider.isEmpty()) {
      return dead(
          record,
          TranslationOutcome.NO_ENDPOINT,
          DeadLetter.Why.UNKNOWN_ENDPOINT,
          "the endpoint that it came in by is not configured");
    }
    try {
      TranslationOutcome outcome =
          work.apply(new TranslationInput(record, webhook, endpoint.get(), provider.get(), clock));
      // also what would wait on the retry topic with a few headers more
      return OutgoingRecords.tooLarge(outcome.records())
              && !(outcome instanceof TranslationOutcome.Dead)
          ? poison(record, webhook.endpoint(), "what it means is larger than a record may be")
          : outcome;
    } catch (RuntimeException e) {
      // A defect of ours must not stop the payments behind it; a repaired release can redrive it.
      return poison(
          record, webhook.endpoint(), "translating it fails with " + e.getClass().getSimpleName());
    }
  }

  /// The events that a verbatim record holds, where its provider sent several at once, each as a
  /// record of its own; else the record itself.
  ///
  /// @throws RuntimeException on a defect of ours
  List<RetryRecord> events(RetryRecord delivery) {
    if (VerbatimRecord.isOneOfSeveral(delivery.incoming())) {
      return List.of(delivery);
    }
    Webhook webhook;
    try {
      webhook = VerbatimRecord.read(delivery.incoming());
    } catch (UnreadableEvent e) {
      return List.of(delivery); // which dies of it
    }
    List<DeliveredEvent> events =
        endpoints
            .apply(webhook.endpoint())
            .map(Endpoint::provider)
            .flatMap(providers)
            .map(provider -> provider.events(webhook))
            .orElse(List.of());
    return events.isEmpty()
        ? List.of(delivery)
        : events.stream().map(event -> delivery.event(alone(delivery, webhook, event))).toList();
  }

  private static ConsumerRecord<byte[], byte[]> alone(
      RetryRecord delivery, Webhook webhook, DeliveredEvent event) {
    String id = ProviderEventId.of(Optional.ofNullable(event.id()), event.body());
    return VerbatimRecord.oneOf(delivery.incoming(), webhook.event(id, event.body()), event.type());
  }

  /// What becomes of a delivery whose events nobody can tell.
  TranslationOutcome undivided(RetryRecord delivery, RuntimeException defect) {
    return outcome(
        delivery,
        _ -> {
          throw defect;
        });
  }

  /// What becomes of a record when the brokers refuse for ever what was made of it.
  TranslationOutcome.Dead refused(RetryRecord record, TranslationOutcome outcome) {
    return outcome
            instanceof
            TranslationOutcome.Dead(var endpoint, var letter, var envelope, var withdrawal)
        ? new TranslationOutcome.Dead(
            endpoint,
            letter,
            OutgoingRecords.smallerThan(envelope, letter, record.incoming()),
            withdrawal)
        : poison(
            record,
            outcome.endpoint(),
            "the brokers refuse what it means: it is larger than a topic takes, or no record for it");
  }

  private TranslationOutcome.Dead poison(RetryRecord record, String endpoint, String detail) {
    return dead(record, endpoint, DeadLetter.Why.POISON, detail);
  }

  private TranslationOutcome.Dead dead(
      RetryRecord record, String endpoint, DeadLetter.Why why, String detail) {
    return TranslationInput.dead(record, endpoint, why, detail, List.of(), clock.instant());
  }
}
