package dev.quittance.ingest.translate;

import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.translate.LookUpReply.Contact;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/// Asks a webhook's provider for what the webhook leaves open, and says what has to be published
/// because of the answer; or that it has to be asked again later.
@Singleton
final class LookUpDetails {

  private final TranslationInputs inputs;
  private final LookUpRetryPolicy retries;
  private final Clock clock;

  @Inject
  LookUpDetails(TranslationInputs inputs, LookUpSettings settings, Clock clock) {
    this(inputs, settings.retryPolicy(), clock);
  }

  LookUpDetails(TranslationInputs inputs, LookUpRetryPolicy retries, Clock clock) {
    this.inputs = inputs;
    this.retries = retries;
    this.clock = clock;
  }

  /// What the provider answers. Blocks for as long as the provider takes; never throws, whatever
  /// the record holds.
  ///
  /// @param early gets what is known already while more is asked for; the reply has all of it
  ///   again, under the same ids
  LookUpReply answer(RetryRecord record, Consumer<TranslationOutcome> early) {
    Contact[] contact = {Contact.NONE};
    TranslationOutcome outcome =
        inputs.outcome(record, input -> answer(input, early, said -> contact[0] = said));
    return new LookUpReply(outcome, contact[0]);
  }

  /// What holds of a record that was asked for too long, without asking once more.
  TranslationOutcome giveUp(RetryRecord record) {
    return inputs.outcome(
        record, input -> outcome(input, Before.of(input), input.giveUp(), LookUpState.UNKNOWN));
  }

  /// The same record, to be asked again later, because asking failed for a reason of ours.
  TranslationOutcome failed(RetryRecord record) {
    return inputs.outcome(record, input -> later(input, "failed_here", false));
  }

  /// Whether a record was asked for long enough.
  ///
  /// @param silent whether the provider is known not to answer: then one that was never asked for
  ///   was, too
  boolean endsUnasked(RetryRecord record, boolean silent) {
    return retries.ends(record, silent, clock.instant());
  }

  private TranslationOutcome answer(
      TranslationInput input, Consumer<TranslationOutcome> early, Consumer<Contact> contact) {
    if (input.record().revision() > input.provider().revision()) {
      return later(input, "newer_revision", false);
    }
    Before before = Before.of(input);
    // the rest is still asked for: what an earlier answer said counts until it is here
    LookUpAnswer answer = input.ask(part -> early.accept(before.and(part, LookUpState.PENDING)));
    contact.accept(answer instanceof LookUpAnswer.NotNow ? Contact.FAILED : Contact.ANSWERED);
    return switch (answer) {
      case LookUpAnswer.Final(var translation) ->
          outcome(input, before, translation, LookUpState.KNOWN);
      case LookUpAnswer.Unanswered(var translation) ->
          outcome(input, before, translation, LookUpState.UNKNOWN);
      case LookUpAnswer.NotNow(var why, var otherwise) ->
          // nobody remembers it at the next attempt, which may be to give up
          otherwise != null && retries.isLast(input.record(), clock.instant())
              ? outcome(input, before, otherwise, LookUpState.UNKNOWN)
              : later(input, why, false);
      case LookUpAnswer.NoAccess(var why) -> later(input, why, true);
    };
  }

  private TranslationOutcome later(TranslationInput input, String why, boolean keyAwaited) {
    return new TranslationOutcome.Asking(
        input.webhook().endpoint(),
        why,
        List.of(),
        retries.again(input.record(), keyAwaited, clock.instant()));
  }

  /// What an answer makes of a record.
  private static TranslationOutcome outcome(
      TranslationInput input, Before before, Translation answer, LookUpState lookUp) {
    boolean nothingElse = before.known().isEmpty();
    return switch (answer) {
      case Translation.Facts(var events) -> before.and(events, lookUp);
      case Translation.Ignored(var why) ->
          input.ignored(
              why,
              nothingElse
                  ? input.withdrawal(
                      lookUp,
                      why,
                      input.mayHaveBeenMore(why)
                          || (lookUp == LookUpState.KNOWN && !input.meanwhile().isEmpty()))
                  : before.and(List.of(), lookUp).records());
      case Translation.Untranslatable(var why, var detail) ->
          input.dead(
              why,
              detail,
              nothingElse
                  ? input.withdrawal(LookUpState.UNKNOWN, why.wireName(), input.mayHaveBeenMore())
                  : before.and(List.of(), lookUp).records());
      case Translation.Open _ -> throw new IllegalStateException("an answer leaves nothing open");
    };
  }

  /// What was published of a record before it was asked for.
  ///
  /// @param again what has to be said once more: a higher revision replaces all that a lower one
  ///   made of the same event, so it has to say all of it, and not just the answer
  /// @param known what the webhook says by itself
  private record Before(
      TranslationInput input, List<PaymentEvent> again, List<PaymentEvent> known) {

    static Before of(TranslationInput input) {
      List<PaymentEvent> known =
          input.translate() instanceof Translation.Open(var events) ? events : List.of();
      boolean byALowerRevision = input.record().revision() < input.provider().revision();
      return new Before(input, byALowerRevision ? known : List.of(), known);
    }

    /// What has to be said again, and what follows from the answer. The answer's first ids are
    /// those of what held while it was awaited, and so take its place.
    TranslationOutcome and(List<PaymentEvent> answer, LookUpState lookUp) {
      var records = input.events(again, 0, LookUpState.PENDING);
      records.addAll(input.events(answer, known.size(), lookUp));
      return input.translated(records);
    }
  }
}
