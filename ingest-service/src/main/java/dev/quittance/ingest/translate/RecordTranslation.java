package dev.quittance.ingest.translate;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentWithdrawn;
import dev.quittance.contracts.Reason;
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
import java.util.function.Consumer;
import java.util.function.Function;
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
  ///
  /// @param early told of what is known already while more is asked for; the reply has all of it
  ///   again, under the same ids
  Reply answered(
      ConsumerRecord<byte[], byte[]> retry, Consumer<List<ProducerRecord<byte[], byte[]>>> early) {
    Contact[] contact = {Contact.NONE};
    Outcome outcome =
        guarded(parked(retry), source -> asked(source, early, said -> contact[0] = said));
    return new Reply(outcome, contact[0]);
  }

  /// What holds of a parked record that was asked for too long, without asking once more.
  Outcome givenUp(ConsumerRecord<byte[], byte[]> retry) {
    return guarded(parked(retry), this::tired);
  }

  /// The same record, to be asked again later, because asking failed for a reason of ours.
  Outcome failed(ConsumerRecord<byte[], byte[]> retry) {
    return guarded(parked(retry), source -> later(source, "failed_here", false));
  }

  /// What becomes of a record when the brokers refuse for ever what was made of it.
  Outcome.Dead refused(ConsumerRecord<byte[], byte[]> incoming, Outcome outcome) {
    return outcome instanceof Outcome.Dead(var endpoint, var letter, var envelope, var withdrawal)
        ? new Outcome.Dead(
            endpoint, letter, Outgoing.smallerThan(envelope, letter, incoming), withdrawal)
        : dead(
            incoming.topic().equals(Parked.TOPIC)
                ? parked(incoming)
                : Parked.first(incoming, clock.instant()),
            outcome.endpoint(),
            DeadLetter.Why.POISON,
            "the brokers refuse what it means: it is larger than a topic takes, or no record for it");
  }

  /// Whether a parked record was asked for long enough.
  ///
  /// @param silent whether the provider is known not to answer: then one that was never asked for
  ///   was, too
  boolean endsUnasked(Parked parked, boolean silent) {
    return patience.ends(parked, silent, clock.instant());
  }

  private Parked parked(ConsumerRecord<byte[], byte[]> retry) {
    try {
      return Parked.read(retry);
    } catch (UnreadableEvent e) {
      // Whoever put it there, the question can be asked anew.
      return Parked.first(retry, clock.instant());
    }
  }

  /// What came of asking.
  record Reply(Outcome outcome, Contact contact) {}

  /// What a question says about its provider.
  enum Contact {
    /// It wasn't asked.
    NONE,
    ANSWERED,
    FAILED
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
        switch (source.provider().translate(source.webhook(), source.endpoint())) {
          // Whatever is known goes out by itself: an outage there holds up no news.
          case Translation.Open(var events) -> open(source, together(events, meanwhile(source)));
          case Translation.Facts(var events) ->
              translated(source, events(source, events, 0, LookUpState.NONE));
          case Translation.Ignored(var why) ->
              new Outcome.Ignored(
                  source.webhook().endpoint(),
                  why,
                  withdrawal(
                      source,
                      LookUpState.NONE,
                      why,
                      why.equals(Translation.Ignored.UNKNOWN_TYPE)
                          ? replayed(source)
                          : mayHaveBeenMore(source)));
          case Translation.Untranslatable(var why, var detail) ->
              dead(
                  source,
                  why,
                  detail,
                  withdrawal(source, LookUpState.NONE, why.wireName(), mayHaveBeenMore(source)));
        };
    // what was recovered was written down for us, and not for everybody
    if (source.webhook().origin() != CloudEvent.Origin.RECOVERED) {
      source
          .provider()
          .bodyFormat(source.webhook())
          .ifPresent(format -> Outgoing.comparable(outcome.records(), format));
    }
    return outcome;
  }

  private Outcome asked(
      Source source,
      Consumer<List<ProducerRecord<byte[], byte[]>>> early,
      Consumer<Contact> contact) {
    Parked parked = source.parked();
    if (parked.revision() > source.provider().revision()) {
      return later(source, "newer_revision", false);
    }
    Before before = before(source);
    Answer answer =
        source
            .provider()
            .answer(
                source.webhook(),
                source.endpoint(),
                // the rest is still asked for: what an earlier answer said counts until it is here
                part -> early.accept(answered(source, before, part, LookUpState.PENDING)));
    return switch (answer) {
      case Answer.Final(var translation) -> {
        contact.accept(Contact.ANSWERED);
        yield answered(source, before, translation, LookUpState.KNOWN);
      }
      case Answer.Untold(var translation) -> {
        contact.accept(Contact.ANSWERED);
        yield answered(source, before, translation, LookUpState.UNKNOWN);
      }
      case Answer.NotNow(var why, var untold) -> {
        contact.accept(Contact.FAILED);
        // nobody remembers it at the next attempt, which may be to give up
        yield untold != null && patience.isLast(parked, clock.instant())
            ? answered(source, before, untold, LookUpState.UNKNOWN)
            : later(source, why, false);
      }
      case Answer.NoAccess(var why) -> {
        contact.accept(Contact.ANSWERED);
        yield later(source, why, true);
      }
    };
  }

  private Outcome tired(Source source) {
    return answered(
        source,
        before(source),
        source.provider().giveUp(source.webhook(), source.endpoint()),
        LookUpState.UNKNOWN);
  }

  /// What an answer makes of a record.
  private Outcome answered(Source source, Before before, Translation answer, LookUpState lookUp) {
    boolean nothingElse = before.known().isEmpty();
    return switch (answer) {
      case Translation.Facts(var events) ->
          translated(source, answered(source, before, events, lookUp));
      case Translation.Ignored(var why) ->
          nothingElse
              ? new Outcome.Ignored(
                  source.webhook().endpoint(),
                  why,
                  withdrawal(
                      source,
                      lookUp,
                      why,
                      mayHaveBeenMore(source)
                          || (lookUp == LookUpState.KNOWN && !meanwhile(source).isEmpty())))
              : new Outcome.Ignored(
                  source.webhook().endpoint(), why, answered(source, before, List.of(), lookUp));
      case Translation.Untranslatable(var why, var detail) ->
          dead(
              source,
              why,
              detail,
              nothingElse
                  ? withdrawal(source, LookUpState.UNKNOWN, why.wireName(), mayHaveBeenMore(source))
                  : answered(source, before, List.of(), lookUp));
      case Translation.Open _ -> throw new IllegalStateException("an answer leaves nothing open");
    };
  }

  /// What has to be said again, and what follows from the answer. The answer's first ids are those
  /// of what held while it was awaited, and so take its place.
  private static List<ProducerRecord<byte[], byte[]>> answered(
      Source source, Before before, List<PaymentEvent> events, LookUpState lookUp) {
    var records = new ArrayList<>(events(source, before.again(), 0, LookUpState.PENDING));
    records.addAll(events(source, events, before.known().size(), lookUp));
    return records;
  }

  /// Whether an earlier revision may have made something of the record, or this one under other
  /// settings, as whoever replays it knows.
  private static boolean mayHaveBeenMore(Source source) {
    return source.provider().revision() > 1 || replayed(source);
  }

  private static boolean replayed(Source source) {
    return source.webhook().origin() == CloudEvent.Origin.REPLAYED;
  }

  private static List<ProducerRecord<byte[], byte[]>> withdrawal(
      Source source, LookUpState lookUp, String why, boolean due) {
    if (!due) {
      return List.of();
    }
    var withdrawn =
        new PaymentWithdrawn(
            source.endpoint().provider(),
            source.endpoint().account(),
            source.webhook().endpoint(),
            source.webhook().eventId(),
            VerbatimRecord.eventType(source.parked().incoming()).orElse(null),
            Reason.of(why));
    return List.of(
        Outgoing.withdrawal(source.webhook(), source.provider().revision(), lookUp, withdrawn));
  }

  private static List<ProducerRecord<byte[], byte[]>> events(
      Source source, List<PaymentEvent> events, int from, LookUpState lookUp) {
    return Outgoing.events(source.webhook(), source.provider().revision(), events, from, lookUp);
  }

  private static Outcome translated(Source source, List<ProducerRecord<byte[], byte[]>> records) {
    return new Outcome.Translated(source.webhook().endpoint(), records);
  }

  /// What was published of a record before it was asked for.
  ///
  /// @param again what has to be said once more: a higher revision replaces all that a lower one
  ///   made of the same event, so it has to say all of it, and not just the answer
  /// @param known what the webhook says by itself
  private record Before(List<PaymentEvent> again, List<PaymentEvent> known) {}

  private Before before(Source source) {
    List<PaymentEvent> known =
        source.provider().translate(source.webhook(), source.endpoint())
                instanceof Translation.Open(var events)
            ? events
            : List.of();
    return source.parked().revision() < source.provider().revision()
        ? new Before(known, known)
        : new Before(List.of(), known);
  }

  private static List<PaymentEvent> meanwhile(Source source) {
    return source.provider().meanwhile(source.webhook(), source.endpoint());
  }

  private Outcome later(Source source, String why, boolean keyAwaited) {
    return new Outcome.Asking(
        source.webhook().endpoint(),
        why,
        List.of(),
        patience.again(source.parked(), keyAwaited, clock.instant()).outgoing());
  }

  private static List<PaymentEvent> together(List<PaymentEvent> known, List<PaymentEvent> more) {
    var all = new ArrayList<>(known);
    all.addAll(more);
    return all;
  }

  private Outcome open(Source source, List<PaymentEvent> events) {
    return new Outcome.Asking(
        source.webhook().endpoint(),
        Outcome.Asking.OPEN,
        events(source, events, 0, LookUpState.PENDING),
        source
            .parked()
            .toldBy(source.provider().revision(), LookUpKind.leftOpenBy(events))
            .outgoing());
  }

  private Outcome.Dead dead(
      Source source,
      DeadLetter.Why why,
      String detail,
      List<ProducerRecord<byte[], byte[]>> withdrawal) {
    Outcome.Dead dead = dead(source.parked(), source.webhook().endpoint(), why, detail);
    return new Outcome.Dead(dead.endpoint(), dead.letter(), dead.envelope(), withdrawal);
  }

  private Outcome.Dead dead(Parked parked, String endpoint, DeadLetter.Why why, String detail) {
    var letter =
        new DeadLetter(
            why,
            detail,
            Topic.WEBHOOKS.topicName(),
            parked.partition(),
            parked.offset(),
            ConsumerGroup.TRANSLATE,
            clock.instant());
    return new Outcome.Dead(endpoint, letter, Outgoing.dead(letter, parked.incoming()), List.of());
  }

  /// How long and how often a provider is asked.
  ///
  /// | attempt | 1 | 2 | 3 | 4 | 5 | 6 | 7 on |
  /// |---|---|---|---|---|---|---|---|
  /// | after (with a first pause of 1 s, at most 60 s) | 1 s | 2 s | 4 s | 8 s | 16 s | 32 s | 60 s |
  ///
  /// @param pauseFirst after the first vain attempt; doubles from there
  /// @param pauseMax the longest pause
  /// @param limit when to give up, from the moment that the question came up; nobody is asked once
  ///   more then
  /// @param accessLimit when to give up waiting for a key that the provider accepts
  record Patience(Duration pauseFirst, Duration pauseMax, Duration limit, Duration accessLimit) {

    /// Beyond it every pause is the longest: 2^20 s are twelve days.
    private static final int DOUBLINGS_MAX = 20;

    /// A question that was never asked, because nobody ran here for so long, is asked first.
    boolean ends(Parked parked, boolean silent, Instant now) {
      return (parked.attempt() > 0 || silent)
          && !now.isBefore(parked.since().plus(parked.keyAwaited() ? accessLimit : limit));
    }

    /// Whether it isn't asked again after a vain attempt.
    boolean isLast(Parked parked, Instant now) {
      Parked next = again(parked, false, now);
      return ends(next, false, next.dueAt());
    }

    Parked again(Parked parked, boolean keyAwaited, Instant now) {
      Duration doubled =
          pauseFirst.multipliedBy(1L << Math.clamp(parked.attempt(), 0, DOUBLINGS_MAX));
      return parked.again(
          now.plus(doubled.compareTo(pauseMax) > 0 ? pauseMax : doubled), keyAwaited);
    }
  }
}
