package dev.quittance.contracts;

import static dev.quittance.contracts.Facts.at;
import static dev.quittance.contracts.Facts.captured;
import static dev.quittance.contracts.Facts.charge;
import static dev.quittance.contracts.Facts.dispute;
import static dev.quittance.contracts.Facts.fact;
import static dev.quittance.contracts.Facts.intent;
import static dev.quittance.contracts.Facts.items;
import static dev.quittance.contracts.Facts.paid;
import static dev.quittance.contracts.Facts.refund;
import static dev.quittance.contracts.Facts.refundIn;
import static dev.quittance.contracts.Facts.refundTotal;
import static dev.quittance.contracts.Facts.refundWithTransaction;
import static dev.quittance.contracts.Facts.reversed;
import static dev.quittance.contracts.Facts.said;
import static dev.quittance.contracts.Facts.session;
import static dev.quittance.contracts.Facts.succeeded;
import static dev.quittance.contracts.Facts.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentPicture.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PaymentPictureTest {

  private static final PaymentFact ATTEMPT_FAILED =
      fact("a", new PaymentEvent.AttemptFailed(at(9), intent(usd(1)), Reason.of("card_declined")));
  private static final PaymentFact PENDING =
      fact("b", new PaymentEvent.Pending(at(8), intent(usd(1))));
  private static final PaymentFact FAILED =
      fact("c", new PaymentEvent.Failed(at(7), intent(usd(1)), Reason.of("bank_refused")));
  private static final PaymentFact CANCELED =
      fact("d", new PaymentEvent.Canceled(at(6), intent(usd(1)), Reason.of("expired")));
  private static final PaymentFact SUCCEEDED =
      fact("e", new PaymentEvent.Succeeded(at(5), intent(usd(1))));

  @Test
  void ofACheckoutThatIsCapturedInPartOnlyThePartIsPaid() {
    var checkout = fact("s", new PaymentEvent.Pending(at(1), session(usd(5_000))));
    var captured = fact("i", new PaymentEvent.Succeeded(at(2), intent(usd(3_000))));
    var refunded = refund("re_1", RefundStatus.SUCCEEDED, 3_000, 3);

    PaymentPicture picture = PaymentPicture.of(List.of(refunded, captured, checkout));

    assertThat(picture.amount()).isEqualTo(usd(5_000));
    assertThat(picture.paid()).isEqualTo(usd(3_000));
    assertThat(picture.fullyRefunded()).isTrue();
  }

  @Test
  void nothingShipsBeforeItIsKnownHowMuchWasPaid() {
    var untold =
        fact(
            "s", new PaymentEvent.Succeeded(at(1), PaymentDetails.of(Origin.CHECKOUT, true, null)));
    var settled = items(ItemsState.UNKNOWN, 2);
    var told = fact("i", new PaymentEvent.Succeeded(at(3), intent(usd(3_000))));

    assertThat(PaymentPicture.of(List.of(untold, settled)).complete()).isFalse();
    assertThat(PaymentPicture.of(List.of(untold, settled, told)).complete()).isTrue();
  }

  /// Money that was there and is gone again.
  @Nested
  class Reversed {

    private static final PaymentFact CHECKOUT =
        fact("s", new PaymentEvent.Succeeded(at(5), session(usd(3_000))));
    private static final PaymentFact FIRST = succeeded("py_1", 3_000, 5);
    private static final PaymentFact SECOND = succeeded("py_2", 2_500, 9);
    private static final PaymentFact BOUNCED = reversed("py_1", 7);

    private static Standing standing(PaymentFact... facts) {
      return PaymentPicture.of(List.of(facts)).standing();
    }

    @Test
    void itOutweighsTheSuccessOfItsAttemptWheneverEitherWasSaid() {
      PaymentPicture picture = PaymentPicture.of(List.of(BOUNCED, FIRST));

      assertThat(picture.standing()).isEqualTo(Standing.REVERSED);
      assertThat(picture.funded()).isFalse();
      assertThat(picture.failure()).isEqualTo(Reason.of("insufficient_funds"));
      assertThat(standing(succeeded("py_1", 3_000, 8), BOUNCED)).isEqualTo(Standing.REVERSED);
      assertThat(standing(FIRST, BOUNCED, PENDING, CANCELED)).isEqualTo(Standing.REVERSED);
    }

    @Test
    void itDoesNotTouchAnotherAttempt() {
      PaymentPicture picture = PaymentPicture.of(List.of(CHECKOUT, FIRST, BOUNCED, SECOND));

      assertThat(picture.standing()).isEqualTo(Standing.SUCCEEDED);
      assertThat(picture.paid()).isEqualTo(usd(2_500));
      assertThat(picture.failure()).isNull();
      assertThat(picture.reversal()).isEqualTo(BOUNCED.event());
      assertThat(standing(reversed("py_2", 7), FIRST)).isEqualTo(Standing.SUCCEEDED);
    }

    @Test
    void aSuccessThatNamesNoAttemptIsItsUnlessItHappenedAfterIt() {
      var later = fact("s", new PaymentEvent.Succeeded(at(8), session(usd(3_000))));
      var atOnce = fact("s", new PaymentEvent.Succeeded(at(7), session(usd(3_000))));

      assertThat(standing(CHECKOUT, BOUNCED)).isEqualTo(Standing.REVERSED);
      assertThat(standing(atOnce, BOUNCED)).isEqualTo(Standing.REVERSED);
      assertThat(standing(later, BOUNCED)).isEqualTo(Standing.SUCCEEDED);
    }

    @Test
    void oneThatNamesNoAttemptTakesWhatSucceededUpToThen() {
      assertThat(standing(CHECKOUT, FIRST, reversed(null, 7))).isEqualTo(Standing.REVERSED);
      assertThat(standing(FIRST, reversed(null, 7), SECOND)).isEqualTo(Standing.SUCCEEDED);
      assertThat(standing(FIRST, reversed(null, 7), SECOND, reversed(null, 9)))
          .isEqualTo(Standing.REVERSED);
    }

    @Test
    void whereNothingHadSucceededThereIsNothingToTakeBack() {
      assertThat(standing(BOUNCED)).isEqualTo(Standing.NONE);
      assertThat(standing(BOUNCED, ATTEMPT_FAILED)).isEqualTo(Standing.ATTEMPT_FAILED);
      assertThat(standing(BOUNCED, PENDING)).isEqualTo(Standing.PENDING);
      assertThat(PaymentPicture.of(List.of(BOUNCED, FAILED)).reversal()).isNull();
    }

    @Test
    void whatWasPaidAndRefundedStaysKnown() {
      var captured =
          fact(
              "c",
              new PaymentEvent.Succeeded(
                  at(5), said(charge(usd(3_000)), null, usd(1_000), null), "py_1"));
      var refunded = refund("re_1", RefundStatus.SUCCEEDED, 400, 6);

      PaymentPicture picture = PaymentPicture.of(List.of(refunded, BOUNCED, captured));

      assertThat(picture.standing()).isEqualTo(Standing.REVERSED);
      assertThat(picture.amount()).isEqualTo(usd(3_000));
      assertThat(picture.paid()).isEqualTo(usd(1_000));
      assertThat(picture.refunded()).isEqualTo(usd(400));
    }
  }

  /// What was received: less than what was agreed, or more.
  @Nested
  class Received {

    private static final PaymentFact CHECKOUT =
        fact("s", new PaymentEvent.Pending(at(0), session(usd(10_000))));

    @Test
    void whatWasReceivedIsWhatWasPaidAlsoAboveWhatWasAgreed() {
      var picture =
          PaymentPicture.of(List.of(CHECKOUT, captured(Origin.PAYMENT, 10_000, 11_500, 1)));

      assertThat(picture.amount()).isEqualTo(usd(10_000));
      assertThat(picture.paid()).isEqualTo(usd(11_500));
      assertThat(
              PaymentPicture.of(
                      List.of(
                          CHECKOUT,
                          captured(Origin.PAYMENT, 10_000, 11_500, 1),
                          refund("re_1", RefundStatus.SUCCEEDED, 10_000, 2)))
                  .fullyRefunded())
          .isFalse();
    }

    @Test
    void whereThePaymentCarriesTheOrderWhatWasAgreedStays() {
      var picture = PaymentPicture.of(List.of(captured(Origin.PAYMENT, 10_000, 4_000, 1)));

      assertThat(picture.amount()).isEqualTo(usd(10_000));
      assertThat(picture.paid()).isEqualTo(usd(4_000));
    }

    /// An own system may put an amount right.
    @Test
    void whereOnlyWhatWasAgreedIsToldTheLastWordCounts() {
      var wrong = fact("a", new PaymentEvent.Succeeded(at(1), session(usd(5_000))));
      var right = fact("b", new PaymentEvent.Succeeded(at(2), session(usd(3_000))));

      PaymentPicture picture = PaymentPicture.of(List.of(right, wrong));

      assertThat(picture.amount()).isEqualTo(usd(3_000));
      assertThat(picture.paid()).isEqualTo(usd(3_000));
    }

    @Test
    void soDoesTheLastWordOfACheckoutOnWhatWasReceived() {
      var wrong = fact("a", new PaymentEvent.Succeeded(at(1), received(6_600)));
      var right = fact("b", new PaymentEvent.Succeeded(at(2), received(6_240)));
      var silent = fact("c", new PaymentEvent.Succeeded(at(3), session(usd(6_240))));
      var nothing = fact("d", new PaymentEvent.Succeeded(at(4), received(0)));

      assertThat(PaymentPicture.of(List.of(right, wrong)).paid()).isEqualTo(usd(6_240));
      assertThat(PaymentPicture.of(List.of(silent, wrong)).paid()).isEqualTo(usd(6_240));
      assertThat(PaymentPicture.of(List.of(nothing, right, wrong)).paid()).isEqualTo(usd(0));
    }

    /// A checkout that needed no payment then, and was paid after all.
    @Test
    void whatCameInLaterGoesBeforeACheckoutsWordThatNothingDid() {
      var nothing = fact("a", new PaymentEvent.Succeeded(at(1), received(0)));

      assertThat(
              PaymentPicture.of(List.of(nothing, captured(Origin.PAYMENT, 6_240, 6_240, 2))).paid())
          .isEqualTo(usd(6_240));
    }

    private static PaymentDetails received(long cents) {
      return said(session(usd(6_240)), null, usd(cents), null);
    }

    @Test
    void furtherCapturesAddUp() {
      var first = captured(Origin.CHARGE, 10_000, 4_000, 1);
      var second = captured(Origin.CHARGE, 10_000, 9_000, 2);

      assertThat(PaymentPicture.of(List.of(CHECKOUT, first)).paid()).isEqualTo(usd(4_000));
      assertThat(PaymentPicture.of(List.of(second, CHECKOUT, first)).paid()).isEqualTo(usd(9_000));
    }
  }

  /// A part that was authorized and never captured is let go; Stripe tells it as a refund.
  @Nested
  class Released {

    private static final PaymentFact CHECKOUT =
        fact("s", new PaymentEvent.Pending(at(0), session(usd(10_000))));
    private static final PaymentFact CAPTURED = captured(Origin.CHARGE, 10_000, 4_000, 1);
    private static final PaymentFact RELEASE = refund("re_rel", RefundStatus.SUCCEEDED, 6_000, 1);

    @Test
    void theReleaseAloneIsNoRefund() {
      for (var facts :
          List.of(
              List.of(CHECKOUT, CAPTURED, RELEASE),
              List.of(RELEASE, refundTotal(0, 6_000, 1), CAPTURED, CHECKOUT),
              List.of(CHECKOUT, captured(Origin.PAYMENT, 10_000, 4_000, 1), RELEASE))) {
        var picture = PaymentPicture.of(facts);

        assertThat(picture.refunded()).isEqualTo(usd(0));
        assertThat(count(picture).release()).isEqualTo("re_rel");
      }
    }

    @Test
    void ofReleaseAndRefundOnlyTheRefundCounts() {
      var refund = refund("re_1", RefundStatus.SUCCEEDED, 500, 2);

      for (var facts :
          List.of(
              List.of(CHECKOUT, CAPTURED, RELEASE, refund),
              List.of(refundTotal(500, 6_000, 2), refund, RELEASE, CAPTURED, CHECKOUT),
              List.of(CHECKOUT, CAPTURED, refundTotal(500, 6_000, 2)))) {
        assertThat(PaymentPicture.of(facts).refunded()).isEqualTo(usd(500));
      }
    }

    @Test
    void allThatWasCapturedCanStillGoBack() {
      var picture =
          PaymentPicture.of(
              List.of(
                  CHECKOUT,
                  CAPTURED,
                  RELEASE,
                  refund("re_1", RefundStatus.SUCCEEDED, 4_000, 2),
                  refundTotal(4_000, 6_000, 2)));

      assertThat(picture.refunded()).isEqualTo(usd(4_000));
      assertThat(picture.fullyRefunded()).isTrue();
    }

    @Test
    void oneThatNamesItsTransactionIsItOnlyIfNoOtherCanBe() {
      var captured = captured(Origin.CHARGE, 10_000, 5_000, 1);
      var real = refundWithTransaction("re_1", 5_000, 2);
      var release = refund("re_rel", RefundStatus.SUCCEEDED, 5_000, 3);

      var picture = PaymentPicture.of(List.of(CHECKOUT, captured, real, release));

      assertThat(count(picture).release()).isEqualTo("re_rel");
      assertThat(picture.refunded()).isEqualTo(usd(5_000));
      assertThat(count(PaymentPicture.of(List.of(CHECKOUT, captured, real))).release()).isNull();
    }

    /// Stripe's support speaks of a transaction for what is reversed on a capture in part.
    @Test
    void aReleaseThatNamesATransactionIsNoRefundEither() {
      var release = refundWithTransaction("re_rel", 6_000, 1);
      var refund = refundWithTransaction("re_1", 500, 2);

      for (var facts :
          List.of(
              List.of(CHECKOUT, CAPTURED, release, refund),
              List.of(refundTotal(500, 6_000, 2), refund, release, CAPTURED, CHECKOUT))) {
        PaymentPicture picture = PaymentPicture.of(facts);

        assertThat(picture.refunded()).isEqualTo(usd(500));
        assertThat(count(picture).release()).isEqualTo("re_rel");
      }
    }

    @Test
    void whatOneReportOfARefundSaidOfItsTransactionCountsForAll() {
      var captured = captured(Origin.CHARGE, 10_000, 5_000, 1);
      var before = refundWithTransaction("re_1", 5_000, 2);
      var after = refund("re_1", RefundStatus.SUCCEEDED, 5_000, 3);
      var release = refund("re_rel", RefundStatus.SUCCEEDED, 5_000, 4);

      assertThat(
              count(PaymentPicture.of(List.of(CHECKOUT, captured, after, before, release)))
                  .release())
          .isEqualTo("re_rel");
    }

    /// Endpoints of an old version take a refund for the release that shops of a new one never get.
    @Test
    void whereNothingWasLetGoAtTheCaptureARefundOfThatAmountIsOne() {
      var captured = capturedWithoutRelease(10_000, 5_000);
      var refund = refundWithTransaction("re_1", 5_000, 2);
      var total = refundTotal(0, 5_000, 2);

      for (var facts :
          List.of(
              List.of(CHECKOUT, captured, refund, total),
              List.of(total, captured, CHECKOUT),
              List.of(CHECKOUT, captured, captured(Origin.PAYMENT, 10_000, 5_000, 1), refund))) {
        assertThat(PaymentPicture.of(facts).fullyRefunded()).isTrue();
      }
    }

    @Test
    void whatIsMoreThanWasCapturedContainsAReleaseWhateverWasSaidAtTheCapture() {
      var picture =
          PaymentPicture.of(
              List.of(
                  CHECKOUT,
                  capturedWithoutRelease(10_000, 4_000),
                  refund("re_rel", RefundStatus.SUCCEEDED, 6_000, 2),
                  refundTotal(500, 6_000, 3)));

      assertThat(count(picture).release()).isEqualTo("re_rel");
      assertThat(picture.refunded()).isEqualTo(usd(500));
    }

    @Test
    void anEarlierCaptureSaysNothingOfWhatTheLastOneLeft() {
      var picture =
          PaymentPicture.of(
              List.of(
                  CHECKOUT,
                  capturedWithoutRelease(10_000, 4_000),
                  captured(Origin.CHARGE, 10_000, 7_000, 2),
                  refund("re_rel", RefundStatus.SUCCEEDED, 3_000, 2),
                  refundTotal(0, 3_000, 2)));

      assertThat(picture.refunded()).isEqualTo(usd(0));
    }

    private static PaymentFact capturedWithoutRelease(long agreed, long received) {
      return fact(
          "captured-without-release",
          new PaymentEvent.Succeeded(
              at(1), said(charge(usd(agreed)), null, usd(received), usd(0))));
    }

    @Test
    void atMostOneIsTheReleaseTheEarliest() {
      var picture =
          PaymentPicture.of(
              List.of(
                  CHECKOUT,
                  captured(Origin.CHARGE, 10_000, 5_000, 1),
                  refund("re_z", RefundStatus.SUCCEEDED, 5_000, 1),
                  refund("re_a", RefundStatus.SUCCEEDED, 5_000, 2)));

      assertThat(count(picture).release()).isEqualTo("re_z");
      assertThat(picture.fullyRefunded()).isTrue();
    }

    @Test
    void aRefundThatTheTotalAccountsForIsNotTheRelease() {
      var picture =
          PaymentPicture.of(
              List.of(
                  CHECKOUT,
                  captured(Origin.CHARGE, 10_000, 7_000, 1),
                  refund("re_1", RefundStatus.SUCCEEDED, 3_000, 2),
                  refundTotal(3_000, 3_000, 2)));

      assertThat(count(picture).release()).isNull();
      assertThat(picture.refunded()).isEqualTo(usd(3_000));
    }

    @Test
    void eachFurtherCaptureLeavesLessToRelease() {
      var picture =
          PaymentPicture.of(
              List.of(
                  CHECKOUT,
                  CAPTURED,
                  captured(Origin.CHARGE, 10_000, 9_000, 2),
                  refund("re_rel", RefundStatus.SUCCEEDED, 1_000, 2),
                  refundTotal(0, 1_000, 2)));

      assertThat(picture.paid()).isEqualTo(usd(9_000));
      assertThat(picture.refunded()).isEqualTo(usd(0));
    }

    @Test
    void aTotalOfAnOldVersionIsCorrectedByWhatThePaymentReceived() {
      var picture =
          PaymentPicture.of(
              List.of(CHECKOUT, captured(Origin.PAYMENT, 10_000, 4_000, 1), refundTotal(6_500, 2)));

      assertThat(picture.refunded()).isEqualTo(usd(500));
    }
  }

  /// Refunds told in another currency than the order's.
  @Nested
  class OtherCurrencies {

    /// 100.00 USD, charged as 90.00 EUR.
    private static final PaymentFact PAID =
        fact(
            "paid",
            new PaymentEvent.Succeeded(
                at(0), said(session(usd(10_000)), Money.ofMinor(9_000, "EUR"), null, null)));

    private static PaymentFact eur(String id, RefundStatus status, long cents, long minute) {
      return refundIn(Money.ofMinor(cents, "EUR"), id, status, minute);
    }

    @Test
    void aRefundInTheChargedCurrencyCountsByItsShare() {
      var picture = PaymentPicture.of(List.of(PAID, eur("re_1", RefundStatus.SUCCEEDED, 4_500, 1)));

      assertThat(picture.refunded()).isEqualTo(usd(5_000));
      assertThat(count(picture).uncounted()).isEmpty();
    }

    @Test
    void allThatWasChargedIsAllOfThePayment() {
      assertThat(
              PaymentPicture.of(List.of(PAID, eur("re_1", RefundStatus.SUCCEEDED, 9_000, 1)))
                  .fullyRefunded())
          .isTrue();
    }

    @Test
    void sharesAreRoundedHalfUpOnTheRunningSumByTimeAndId() {
      var picture =
          PaymentPicture.of(
              List.of(
                  eur("re_c", RefundStatus.SUCCEEDED, 3_001, 2),
                  eur("re_b", RefundStatus.SUCCEEDED, 3_001, 1),
                  eur("re_a", RefundStatus.SUCCEEDED, 2_998, 1),
                  PAID));

      // 33.311… and 66.655… and 100
      assertThat(count(picture).amounts())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("re_a", usd(3_331), "re_b", usd(3_335), "re_c", usd(3_334)));
      assertThat(picture.fullyRefunded()).isTrue();
    }

    @Test
    void aFailedOneTakesNoPartInTheRunningSum() {
      var picture =
          PaymentPicture.of(
              List.of(
                  PAID,
                  eur("re_1", RefundStatus.FAILED, 9_000, 1),
                  eur("re_2", RefundStatus.SUCCEEDED, 4_500, 2)));

      assertThat(picture.refunded()).isEqualTo(usd(5_000));
    }

    @Test
    void oneInAForeignCurrencyIsLeftOutAndListed() {
      var pounds = refundIn(Money.ofMinor(4_000, "GBP"), "re_1", RefundStatus.SUCCEEDED, 1);
      var failed = refundIn(Money.ofMinor(4_000, "GBP"), "re_2", RefundStatus.FAILED, 1);

      var picture = PaymentPicture.of(List.of(pounds, failed, PAID));

      assertThat(picture.refunded()).isEqualTo(usd(0));
      assertThat(count(picture).uncounted())
          .containsExactly(new UncountedRefund("re_1", Money.ofMinor(4_000, "GBP")));
    }

    @Test
    void beforeItsPaymentItIsNoReasonForAlarm() {
      var early = eur("re_1", RefundStatus.SUCCEEDED, 4_500, 1);
      var pending = fact("p", new PaymentEvent.Pending(at(0), session(usd(10_000))));

      assertThat(PaymentPicture.of(List.of(early)).refundCount()).isNull();
      assertThat(count(PaymentPicture.of(List.of(early, pending))).uncounted()).isEmpty();
    }

    @Test
    void aTotalInTheChargedCurrencyCountsForWhatNoSingleRefundExplains() {
      var total =
          fact("t", new PaymentEvent.RefundTotalUpdated(at(2), Money.ofMinor(6_000, "EUR"), null));

      assertThat(PaymentPicture.of(List.of(PAID, total)).refunded()).isEqualTo(usd(6_667));
      assertThat(
              PaymentPicture.of(List.of(PAID, total, eur("re_1", RefundStatus.SUCCEEDED, 6_000, 1)))
                  .refunded())
          .isEqualTo(usd(6_667));
    }
  }

  /// What totals tell of beside refunds that failed.
  @Nested
  class TotalsAfterFailures {

    private static final PaymentFact FAILED_ONE = refund("re_1", RefundStatus.FAILED, 1_000, 2);

    @Test
    void aTotalFromBeforeTheFailureIsExplainedByWhatFailed() {
      assertThat(refunded(refundTotal(1_000, 1), FAILED_ONE)).isEqualTo(usd(0));
      assertThat(refunded(refundTotal(1_000, 2), FAILED_ONE)).isEqualTo(usd(0));
    }

    @Test
    void oneFromAfterItTellsOfAnotherRefund() {
      assertThat(refunded(refundTotal(1_000, 1), FAILED_ONE, refundTotal(1_000, 3)))
          .isEqualTo(usd(1_000));
      assertThat(refunded(FAILED_ONE, refundTotal(700, 3))).isEqualTo(usd(700));
      assertThat(refunded(refundTotal(1_000, 1), FAILED_ONE, refundTotal(3_000, 3)))
          .isEqualTo(usd(3_000));
    }

    @Test
    void theRefundItselfIsNotCountedTwice() {
      assertThat(
              refunded(
                  FAILED_ONE,
                  refundTotal(1_000, 3),
                  refund("re_2", RefundStatus.SUCCEEDED, 1_000, 3)))
          .isEqualTo(usd(1_000));
      assertThat(
              refunded(
                  FAILED_ONE,
                  refundTotal(2_500, 4),
                  refund("re_2", RefundStatus.SUCCEEDED, 1_000, 3)))
          .isEqualTo(usd(2_500));
    }

    private static @Nullable Money refunded(PaymentFact... facts) {
      var all = new ArrayList<>(List.of(facts));
      all.add(paid(3_000));
      return PaymentPicture.of(all).refunded();
    }
  }

  /// Merging two reports about the same thing.
  @Nested
  class Rule1 {

    @Test
    void theHigherRankStandsHoweverLateTheLowerCame() {
      var ladder = List.of(ATTEMPT_FAILED, PENDING, FAILED, CANCELED, SUCCEEDED);
      var standings =
          List.of(
              Standing.ATTEMPT_FAILED,
              Standing.PENDING,
              Standing.FAILED,
              Standing.CANCELED,
              Standing.SUCCEEDED);

      for (int known = 1; known <= ladder.size(); known++) {
        PaymentPicture picture = PaymentPicture.of(ladder.subList(0, known));

        assertThat(picture.standing()).isEqualTo(standings.get(known - 1));
      }
    }

    @Test
    void aDeclinedAttemptCountsOnlyWhileNothingIsPendingOrBetter() {
      assertThat(PaymentPicture.of(List.of(ATTEMPT_FAILED)).failure())
          .isEqualTo(Reason.of("card_declined"));
      assertThat(PaymentPicture.of(List.of(ATTEMPT_FAILED, PENDING)).failure()).isNull();
      assertThat(PaymentPicture.of(List.of(ATTEMPT_FAILED, SUCCEEDED)).failure()).isNull();
    }

    @Test
    void theReasonIsThatOfTheReportThatStands() {
      assertThat(PaymentPicture.of(List.of(FAILED, CANCELED, ATTEMPT_FAILED)).failure())
          .isEqualTo(Reason.of("expired"));
    }

    @Test
    void ofTwoReportsOfOneRankTheLaterByTheProvidersClockStands() {
      var early = fact("z", new PaymentEvent.Failed(at(1), intent(usd(1)), Reason.of("too_early")));

      assertThat(PaymentPicture.of(List.of(FAILED, early)).failure())
          .isEqualTo(Reason.of("bank_refused"));
    }

    @Test
    void ofTwoReportsOfOneMomentTheGreaterIdStands() {
      var twin = fact("cc", new PaymentEvent.Failed(at(7), intent(usd(1)), Reason.of("greater")));

      assertThat(PaymentPicture.of(List.of(twin, FAILED)).failure())
          .isEqualTo(Reason.of("greater"));
      assertThat(PaymentPicture.of(List.of(FAILED, twin)).failure())
          .isEqualTo(Reason.of("greater"));
    }

    @Test
    void aRefundThatFailedStaysFailed() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  refund("re_1", RefundStatus.FAILED, 3000, 1),
                  refund("re_1", RefundStatus.SUCCEEDED, 3000, 2),
                  refund("re_1", RefundStatus.PENDING, 3000, 3)));

      assertThat(picture.refunds()).hasSize(1);
      assertThat(status(picture, "re_1")).isEqualTo(RefundStatus.FAILED);
      assertThat(picture.refunded()).isEqualTo(usd(0));
    }

    @Test
    void ofPendingAndRequiresActionTheLaterStands() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  refund("re_1", RefundStatus.REQUIRES_ACTION, 3000, 1),
                  refund("re_1", RefundStatus.PENDING, 3000, 2)));

      assertThat(status(picture, "re_1")).isEqualTo(RefundStatus.PENDING);
    }

    @Test
    void whatWasClosedAsItWasOpenedIsClosed() {
      for (var facts :
          List.of(
              List.of(
                  paid(3000),
                  dispute("dp_1", DisputeStatus.OPEN, 2),
                  dispute("dp_1", DisputeStatus.WARNING_CLOSED, 2)),
              List.of(
                  paid(3000),
                  fact(
                      "z",
                      new PaymentEvent.DisputeUpdated(
                          at(2), "dp_1", DisputeStatus.OPEN, null, null)),
                  dispute("dp_1", DisputeStatus.WARNING_CLOSED, 2)))) {
        assertThat(Objects.requireNonNull(PaymentPicture.of(facts).disputes().get("dp_1")).status())
            .isEqualTo(DisputeStatus.WARNING_CLOSED);
      }
    }

    @Test
    void aClosedInquiryMayComeToBeADisputeAllTheSame() {
      var closed = dispute("dp_1", DisputeStatus.WARNING_CLOSED, 2);
      var open = dispute("dp_1", DisputeStatus.OPEN, 3);

      for (var facts :
          List.of(List.of(paid(3000), closed, open), List.of(open, closed, paid(3000)))) {
        assertThat(Objects.requireNonNull(PaymentPicture.of(facts).disputes().get("dp_1")).status())
            .isEqualTo(DisputeStatus.OPEN);
      }
    }

    @Test
    void aLateReviewNeverReopensADisputeThatWasWon() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  dispute("dp_1", DisputeStatus.WON, 2),
                  dispute("dp_1", DisputeStatus.OPEN, 3),
                  dispute("dp_1", DisputeStatus.INQUIRY, 4)));

      assertThat(disputeStatus(picture, "dp_1")).isEqualTo(DisputeStatus.WON);
    }

    @Test
    void betweenOutcomesOfADisputeTheLaterStands() {
      var won = dispute("dp_1", DisputeStatus.WON, 2);

      assertThat(
              disputeStatus(
                  PaymentPicture.of(List.of(paid(1), won, dispute("dp_1", DisputeStatus.LOST, 1))),
                  "dp_1"))
          .isEqualTo(DisputeStatus.WON);
      assertThat(
              disputeStatus(
                  PaymentPicture.of(List.of(paid(1), won, dispute("dp_1", DisputeStatus.LOST, 3))),
                  "dp_1"))
          .isEqualTo(DisputeStatus.LOST);
    }

    @Test
    void refundsAndDisputesWithIdsOfTheirOwnStandBesideEachOther() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  refund("re_1", RefundStatus.SUCCEEDED, 1000, 1),
                  refund("re_2", RefundStatus.SUCCEEDED, 500, 1),
                  dispute("dp_1", DisputeStatus.WON, 2),
                  dispute("dp_2", DisputeStatus.OPEN, 2)));

      assertThat(picture.refunded()).isEqualTo(usd(1500));
      assertThat(disputeStatus(picture, "dp_1")).isEqualTo(DisputeStatus.WON);
      assertThat(disputeStatus(picture, "dp_2")).isEqualTo(DisputeStatus.OPEN);
    }

    @Test
    void aCorrectedTranslationReplacesAllThatTheOldOneMade() {
      var wrong =
          new PaymentFact(
              new EventId("stripe:evt_1:0"),
              1,
              new PaymentEvent.Succeeded(at(0), session(usd(300_000))));
      var wrongToo =
          new PaymentFact(
              new EventId("stripe:evt_1:1"),
              1,
              new PaymentEvent.RefundTotalUpdated(at(0), usd(10), null));
      var right =
          new PaymentFact(
              new EventId("stripe:evt_1:0"),
              2,
              new PaymentEvent.Succeeded(at(0), session(usd(3000))));

      for (var facts : List.of(List.of(wrong, wrongToo, right), List.of(right, wrongToo, wrong))) {
        assertThat(PaymentPicture.of(facts)).isEqualTo(PaymentPicture.of(List.of(right)));
      }
    }
  }

  /// How much was refunded.
  @Nested
  class Rule2 {

    @Test
    void succeededSingleRefundsAddUp() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  refund("re_1", RefundStatus.SUCCEEDED, 1000, 1),
                  refund("re_2", RefundStatus.PENDING, 500, 1),
                  refund("re_3", RefundStatus.CANCELED, 500, 1),
                  refund("re_4", RefundStatus.SUCCEEDED, 700, 1)));

      assertThat(picture.refunded()).isEqualTo(usd(1700));
      assertThat(picture.fullyRefunded()).isFalse();
    }

    @Test
    void refundsKnownOnlyFromTotalsCountByTheLargestTotal() {
      var picture =
          PaymentPicture.of(List.of(paid(3000), refundTotal(1000, 1), refundTotal(2500, 2)));

      assertThat(picture.refunded()).isEqualTo(usd(2500));
    }

    @Test
    void aTotalCountsOnlyForWhatNoSingleRefundExplains() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  refundTotal(2500, 1),
                  refund("re_1", RefundStatus.SUCCEEDED, 1000, 1)));

      assertThat(picture.refunded()).isEqualTo(usd(2500));
    }

    @Test
    void ofATotalOf2500TheRefundOf1500ThatFailedLaterIsTakenBack() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  refundTotal(2500, 2),
                  refund("re_1", RefundStatus.SUCCEEDED, 1000, 1),
                  refund("re_2", RefundStatus.SUCCEEDED, 1500, 2),
                  refund("re_2", RefundStatus.FAILED, 1500, 3)));

      assertThat(picture.refunded()).isEqualTo(usd(1000));
    }

    @Test
    void aChargeThatWasNeverCapturedYieldsNeitherFundsNorRefunds() {
      var picture =
          PaymentPicture.of(
              List.of(
                  fact("p", new PaymentEvent.Pending(at(0), charge(usd(3000)))),
                  refundTotal(3000, 1),
                  refund("re_1", RefundStatus.SUCCEEDED, 3000, 1)));

      assertThat(picture.paid()).isEqualTo(usd(0));
      assertThat(picture.refunded()).isEqualTo(usd(0));
      assertThat(picture.fullyRefunded()).isFalse();
    }

    @Test
    void aRefundThatCameBeforeItsPaymentCountsOnceThePaymentIsThere() {
      var early = refund("re_1", RefundStatus.SUCCEEDED, 3000, 1);

      assertThat(PaymentPicture.of(List.of(early)).refunded()).isNull();
      assertThat(PaymentPicture.of(List.of(early, paid(3000))).fullyRefunded()).isTrue();
    }

    @Test
    void anOrderThatCostNothingIsPaidAndNeverRefunded() {
      var picture = PaymentPicture.of(List.of(paid(0), refundTotal(0, 1)));

      assertThat(picture.funded()).isTrue();
      assertThat(picture.paid()).isEqualTo(usd(0));
      assertThat(picture.fullyRefunded()).isFalse();
    }

    @Test
    void moreThanWasPaidIsNeverRefunded() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  refund("re_1", RefundStatus.SUCCEEDED, Long.MAX_VALUE, 1),
                  refund("re_2", RefundStatus.SUCCEEDED, Long.MAX_VALUE, 1),
                  refundTotal(Long.MAX_VALUE, 1)));

      assertThat(picture.refunded()).isEqualTo(usd(3000));
      assertThat(picture.fullyRefunded()).isTrue();
    }

    @Test
    void eachRefundGivesBackWhatThoseBeforeItLeft() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000),
                  refund("re_3", RefundStatus.SUCCEEDED, 500, 3),
                  refund("re_1", RefundStatus.SUCCEEDED, 2000, 1),
                  refund("re_2", RefundStatus.SUCCEEDED, 1500, 2),
                  refund("re_4", RefundStatus.FAILED, 9000, 4)));

      assertThat(count(picture).amounts())
          .isEqualTo(
              Map.of("re_1", usd(2000), "re_2", usd(1000), "re_3", usd(0), "re_4", usd(3000)));
      assertThat(count(picture).onlyInTotals()).isEqualTo(usd(0));
    }

    @Test
    void aFullRefundInAnotherCurrencyIsAllOfThePayment() {
      var refund =
          fact(
              "r",
              new PaymentEvent.RefundUpdated(
                  at(1),
                  "re_1",
                  RefundStatus.SUCCEEDED,
                  Money.ofMinor(5999, "EUR"),
                  null,
                  true,
                  null,
                  null));

      assertThat(PaymentPicture.of(List.of(paid(3000), refund)).fullyRefunded()).isTrue();
    }

    @Test
    void partOfAnotherCurrencyCannotBeCountedAndFailsNothing() {
      var refund =
          fact(
              "r",
              new PaymentEvent.RefundUpdated(
                  at(1),
                  "re_1",
                  RefundStatus.SUCCEEDED,
                  Money.ofMinor(100, "EUR"),
                  null,
                  false,
                  null,
                  null));
      var total =
          fact("t", new PaymentEvent.RefundTotalUpdated(at(1), Money.ofMinor(100, "EUR"), null));

      assertThat(PaymentPicture.of(List.of(paid(3000), refund, total)).refunded())
          .isEqualTo(usd(0));
    }
  }

  /// What opens an order, and whose word counts for each field.
  @Nested
  class Rule4 {

    @Test
    void withoutTheFactThatCarriesItAnOrderIsNotComplete() {
      var funded = fact("i", new PaymentEvent.Succeeded(at(0), intent(usd(3000))));
      var known = items(ItemsState.KNOWN, 1, LineItem.of("li_1", "Mug", 2, usd(3000)));

      PaymentPicture uncarried = PaymentPicture.of(List.of(funded, known, refundTotal(500, 2)));
      PaymentPicture carried =
          PaymentPicture.of(List.of(funded, known, refundTotal(500, 2), paid(3000)));

      assertThat(uncarried.funded()).isTrue();
      assertThat(uncarried.carried()).isFalse();
      assertThat(uncarried.complete()).isFalse();
      assertThat(uncarried.refunded()).isEqualTo(usd(500));
      assertThat(carried.complete()).isTrue();
    }

    @Test
    void theSessionOutweighsThePaymentAndThatTheChargeFieldByField() {
      var late = details(Origin.CHECKOUT, "session", null, null, Map.of("a", "session"));
      var middle =
          details(
              Origin.PAYMENT, "payment", "payment", null, Map.of("a", "payment", "b", "payment"));
      var early =
          details(
              Origin.CHARGE, "charge", "charge", "charge", Map.of("b", "charge", "c", "charge"));
      var picture =
          PaymentPicture.of(
              List.of(
                  fact("1", new PaymentEvent.Succeeded(at(3), early)),
                  fact("2", new PaymentEvent.Succeeded(at(2), middle)),
                  fact("3", new PaymentEvent.Pending(at(1), late))));

      assertThat(picture.standing()).isEqualTo(Standing.SUCCEEDED);
      assertThat(picture.details().origin()).isEqualTo(Origin.CHECKOUT);
      assertThat(picture.details().reference()).isEqualTo("session");
      assertThat(picture.details().description()).isEqualTo("payment");
      assertThat(picture.details().customer().email()).isEqualTo("charge");
      assertThat(picture.details().metadata())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("a", "session", "b", "payment", "c", "charge"));
    }

    @Test
    void theAmountIsTheSessionsTotal() {
      var picture =
          PaymentPicture.of(
              List.of(
                  fact("1", new PaymentEvent.Succeeded(at(0), charge(usd(2900)))),
                  fact("2", new PaymentEvent.Succeeded(at(1), intent(usd(2950)))),
                  fact("3", new PaymentEvent.Succeeded(at(2), session(usd(3000))))));

      assertThat(picture.amount()).isEqualTo(usd(3000));
      assertThat(picture.paid()).isEqualTo(usd(3000));
    }

    @Test
    void whoItConcernsAndSinceWhenIsSaidByTheEarliestFact() {
      var picture = PaymentPicture.of(List.of(SUCCEEDED, refundTotal(1, 3), CANCELED));

      assertThat(picture.since()).isEqualTo(at(3).occurredAt());
      assertThat(picture.about()).isEqualTo(at(3));
    }
  }

  /// Line items as a fact of their own.
  @Nested
  class Rule5 {

    private static final LineItem MUG = LineItem.of("li_1", "Mug", 2, usd(3000));
    private static final LineItem BOOK = LineItem.of("li_2", "Book", 1, usd(3000));

    @Test
    void anOrderWaitsForItsItemsButNotForEver() {
      assertThat(PaymentPicture.of(List.of(paid(3000))).complete()).isFalse();
      assertThat(PaymentPicture.of(List.of(paid(3000), items(ItemsState.UNKNOWN, 1))).complete())
          .isTrue();
      assertThat(PaymentPicture.of(List.of(paid(3000), items(ItemsState.KNOWN, 1, MUG))).complete())
          .isTrue();
    }

    @Test
    void whatIsKnownOutweighsWhatIsUnknownHoweverLate() {
      var picture =
          PaymentPicture.of(
              List.of(paid(3000), items(ItemsState.KNOWN, 1, MUG), items(ItemsState.UNKNOWN, 2)));

      assertThat(picture.details().itemsState()).isEqualTo(ItemsState.KNOWN);
      assertThat(picture.details().lineItems()).containsExactly(MUG);
    }

    @Test
    void ofTwoListsTheLaterCounts() {
      var picture =
          PaymentPicture.of(
              List.of(
                  paid(3000), items(ItemsState.KNOWN, 2, BOOK), items(ItemsState.KNOWN, 1, MUG)));

      assertThat(picture.details().lineItems()).containsExactly(BOOK);
    }

    @Test
    void itemsThatTheReportItselfBroughtStayWhenTheProviderTellsNoMore() {
      var details =
          PaymentDetails.of(Origin.CHECKOUT, true, usd(3000))
              .with(report -> {
                report.itemsState = ItemsState.KNOWN;
                report.lineItems = List.of(MUG);
              });
      var picture =
          PaymentPicture.of(
              List.of(
                  fact("1", new PaymentEvent.Succeeded(at(0), details)),
                  items(ItemsState.UNKNOWN, 1)));

      assertThat(picture.details().itemsState()).isEqualTo(ItemsState.KNOWN);
      assertThat(picture.details().lineItems()).containsExactly(MUG);
    }
  }

  @Test
  void noFactsAreNoOrder() {
    assertThatThrownBy(() -> PaymentPicture.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void factsOfTwoOrdersAreADefect() {
    var other =
        fact(
            "x",
            new PaymentEvent.RefundTotalUpdated(
                new About(
                    OrderId.of("stripe", "pi_2"),
                    "stripe",
                    "stripe",
                    "stripe",
                    true,
                    at(0).occurredAt(),
                    "evt",
                    "type"),
                usd(1),
                null));

    assertThatThrownBy(() -> PaymentPicture.of(List.of(paid(1), other)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RefundCount count(PaymentPicture picture) {
    return Objects.requireNonNull(picture.refundCount());
  }

  private static RefundStatus status(PaymentPicture picture, String refund) {
    return Objects.requireNonNull(picture.refunds().get(refund)).status();
  }

  private static DisputeStatus disputeStatus(PaymentPicture picture, String dispute) {
    return Objects.requireNonNull(picture.disputes().get(dispute)).status();
  }

  private static PaymentDetails details(
      Origin origin,
      String reference,
      @Nullable String description,
      @Nullable String email,
      Map<String, String> metadata) {
    return PaymentDetails.of(origin, origin == Origin.CHECKOUT, usd(3000))
        .with(report -> {
          report.customer = new Customer(email, null, null, null, null, null, null);
          report.reference = reference;
          report.description = description;
          report.metadata = metadata;
        });
  }
}
