package dev.quittance.receipts.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.receipts.Shop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
                Map.of(
                    refund,
                    new ReceiptSummary(MailStatus.SENT, Money.ofMinor(900, "EUR"), true, null))))
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

  /// It goes out as it is, and nothing plans again when it does.
  @Test
  void whatMayStillGoOutIsNotedWhatMayStillChangeIsNot() {
    for (MailStatus status : MailStatus.values()) {
      boolean fixed =
          switch (status) {
            case SENDING, RETRYING, SENT, UNDELIVERABLE -> true;
            case WAITING, DUE, SKIPPED -> false;
          };
      assertThat(
              SupportedAmounts.differing(
                  List.of(shop.paid(0, 3000)),
                  Map.of(payment, new ReceiptSummary(status, usd(9000), true, null))))
          .as(status.name())
          .isEqualTo(fixed ? Map.of(payment, usd(3000)) : Map.of());
    }
  }

  @Test
  void aRefundIsSupportedByWhatThoseBeforeItLeftOfThePayment() {
    ReceiptKey second = ReceiptKey.refund(shop.order(), "re_2");

    assertThat(
            SupportedAmounts.differing(
                List.of(
                    shop.paid(0, 3000),
                    shop.refund(2, "re_2", RefundStatus.SUCCEEDED, 2000),
                    shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 2000)),
                Map.of(refund, sent(2000), second, sent(2000))))
        .isEqualTo(Map.of(second, usd(1000)));
  }

  /// What the total's receipt said was taken back by the failed refund's correction.
  @Test
  void aTotalOfARefundThatFailedHasItsCorrectionAndIsNotListed() {
    assertThat(
            SupportedAmounts.differing(
                List.of(
                    shop.paid(0, 9000),
                    shop.refundTotal(1, 6000),
                    shop.refund(2, "re_1", RefundStatus.FAILED, 6000)),
                Map.of(
                    payment,
                    sent(9000),
                    total,
                    sent(6000),
                    ReceiptKey.correction(shop.order(), "re_1"),
                    sent(6000))))
        .isEmpty();
  }

  @Test
  void aTotalThatWasCorrectedIsNotListedForARefundThatGetsItsOwnReceipt() {
    var known =
        List.of(
            shop.paid(0, 9000),
            shop.refundTotal(1, 5000),
            shop.refund(2, "re_1", RefundStatus.SUCCEEDED, 5000),
            shop.refund(3, "re_2", RefundStatus.SUCCEEDED, 1000));
    var existing =
        Map.of(
            payment,
            sent(9000),
            total,
            sent(6000),
            ReceiptKey.amountCorrection(total, usd(5000), 1),
            sent(5000));

    assertThat(SupportedAmounts.differing(known, existing)).isEmpty();
    assertThat(
            ReceiptPlan.of(known, existing, ReceiptPlanTest.ON, Shop.NOON).written().stream()
                .map(Receipt::key))
        .containsExactly(ReceiptKey.refund(shop.order(), "re_2"));
  }

  @Test
  void aTotalThatWasCorrectedToLessIsListedWhenItIsThereAgain() {
    assertThat(
            SupportedAmounts.differing(
                List.of(shop.paid(0, 9000), shop.refundTotal(1, 6000)),
                Map.of(
                    payment,
                    sent(9000),
                    total,
                    sent(6000),
                    ReceiptKey.amountCorrection(total, usd(0), 1),
                    sent(0))))
        .isEqualTo(Map.of(total, usd(6000)));
  }

  /// Whatever is told, taken back and sent in whatever order: once an operator has had all that is
  /// wrong corrected, the customer was told of what was refunded, no more and no less.
  @Test
  void afterCorrectionsCustomersKnowWhatWasRefunded() {
    for (int seed = 0; seed < 1_000; seed++) {
      var random = new Random(seed);
      var known = new ArrayList<PaymentFact>(List.of(shop.paid(0, 5000)));
      var book = new HashMap<ReceiptKey, ReceiptSummary>();
      for (int second = 1; second < 12; second++) {
        PaymentFact taken = known.get(random.nextInt(known.size()));
        if (random.nextInt(4) == 0 && mayBeTakenBack(taken)) {
          known.remove(taken);
        } else {
          known.add(something(random, second));
        }
        plan(known, book);
        if (random.nextBoolean()) {
          ReceiptPlanTest.sendAll(book);
        }
        if (random.nextInt(4) == 0) {
          correctAll(known, book);
        }
      }
      for (int i = 0; i < 3; i++) {
        plan(known, book);
        ReceiptPlanTest.sendAll(book);
        ReceiptPlanTest.sendAll(book);
        correctAll(known, book);
      }

      assertThat(SupportedAmounts.differing(known, book)).as("seed %d", seed).isEmpty();
      assertThat(told(book))
          .as("seed %d: %s", seed, book)
          .isEqualTo(PaymentPicture.of(known).refunded());
    }
  }

  private PaymentFact something(Random random, int second) {
    int refund = random.nextInt(3);
    String id = "re_" + refund;
    long cents = 1000L + 700L * refund;
    return switch (random.nextInt(4)) {
      case 0 -> shop.refundTotal(second, 500L * (1 + random.nextInt(12)));
      case 1 -> shop.refund(second, id, RefundStatus.FAILED, cents);
      default -> shop.refund(second, id, RefundStatus.SUCCEEDED, cents);
    };
  }

  /// A refund that failed and is taken to have succeeded after all is another matter.
  private static boolean mayBeTakenBack(PaymentFact fact) {
    return switch (fact.event()) {
      case PaymentEvent.RefundTotalUpdated _ -> true;
      case PaymentEvent.RefundUpdated refund -> refund.status() == RefundStatus.SUCCEEDED;
      default -> false;
    };
  }

  private static void plan(List<PaymentFact> known, Map<ReceiptKey, ReceiptSummary> book) {
    Map<ReceiptKey, Money> differing = SupportedAmounts.differing(known, book);
    ReceiptPlan plan = ReceiptPlan.of(known, book, ReceiptPlanTest.ON, Shop.NOON);
    book.replaceAll((key, was) ->
        new ReceiptSummary(
            was.status(),
            was.amount(),
            was.drafted(),
            was.reason(),
            differing.get(key),
            was.numbered()));
    ReceiptPlanTest.apply(book, plan);
  }

  private static void correctAll(List<PaymentFact> known, Map<ReceiptKey, ReceiptSummary> book) {
    for (ReceiptKey key : List.copyOf(book.keySet())) {
      ReceiptSummary wrong = book.get(key);
      Money right = wrong == null ? null : wrong.supported();
      if (wrong != null && right != null && wrong.status() == MailStatus.SENT) {
        int nth =
            1
                + (int)
                    book.keySet().stream()
                        .filter(
                            other -> other.correctsAmountOf().filter(key.id()::equals).isPresent())
                        .count();
        book.put(
            ReceiptKey.amountCorrection(key, right, nth),
            new ReceiptSummary(MailStatus.SENT, right, true, null));
        book.put(key, new ReceiptSummary(wrong.status(), wrong.amount(), true, null));
      }
    }
    plan(known, book);
  }

  private static Money told(Map<ReceiptKey, ReceiptSummary> book) {
    var announced = new AnnouncedAmounts(book);
    long cents = 0;
    for (Map.Entry<ReceiptKey, ReceiptSummary> sent : book.entrySet()) {
      long amount = announced.amount(sent.getKey(), sent.getValue()).minorUnits();
      boolean takesBack =
          sent.getKey().kind() == Kind.CORRECTION && sent.getKey().correctsAmountOf().isEmpty();
      cents += sent.getKey().kind() == Kind.REFUND ? amount : takesBack ? -amount : 0;
    }
    return usd(cents);
  }

  private static ReceiptSummary sent(long cents) {
    return new ReceiptSummary(MailStatus.SENT, usd(cents), true, null);
  }

  private static Money usd(long cents) {
    return Money.ofMinor(cents, "USD");
  }
}
