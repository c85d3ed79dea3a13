package dev.quittance.ingest.provider.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Money;
import dev.quittance.ingest.provider.Refunds;
import dev.quittance.ingest.provider.Refunds.Outcome;
import dev.quittance.ingest.provider.Refunds.Request;
import dev.quittance.ingest.provider.Refunds.Why;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Refunds through the official client, over HTTP.
class StripeRefundsTest {

  private static final String PAYMENT = "/v1/payment_intents/pi_1";
  private static final String REFUNDS = "/v1/refunds";

  private final FakeStripe stripe = new FakeStripe();
  private final Refunds refunds = new Stripe().refunds(stripe.endpoint("stripe")).orElseThrow();

  @BeforeEach
  void aPaymentOfThirtyDollars() {
    stripe.object(PAYMENT, "{\"id\": \"pi_1\", \"currency\": \"usd\", \"amount_received\": 3000}");
    stripe.object(
        REFUNDS,
        "{\"id\": \"re_1\", \"status\": \"succeeded\", \"amount\": 1000, \"currency\": \"usd\"}");
  }

  @AfterEach
  void close() {
    stripe.close();
  }

  @Test
  void aPartIsAskedForWithItsKeyReasonAndNote() {
    Outcome outcome =
        refunds.refund(
            new Request(
                "pi_1", null, Money.ofMinor(1000, "USD"), Why.DUPLICATE, "twice & more", "key-1"));

    assertThat(outcome)
        .isEqualTo(new Outcome.Asked("re_1", "succeeded", Money.ofMinor(1000, "USD")));
    assertThat(stripe.posted())
        .containsExactly(
            "key-1 payment_intent=pi_1&amount=1000&reason=duplicate&metadata[note]=twice & more");
  }

  @Test
  void allThatIsLeftIsAskedForWithoutAnAmount() {
    assertThat(refunds.refund(request("pi_1", null))).isInstanceOf(Outcome.Asked.class);

    assertThat(stripe.posted())
        .containsExactly("key payment_intent=pi_1&reason=requested_by_customer");
  }

  @Test
  void aLoneChargeIsRefundedByItself() {
    refunds.refund(request("ch_1", null));

    assertThat(stripe.posted()).containsExactly("key charge=ch_1&reason=requested_by_customer");
  }

  @Test
  void noMoneyMovesForAnotherCurrencyOrMoreThanWasPaid() {
    assertThat(code(refunds.refund(request("pi_1", Money.ofMinor(1000, "EUR")))))
        .isEqualTo("other_currency");
    assertThat(code(refunds.refund(request("pi_1", Money.ofMinor(3001, "USD")))))
        .isEqualTo("amount_too_large");
    assertThat(stripe.posted()).isEmpty();
  }

  @Test
  void whatIsNoPaymentIsNotAskedFor() {
    for (String reference : new String[] {"cs_test_1", "sub_1", "pi_1/../../charges", "pi_"}) {
      assertThat(code(refunds.refund(request(reference, null)))).isEqualTo("no_payment");
    }
    assertThat(stripe.requests()).isEmpty();
  }

  @Test
  void stripesRefusalIsHandedOnInItsOwnWords() {
    stripe.fail(REFUNDS, 400);

    assertThat(refunds.refund(request("pi_1", null)))
        .isEqualTo(new Outcome.Refused("no_code", "no"));
  }

  @Test
  void aKeyThatMayNotRefundIsTold() {
    stripe.fail(REFUNDS, 403);

    assertThat(refunds.refund(request("pi_1", null))).isEqualTo(new Outcome.NotAllowed());
  }

  @Test
  void whatWasNotAskedYetIsToldFromWhatMayHaveHappened() {
    Money part = Money.ofMinor(1000, "USD");
    stripe.fail(PAYMENT, 503);
    assertThat(refunds.refund(request("pi_1", part))).isEqualTo(new Outcome.NotNow("status_503"));
    stripe.heal(PAYMENT);

    stripe.fail(REFUNDS, 429);
    assertThat(refunds.refund(request("pi_1", part))).isEqualTo(new Outcome.NotNow("status_429"));
    stripe.fail(REFUNDS, 500);
    assertThat(refunds.refund(request("pi_1", part))).isEqualTo(new Outcome.Unknown());
    stripe.heal(REFUNDS);

    stripe.hang(REFUNDS);
    assertThat(refunds.refund(request("pi_1", part))).isEqualTo(new Outcome.Unknown());
  }

  @Test
  void amountsAreWrittenAsStripeCountsThem() {
    assertThat(StripeMoney.units(Money.ofMinor(500, "JPY"))).isEqualTo(500);
    assertThat(StripeMoney.units(Money.ofMinor(500, "ISK"))).isEqualTo(50_000);
    assertThat(StripeMoney.units(Money.ofMinor(1_230, "KWD"))).isEqualTo(1_230);
  }

  private static Request request(String reference, @Nullable Money amount) {
    return new Request(reference, null, amount, Why.REQUESTED_BY_CUSTOMER, null, "key");
  }

  private static @Nullable String code(Outcome outcome) {
    return outcome instanceof Outcome.Refused(var code, var sentence)
        ? Objects.requireNonNull(sentence).isBlank() ? null : code
        : null;
  }
}
