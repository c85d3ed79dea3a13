package dev.quittance.receipts.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.receipts.Shop;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Which receipts went out with an amount that the facts don't support.
class SupportedAmountsTest {

  private final Shop shop = Shop.order("pi_1");
  private final ReceiptKey payment = ReceiptKey.payment(shop.order());
  private final ReceiptKey refund = ReceiptKey.refund(shop.order(), "re_1");
  private final ReceiptKey total = ReceiptKey.refundTotal(shop.order(), 6000);

  @Test
  void whatTheFactsSupportIsNotListed() {
    assertThat(
            SupportedAmounts.differing(
                List.of(shop.paid(0, 3000), shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000)),
                Map.of(payment, sent(3000), refund, sent(1000))))
        .isEmpty();
  }

  @Test
  void aPaymentOfAnotherAmountIsListedWithTheRightOne() {
    assertThat(
            SupportedAmounts.differing(List.of(shop.paid(0, 11500)), Map.of(payment, sent(10000))))
        .isEqualTo(Map.of(payment, usd(11500)));
  }

  @Test
  void aPaymentThatWasWithdrawnSupportsNothing() {
    assertThat(SupportedAmounts.differing(List.of(), Map.of(payment, sent(10000))))
        .isEqualTo(Map.of(payment, usd(0)));
  }

  @Test
  void aRefundThatNeverWasSupportsNothing() {
    assertThat(
            SupportedAmounts.differing(
                List.of(shop.paid(0, 3000)), Map.of(payment, sent(3000), refund, sent(1000))))
        .isEqualTo(Map.of(refund, usd(0)));
  }

  @Test
  void aRefundThatWasToldInAForeignCurrencySupportsNothingInThatOne() {
    assertThat(
            SupportedAmounts.differing(
                List.of(shop.paid(0, 3000)),
                Map.of(refund, new Standing(Status.SENT, Money.ofMinor(900, "EUR"), true, null))))
        .isEqualTo(Map.of(refund, Money.ofMinor(0, "EUR")));
  }

  @Test
  void aTotalIsSupportedByWhatSingleRefundsLeaveOfIt() {
    assertThat(
            SupportedAmounts.differing(
                List.of(shop.paid(0, 9000), shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 500)),
                Map.of(payment, sent(9000), refund, sent(500), total, sent(6000))))
        .isEqualTo(Map.of(total, usd(0)));
  }

  @Test
  void aRefundThatFailedHasItsCorrectionAndIsNotListed() {
    assertThat(
            SupportedAmounts.differing(
                List.of(shop.paid(0, 3000), shop.refund(1, "re_1", RefundStatus.FAILED, 1000)),
                Map.of(payment, sent(3000), refund, sent(1000))))
        .isEmpty();
  }

  @Test
  void whatDidNotGoOutIsNotListed() {
    assertThat(
            SupportedAmounts.differing(
                List.of(shop.paid(0, 3000)),
                Map.of(payment, new Standing(Status.UNDELIVERABLE, usd(9000), true, null))))
        .isEmpty();
  }

  private static Standing sent(long cents) {
    return new Standing(Status.SENT, usd(cents), true, null);
  }

  private static Money usd(long cents) {
    return Money.ofMinor(cents, "USD");
  }
}
