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
        .orElseGet(() -> StripeEvent.unreadable("the body is no event"));
  }

  /// What an event means as far as it says.
  static Translation translate(StripeEvent event) {
    if (!event.endpoint().mode().admits(event.livemode())) {
      return new Translation.Ignored("other_mode");
    }
    Optional<String> account = event.connectedAccount();
    if (account.isPresent()) {
      if (Connect.of(event.endpoint()) == Connect.IGNORE) {
        return new Translation.Ignored("connected_account");
      }
      if (!Connect.isAccount(account.get())) {
        return StripeEvent.unreadable("the event's account is none");
      }
    }
    Translation said = guarded(() -> meaning(event));
    return amountIsMissing(said)
            && event.canAsk()
            && !event.fetched()
            && event.objectPath().isPresent()
        ? new Translation.Open(List.of())
        : said;
  }

  /// Whether the object has to be asked for anew, because the amount that it can't be without is
  /// missing in the event. One that is negative isn't missing.
  static boolean lacksAmount(StripeEvent event) {
    return !event.fetched()
        && event.objectPath().isPresent()
        && amountIsMissing(guarded(() -> meaning(event)));
  }

  private static boolean amountIsMissing(Translation said) {
    return said instanceof Translation.Untranslatable(var why, var detail)
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
      return StripeEvent.unreadable("the event holds an id that can't be one");
    }
  }

  private static Translation meaning(StripeEvent event) {
    StripeEventType type = StripeEventType.named(event.type()).orElse(null);
    if (type == null) {
      return new Translation.Ignored("unknown_type");
    }
    if (event.thin()) {
      return event.relatedPath().isPresent()
          ? event.paymentUnknown("a thin event can't be fetched without an API key")
          : StripeEvent.unreadable("the thin event doesn't name its object");
    }
    return switch (type.about()) {
      case SESSION -> CheckoutSessions.translate(event);
      case INTENT -> PaymentIntents.translate(event);
      case CHARGE -> Charges.translate(event);
      case REFUND -> Refunds.translate(event);
      case DISPUTE -> Disputes.translate(event);
    };
  }
}
