package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Stripe's events in our words. Reads all API versions since 2019: a field that is missing, null,
/// renamed or moved costs what it would have said, never the event.
final class StripeTranslator {

  /// A pure function; never throws, whatever the bytes.
  Translation translate(Webhook webhook, Endpoint endpoint) {
    return StripeEvent.read(webhook, endpoint)
        .map(StripeTranslator::translate)
        .orElseGet(() -> Translation.unreadable("the body is no event"));
  }

  /// What an event means as far as it says.
  static Translation translate(StripeEvent event) {
    if (!event.endpoint().mode().admits(event.livemode())) {
      return Translation.otherMode();
    }
    Optional<String> account = event.connectedAccount();
    if (account.isPresent()) {
      if (ConnectedAccounts.of(event.endpoint()) == ConnectedAccounts.IGNORE) {
        return new Translation.Ignored("connected_account");
      }
      if (!ConnectedAccounts.isAccount(account.get())) {
        return Translation.unreadable("the event's account is none");
      }
    }
    if (StripeEventType.named(event.type()).isPresent()
        && event.owner() == PaymentFilter.Answer.ANOTHERS) {
      return new Translation.Ignored(Translation.Ignored.OTHER_METADATA);
    }
    Translation meaning = guarded(() -> meaning(event));
    if (event.ownerUnsaid() && !(meaning instanceof Translation.Ignored)) {
      return new Translation.Open(List.of());
    }
    return amountIsMissing(meaning)
            && event.canAsk()
            && !event.fetched()
            && event.objectPath().isPresent()
        ? new Translation.Open(List.of())
        : meaning;
  }

  /// Whether the object has to be asked for anew, because the amount that it can't be without is
  /// missing in the event. One that is negative isn't missing.
  static boolean lacksAmount(StripeEvent event) {
    return !event.fetched()
        && event.objectPath().isPresent()
        && amountIsMissing(guarded(() -> meaning(event)));
  }

  private static boolean amountIsMissing(Translation meaning) {
    return meaning instanceof Translation.Untranslatable(var why, var detail)
        && why == DeadLetter.Why.UNREADABLE_MONEY
        && !detail.endsWith(StripeMoney.NEGATIVE);
  }

  /// Turns what an event can't hold into the reason why it can't be understood.
  static Translation guarded(Supplier<Translation> meaning) {
    try {
      return meaning.get();
    } catch (UnreadableMoney e) {
      return new Translation.Untranslatable(
          DeadLetter.Why.UNREADABLE_MONEY, "the event holds " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return Translation.unreadable("the event holds an id that can't be one");
    }
  }

  private static Translation meaning(StripeEvent event) {
    StripeEventType type = StripeEventType.named(event.type()).orElse(null);
    if (type == null) {
      return Translation.unknownType();
    }
    if (event.thin()) {
      return event.relatedPath().isPresent()
          ? event.paymentUnknown("a thin event can't be fetched without an API key")
          : Translation.unreadable("the thin event doesn't name its object");
    }
    return switch (type.about()) {
      case SESSION -> CheckoutSessionEvents.translate(event);
      case INTENT -> PaymentIntentEvents.translate(event);
      case CHARGE -> ChargeEvents.translate(event);
      case REFUND -> RefundEvents.translate(event);
      case DISPUTE -> DisputeEvents.translate(event);
    };
  }
}
