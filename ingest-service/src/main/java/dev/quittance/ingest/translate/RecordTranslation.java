package dev.quittance.ingest.translate;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Answer;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// From one record to what has to be published because of it: from a verbatim record what it says,
/// from a parked one what the provider answers. Never throws, whatever the record holds.
final class RecordTranslation {

  private final Function<String, Optional<Endpoint>> endpoints;
  private final Function<String, Optional<Provider>> providers;
  private final Patience patience;
  private final Clock clock;

  RecordTranslation(
      Function<String, Optional<Endpoint>> endpoints,
      Function<String, Optional<Provider>> providers,
      Patience patience,
      Clock clock) {
    this.endpoints = endpoints;
    this.providers = providers;
    this.patience = patience;
    this.clock = clock;
  }

  /// What a verbatim record says.
  Outcome of(ConsumerRecord<byte[], byte[]> verbatim) {
    return guarded(Parked.first(verbatim, clock.instant()), this::told);
  }

  /// What a parked record's provider answers. Blocks for as long as the provider takes.
  Outcome answered(ConsumerRecord<byte[], byte[]> retry) {
    Parked parked;
    try {
      parked = Parked.read(retry);
    } catch (UnreadableEvent e) {
      // Whoever put it there, the question can be asked anew.
      parked = Parked.first(retry, clock.instant());
    }
    return guarded(parked, this::asked);
  }

  /// A record with all that is known of where it comes from.
  private record Source(Parked parked, Webhook webhook, Endpoint endpoint, Provider provider) {}

  private Outcome guarded(Parked parked, Function<Source, Outcome> work) {
    Webhook webhook;
    try {
      webhook = VerbatimRecord.read(parked.incoming());
    } catch (UnreadableEvent e) {
      return dead(
          parked,
          Outcome.NO_ENDPOINT,
          DeadLetter.Why.UNREADABLE,
          "no verbatim record: " + e.getMessage());
    }
    Optional<Endpoint> endpoint = endpoints.apply(webhook.endpoint());
    Optional<Provider> provider = endpoint.map(Endpoint::provider).flatMap(providers);
    if (endpoint.isEmpty() || provider.isEmpty()) {
      return dead(
          parked,
          Outcome.NO_ENDPOINT,
          DeadLetter.Why.UNKNOWN_ENDPOINT,
          "the endpoint that it came in by is not configured");
    }
    try {
      Outcome outcome = work.apply(new Source(parked, webhook, endpoint.get(), provider.get()));
      // also what would wait on the retry topic with a few headers more
      return Outgoing.tooLarge(outcome.records()) && !(outcome instanceof Outcome.Dead)
          ? dead(
              parked,
              webhook.endpoint(),
              DeadLetter.Why.POISON,
              "what it means is larger than a record may be")
          : outcome;
    } catch (RuntimeException e) {
      // A defect of ours must not stop the payments behind it; a repaired release can redrive it.
      return dead(
          parked,
          webhook.endpoint(),
          DeadLetter.Why.POISON,
          "translating it fails with " + e.getClass().getSimpleName());
    }
  }

  private Outcome told(Source source) {
    Outcome outcome =
        outcome(source, source.provider().translate(source.webhook(), source.endpoint()), 0);
    // what was recovered was written down for us, and not for everybody
    if (source.webhook().origin() != CloudEvent.Origin.RECOVERED) {
      source
          .provider()
          .bodyFormat(source.webhook())
          .ifPresent(format -> Outgoing.comparable(outcome.records(), format));
    }
    return outcome;
  }

  private Outcome asked(Source source) {
    List<PaymentEvent> known =
        source.provider().translate(source.webhook(), source.endpoint())
                instanceof Translation.Open(var events)
            ? events
            : List.of();
    Parked parked = source.parked();
    int revision = source.provider().revision();
    boolean tired = patience.ends(parked, clock.instant());
    if (parked.revision() > revision && !tired) {
      return later(source, "newer_revision", List.of());
    }
    List<PaymentEvent> meanwhile = source.provider().meanwhile(source.webhook(), source.endpoint());
    // A higher revision replaces all that a lower one made of the same event: so it has to say all
    // of it, and not just the answer.
    boolean sayAll = parked.revision() < revision;
    int from = sayAll ? 0 : known.size() + meanwhile.size();
    UnaryOperator<Translation> all = answer -> sayAll ? together(known, answer) : answer;
    return switch (source.provider().answer(source.webhook(), source.endpoint())) {
      case Answer.Final(var translation) -> outcome(source, all.apply(translation), from);
      case Answer.NotNow(var why) ->
          tired
              ? outcome(source, all.apply(givenUp(source)), from)
              : later(
                  source,
                  why,
                  parked.attempt() > 0
                      ? List.of()
                      : Outgoing.events(source.webhook(), revision, meanwhile, known.size()));
      case Answer.NoAccess(var why) ->
          patience.endsForAccess(parked, clock.instant())
              ? outcome(source, all.apply(givenUp(source)), from)
              : later(source, why, List.of());
    };
  }

