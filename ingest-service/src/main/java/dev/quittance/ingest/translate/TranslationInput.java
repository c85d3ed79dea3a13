package dev.quittance.ingest.translate;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentWithdrawn;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A record with all that is known of where it comes from, and what can be published because of it.
record TranslationInput(
    RetryRecord record, Webhook webhook, Endpoint endpoint, Provider provider, Clock clock) {

  /// The `ce_source` of what this service publishes.
  private static final String SOURCE = "/quittance/ingest";

  private static final Translation NOTHING_OPEN = new Translation.Ignored("nothing_open");

  private static final Translation UNCONFIRMED =
      new Translation.Untranslatable(
          DeadLetter.Why.PAYMENT_UNKNOWN, "the provider doesn't confirm what it only hints at");

  /// What the webhook says by itself: of a hint nothing, but that the provider has to be asked.
  Translation translate() {
    Translation said = provider.translate(webhook, endpoint);
    boolean believed =
        !webhook.hint()
            || said instanceof Translation.Ignored
            || said instanceof Translation.Untranslatable;
    return believed ? said : new Translation.Open(List.of());
  }

  /// What holds for as long as the provider wasn't asked.
  List<PaymentEvent> meanwhile() {
    return webhook.hint()
        ? List.of()
        : provider.lookUps().map(lookUps -> lookUps.meanwhile(webhook, endpoint)).orElse(List.of());
  }

  /// Asks the provider for what the webhook leaves open.
  ///
  /// @param part gets what is known while more is asked for
  LookUpAnswer ask(Consumer<List<PaymentEvent>> part) {
    return webhook.hint() ? confirmation() : answer(part);
  }

  /// Of a hint only a whole answer counts: what holds without one, or before it, may be the body's.
  private LookUpAnswer confirmation() {
    return switch (answer(_ -> {})) {
      case LookUpAnswer.Final answer -> answer;
      case LookUpAnswer.Unanswered _ -> new LookUpAnswer.Unanswered(UNCONFIRMED);
      case LookUpAnswer.NotNow(var why, _) -> new LookUpAnswer.NotNow(why, null);
      case LookUpAnswer.NoAccess noAccess -> noAccess;
    };
  }

  private LookUpAnswer answer(Consumer<List<PaymentEvent>> part) {
    return provider
        .lookUps()
        .map(lookUps -> lookUps.answer(webhook, endpoint, part))
        .orElseGet(() -> new LookUpAnswer.Unanswered(NOTHING_OPEN));
  }

  /// What holds when the provider can't be asked.
  Translation giveUp() {
    return webhook.hint()
        ? UNCONFIRMED
        : provider.lookUps().map(lookUps -> lookUps.giveUp(webhook, endpoint)).orElse(NOTHING_OPEN);
  }

  private boolean replayed() {
    return webhook.origin() == CloudEvent.Origin.REPLAYED;
  }

  /// Whether an earlier revision may have made something of the record, or this one under other
  /// settings, as whoever replays it knows.
  boolean mayHaveBeenMore() {
    return provider.revision() > 1 || replayed();
  }

  /// The same of a record that is ignored now.
  ///
  /// @param why as [Translation.Ignored#why]
  boolean mayHaveBeenMore(String why) {
    return Translation.Ignored.always(why) ? replayed() : mayHaveBeenMore();
  }

  /// Canonical events, keyed by their order.
  ///
  /// @param from the number of the first: what an answer adds counts on from what was known at once
  /// @param lookUp how far the provider was asked for them
  List<ProducerRecord<byte[], byte[]>> events(
      List<PaymentEvent> events, int from, LookUpState lookUp) {
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>(events.size());
    for (int n = 0; n < events.size(); n++) {
      PaymentEvent event = events.get(n);
      records.add(
          canonical(
              EventId.canonical(webhook.endpoint(), webhook.eventId(), from + n),
              event.type(),
              event.about().order(),
              event.about().occurredAt(),
              lookUp,
              WireFormat.write(event)));
    }
    return records;
  }

  /// Takes back what lower revisions may have made of the webhook.
  ///
  /// @param due whether they may; else there is nothing to take back
  List<ProducerRecord<byte[], byte[]>> withdrawal(LookUpState lookUp, String why, boolean due) {
    // or whoever altered a hint could have taken back what the genuine one led to
    if (!due || (webhook.hint() && lookUp != LookUpState.KNOWN)) {
      return List.of();
    }
    var withdrawn =
        new PaymentWithdrawn(
            endpoint.provider(),
            endpoint.account(),
            webhook.endpoint(),
            webhook.eventId(),
            VerbatimRecord.eventType(record.incoming()).orElse(null),
            Reason.of(why));
    return List.of(
        canonical(
            withdrawn.id(),
            PaymentWithdrawn.TYPE,
            withdrawn.subject(),
            webhook.receivedAt(),
            lookUp,
            WireFormat.write(withdrawn)));
  }

  private ProducerRecord<byte[], byte[]> canonical(
      EventId id, String type, OrderId order, Instant time, LookUpState lookUp, byte[] data) {
    return OutgoingRecords.canonical(
        new CloudEvent(
            id,
            SOURCE,
            type,
            order,
            time,
            webhook.origin(),
            provider.revision(),
            lookUp,
            null,
            webhook.traceparent(),
            data),
        webhook.receivedAt());
  }

  TranslationOutcome translated(List<ProducerRecord<byte[], byte[]>> records) {
    return new TranslationOutcome.Translated(webhook.endpoint(), records);
  }

  TranslationOutcome ignored(String why, List<ProducerRecord<byte[], byte[]>> records) {
    return new TranslationOutcome.Ignored(webhook.endpoint(), why, records);
  }

  /// @param more what has to be published besides
  TranslationOutcome dead(
      DeadLetter.Why why, String detail, List<ProducerRecord<byte[], byte[]>> more) {
    return dead(record, webhook.endpoint(), why, detail, more, clock.instant());
  }

  static TranslationOutcome.Dead dead(
      RetryRecord record,
      String endpoint,
      DeadLetter.Why why,
      String detail,
      List<ProducerRecord<byte[], byte[]>> more,
      Instant now) {
    var letter =
        new DeadLetter(
            why,
            detail,
            Topic.WEBHOOKS.topicName(),
            record.partition(),
            record.offset(),
            ConsumerGroup.TRANSLATE,
            now);
    return new TranslationOutcome.Dead(
        endpoint, letter, OutgoingRecords.dead(letter, record.incoming()), more);
  }

  @Override
  public String toString() {
    return "TranslationInput[" + webhook + "]";
  }
}
