package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Refunds;
import dev.quittance.ingest.provider.stripe.StripeApi.Unavailable;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Refunds by `POST /v1/refunds`.
final class StripeRefunds implements Refunds {

  /// Ids go into a path.
  private static final Pattern PAYMENT = Pattern.compile("(pi|ch|py)_[A-Za-z0-9_]{1,250}");

  /// Enough of Stripe's sentence; the longest on record has some 200 characters.
  private static final int SENTENCE_LENGTH_MAX = 500;

  private final StripeApi own;
  private final boolean takesConnected;

  StripeRefunds(StripeApi own, boolean takesConnected) {
    this.own = own;
    this.takesConnected = takesConnected;
  }

  /// A part is compared with the payment first, because Stripe takes an amount without currency:
  /// ten euros must not become ten dollars. How much is left only Stripe can tell, in the same step
  /// in which it refunds; a check here would refuse the repetition of a refund that took the rest.
  @Override
  public Outcome refund(Request request) {
    String reference = request.paymentReference();
    if (!PAYMENT.matcher(reference).matches()) {
      return new Outcome.Refused(
          "no_payment", "This order has no PaymentIntent and no charge that could be refunded.");
    }
    String account = request.connectedAccount();
    if (account != null && !(takesConnected && ConnectedAccounts.isAccount(account))) {
      return new Outcome.Refused(
          "other_account", "This endpoint doesn't take payments of connected accounts.");
    }
    return refund(request, reference, own.in(account));
  }

  private static Outcome refund(Request request, String reference, StripeApi api) {
    boolean intent = reference.startsWith("pi_");
    try {
      Money amount = request.amount();
      if (amount != null) {
        String kind = intent ? "payment_intents" : "charges";
        Outcome refusal = misfit(amount, api.get("/v1/" + kind + "/" + reference));
        if (refusal != null) {
          return refusal;
        }
      }
    } catch (StripeApi.Refused e) {
      return refused(e);
    } catch (Unavailable e) {
      // nothing was asked for yet
      return new Outcome.NotNow(e.why());
    }
    try {
      return asked(
          api.post(
              "/v1/refunds",
              parameters(request, intent ? "payment_intent" : "charge"),
              request.idempotencyKey()));
    } catch (StripeApi.Refused e) {
      return refused(e);
    } catch (Unavailable e) {
      return e.why().equals("status_429") || e.why().equals("status_409")
          ? new Outcome.NotNow(e.why())
          : new Outcome.Unknown();
    }
  }

  private static @Nullable Outcome misfit(Money amount, Fields payment) {
    String currency = payment.text("currency");
    if (currency == null || !amount.currency().getCurrencyCode().equalsIgnoreCase(currency)) {
      return new Outcome.Refused(
          "other_currency", "The payment was made in another currency than this amount.");
    }
    BigDecimal paid = payment.decimal("amount_received");
    BigDecimal most = paid != null ? paid : payment.decimal("amount_captured");
    try {
      return most != null && BigDecimal.valueOf(StripeMoney.units(amount)).compareTo(most) > 0
          ? new Outcome.Refused("amount_too_large", "That is more than was paid.")
          : null;
    } catch (ArithmeticException e) {
      return new Outcome.Refused(
          "amount_not_possible", "The provider can't refund this fraction of the currency.");
    }
  }

  private static Map<String, String> parameters(Request request, String kind) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put(kind, request.paymentReference());
    if (request.amount() != null) {
      parameters.put("amount", Long.toString(StripeMoney.units(request.amount())));
    }
    parameters.put("reason", request.why().name().toLowerCase(Locale.ROOT));
    if (request.note() != null && !request.note().isBlank()) {
      parameters.put("metadata[note]", request.note());
    }
    return parameters;
  }

  private static Outcome asked(Fields refund) {
    String id = refund.text("id");
    Money amount;
    try {
      amount = StripeMoney.read(refund, "amount", "currency");
    } catch (UnreadableMoney e) {
      amount = null;
    }
    return id == null || amount == null
        ? new Outcome.Unknown()
        : new Outcome.Asked(
            id, Objects.requireNonNullElse(refund.text("status"), "pending"), amount);
  }

  private static Outcome refused(StripeApi.Refused refused) {
    if (refused.status() == 401 || refused.status() == 403) {
      return new Outcome.NotAllowed();
    }
    String code =
        Objects.requireNonNullElse(
            refused.code(), refused.status() == 404 ? "payment_unknown" : "refused");
    String said =
        Objects.requireNonNullElse(refused.said(), "The provider refuses it without a reason.");
    return new Outcome.Refused(code, CodePoints.cut(said, SENTENCE_LENGTH_MAX));
  }
}
