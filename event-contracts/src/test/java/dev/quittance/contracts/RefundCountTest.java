package dev.quittance.contracts;

import static dev.quittance.contracts.Facts.at;
import static dev.quittance.contracts.Facts.captured;
import static dev.quittance.contracts.Facts.fact;
import static dev.quittance.contracts.Facts.paid;
import static dev.quittance.contracts.Facts.refund;
import static dev.quittance.contracts.Facts.refundIn;
import static dev.quittance.contracts.Facts.refundTotal;
import static dev.quittance.contracts.Facts.refundWithTransaction;
import static dev.quittance.contracts.Facts.said;
import static dev.quittance.contracts.Facts.session;
import static dev.quittance.contracts.Facts.usd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Which refund is the release of what was never captured, and which are listed as uncounted: what
/// a change to the code could get wrong without any other test noticing.
class RefundCountTest {

  private static final PaymentFact CHECKOUT =
      fact("s", new PaymentEvent.Pending(at(0), session(usd(10_000))));

  /// 100.00 USD, charged as 90.00 EUR.
  private static final PaymentFact CHARGED_IN_EUR =
      fact(
          "paid",
          new PaymentEvent.Succeeded(at(0), said(session(usd(10_000)), eur(9_000), null, null)));

  @Test
  void aRefundOfAnotherAmountIsNotTheReleaseThoughItCameFirst() {
    var count =
        count(
            CHECKOUT,
            captured(Origin.CHARGE, 10_000, 4_000, 1),
            refund("re_1", RefundStatus.SUCCEEDED, 500, 2),
            refund("re_rel", RefundStatus.SUCCEEDED, 6_000, 3));

    assertThat(count.release()).isEqualTo("re_rel");
    assertThat(count.refunded()).isEqualTo(usd(500));
  }

  @Test
  void aRefundOfAllThatWasPaidIsNotTheReleaseThoughItsAmountIsThat() {
    var count =
        count(
            CHECKOUT,
            captured(Origin.CHARGE, 10_000, 5_000, 1),
            fullRefund("re_1", 5_000, 2),
            refund("re_rel", RefundStatus.SUCCEEDED, 5_000, 3));

    assertThat(count.release()).isEqualTo("re_rel");
    assertThat(count.refunded()).isEqualTo(usd(5_000));
  }

  @Test
  void whereNothingWasLetGoNoneThatNamesItsTransactionIsTheRelease() {
    var nothingLetGo =
        fact(
            "captured",
            new PaymentEvent.Succeeded(
                at(1),
                said(
                    PaymentDetails.of(Origin.CHARGE, false, usd(10_000)),
                    null,
                    usd(5_000),
                    usd(0))));
    var transactions =
        List.of(refundWithTransaction("re_1", 5_000, 2), refundWithTransaction("re_2", 5_000, 3));

    assertThat(
            count(
                    CHECKOUT,
                    nothingLetGo,
                    refundTotal(0, 5_000, 3),
                    transactions.get(0),
                    transactions.get(1))
                .release())
        .isNull();
    assertThat(
            count(
                    CHECKOUT,
                    nothingLetGo,
                    refundTotal(0, 5_000, 4),
                    transactions.get(0),
                    refund("re_rel", RefundStatus.SUCCEEDED, 5_000, 4))
                .release())
        .isEqualTo("re_rel");
  }

  @Test
  void ofWhatTwoReportsLetGoTheLessCounts() {
    var count =
        count(
            CHECKOUT,
            captured(Origin.CHARGE, 10_000, 4_000, 1),
            captured(Origin.CHARGE, 10_000, 9_000, 2),
            refund("re_rel", RefundStatus.SUCCEEDED, 1_000, 3));

    assertThat(count.release()).isNull();
    assertThat(count.refunded()).isEqualTo(usd(1_000));
    assertThat(
            count(
                    CHECKOUT,
                    captured(Origin.CHARGE, 10_000, 4_000, 1),
                    captured(Origin.CHARGE, 10_000, 9_000, 2),
                    refund("re_1", RefundStatus.SUCCEEDED, 9_000, 3),
                    refund("re_rel", RefundStatus.SUCCEEDED, 1_000, 4))
                .release())
        .isEqualTo("re_rel");
  }

  @Test
  void whatCountsInTheOrdersCurrencyOrTheChargedOneIsNotListed() {
    var charged =
        fact(
            "refund-charged",
            new PaymentEvent.RefundUpdated(
                at(1),
                "re_1",
                RefundStatus.SUCCEEDED,
                Money.ofMinor(1_000, "GBP"),
                usd(1_200),
                false,
                null,
                null));

    assertThat(
            count(
                    CHARGED_IN_EUR,
                    refundIn(eur(900), "re_2", RefundStatus.SUCCEEDED, 2),
                    refundTotal(2_200, 3),
                    charged)
                .uncounted())
        .isEmpty();
  }

  @Test
  void ofForeignTotalsOneIsListedThatOfTheLastCurrencyAndTheMost() {
    assertThat(
            count(
                    paid(10_000),
                    total(Money.ofMinor(300, "GBP"), 1),
                    total(Money.ofMinor(700, "GBP"), 2),
                    total(Money.ofMinor(9_000, "CHF"), 3),
                    total(Money.ofMinor(0, "SEK"), 4))
                .uncounted())
        .containsExactly(new UncountedRefund(null, Money.ofMinor(700, "GBP")));
  }

  @Test
  void ofAPaymentThatIsNotThereNothingIsListed() {
    assertThat(count(CHECKOUT, refundIn(eur(100), "re_1", RefundStatus.SUCCEEDED, 1)).uncounted())
        .isEmpty();
  }

  /// Its share would be counted once by itself and once more by the total.
  @Test
  void aTotalInTheChargedCurrencyExplainsWhatSingleRefundsSayInEitherCurrency() {
    var pending =
        fact(
            "refund-pending",
            new PaymentEvent.RefundUpdated(
                at(1), "re_1", RefundStatus.PENDING, usd(5_000), null, false, null, null));

    assertThat(count(CHARGED_IN_EUR, pending, total(eur(4_500), 2)).refunded()).isEqualTo(usd(0));
    assertThat(count(CHARGED_IN_EUR, pending, total(eur(9_000), 2)).refunded())
        .isEqualTo(usd(5_000));
  }

  private static RefundCount count(PaymentFact... facts) {
    return Objects.requireNonNull(PaymentPicture.of(List.of(facts)).refundCount());
  }

  private static PaymentFact total(Money total, long minute) {
    return fact(
        "total-" + total + "-" + minute,
        new PaymentEvent.RefundTotalUpdated(at(minute), total, null));
  }

  private static PaymentFact fullRefund(String id, long amount, long minute) {
    return fact(
        "refund-" + id,
        new PaymentEvent.RefundUpdated(
            at(minute), id, RefundStatus.SUCCEEDED, usd(amount), null, true, null, null));
  }

  private static Money eur(long cents) {
    return Money.ofMinor(cents, "EUR");
  }
}
