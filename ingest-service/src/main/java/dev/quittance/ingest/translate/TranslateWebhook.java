package dev.quittance.ingest.translate;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.provider.Translation;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/// Says in our words what a webhook means: what has to be published because of it. What it leaves
/// open is asked for by [LookUpDetails].
@Singleton
final class TranslateWebhook {

  private final TranslationInputs inputs;

  TranslateWebhook(TranslationInputs inputs) {
    this.inputs = inputs;
  }

  /// The events that a verbatim record holds: itself, unless its provider sent several at once.
  ///
  /// @throws RuntimeException on a defect of ours
  List<RetryRecord> events(RetryRecord verbatim) {
    return inputs.events(verbatim);
  }

  /// What becomes of a record whose events nobody can tell, by a defect of ours.
  TranslationOutcome undivided(RetryRecord verbatim, RuntimeException defect) {
    return inputs.undivided(verbatim, defect);
  }

  /// Never throws, whatever the record holds.
  TranslationOutcome translate(RetryRecord verbatim) {
    return inputs.outcome(verbatim, TranslateWebhook::translate);
  }

  private static TranslationOutcome translate(TranslationInput input) {
    TranslationOutcome outcome =
        switch (input.translate()) {
          case Translation.Facts(var events) ->
              input.translated(input.events(events, 0, LookUpState.NONE));
          case Translation.Open(var events) -> open(input, events);
          case Translation.Ignored(var why) ->
              input.ignored(
                  why, input.withdrawal(LookUpState.NONE, why, input.mayHaveBeenMore(why)));
          case Translation.Untranslatable(var why, var detail) ->
              input.dead(
                  why,
                  detail,
                  input.withdrawal(LookUpState.NONE, why.wireName(), input.mayHaveBeenMore()));
        };
    // what was recovered was written down for us, and not for everybody
    if (input.webhook().origin() != CloudEvent.Origin.RECOVERED) {
      input
          .provider()
          .bodyFormat(input.webhook())
          .ifPresent(format -> OutgoingRecords.comparable(outcome.records(), format));
    }
    return outcome;
  }

  /// Whatever is known goes out by itself: an outage at the provider holds up nothing that is
  /// known.
  private static TranslationOutcome open(TranslationInput input, List<PaymentEvent> known) {
    var events = new ArrayList<>(known);
    events.addAll(input.meanwhile());
    return new TranslationOutcome.Asking(
        input.webhook().endpoint(),
        TranslationOutcome.Asking.OPEN,
        input.events(events, 0, LookUpState.PENDING),
        input.record().translatedBy(input.provider().revision(), LookUpKind.leftOpenBy(events)));
  }
}