  private static Translation givenUp(Source source) {
    return source.provider().giveUp(source.webhook(), source.endpoint());
  }

  private Outcome later(Source source, String why, List<ProducerRecord<byte[], byte[]>> meanwhile) {
    var records = new ArrayList<>(meanwhile);
    records.add(patience.again(source.parked(), clock.instant()).outgoing());
    return new Outcome.Asking(source.webhook().endpoint(), why, records);
  }

  private static Translation together(List<PaymentEvent> known, Translation answer) {
    return switch (answer) {
      case Translation.Facts(var events) -> {
        var all = new ArrayList<>(known);
        all.addAll(events);
        yield new Translation.Facts(all);
      }
      case Translation.Open _, Translation.Ignored _, Translation.Untranslatable _ -> answer;
    };
  }

  private Outcome outcome(Source source, Translation translation, int from) {
    String endpoint = source.webhook().endpoint();
    return switch (translation) {
      case Translation.Facts(var events) ->
          new Outcome.Translated(
              endpoint,
              Outgoing.events(source.webhook(), source.provider().revision(), events, from));
      case Translation.Open(var events) -> {
        var records =
            new ArrayList<>(
                Outgoing.events(source.webhook(), source.provider().revision(), events, from));
        records.add(source.parked().toldBy(source.provider().revision()).outgoing());
        yield new Outcome.Asking(endpoint, "open", records);
      }
      case Translation.Ignored(var why) -> new Outcome.Ignored(endpoint, why);
      case Translation.Untranslatable(var why, var detail) ->
          dead(source.parked(), endpoint, why, detail);
    };
  }

  private Outcome dead(Parked parked, String endpoint, DeadLetter.Why why, String detail) {
    var letter =
        new DeadLetter(
            why,
            detail,
            Topic.WEBHOOKS.topicName(),
            parked.partition(),
            parked.offset(),
            ConsumerGroup.TRANSLATE,
            clock.instant());
    return new Outcome.Dead(endpoint, letter, Outgoing.dead(letter, parked.incoming()));
  }

  /// How long and how often a provider is asked.
  ///
  /// | attempt | 1 | 2 | 3 | 4 | 5 | 6 | 7 on |
  /// |---|---|---|---|---|---|---|---|
  /// | after (with a first pause of 1 s, at most 60 s) | 1 s | 2 s | 4 s | 8 s | 16 s | 32 s | 60 s |
  ///
  /// @param pauseFirst after the first vain attempt; doubles from there
  /// @param pauseMax the longest pause
  /// @param limit when to give up, from the moment that the question came up; it is asked once more
  ///   then
  /// @param accessLimit when to give up waiting for a key that the provider accepts
  record Patience(Duration pauseFirst, Duration pauseMax, Duration limit, Duration accessLimit) {

    /// Beyond it every pause is the longest: 2^20 s are twelve days.
    private static final int DOUBLINGS_MAX = 20;

    boolean ends(Parked parked, Instant now) {
      return parked.attempt() > 0 && !now.isBefore(parked.since().plus(limit));
    }

    boolean endsForAccess(Parked parked, Instant now) {
      return parked.attempt() > 0 && !now.isBefore(parked.since().plus(accessLimit));
    }

    Parked again(Parked parked, Instant now) {
      Duration doubled =
          pauseFirst.multipliedBy(1L << Math.clamp(parked.attempt(), 0, DOUBLINGS_MAX));
      return parked.again(now.plus(doubled.compareTo(pauseMax) > 0 ? pauseMax : doubled));
    }
  }
}
