package dev.quittance.fulfillment.order;

import static dev.quittance.contracts.FulfillmentEventType.CANCELED;
import static dev.quittance.contracts.FulfillmentEventType.COMPLETED;
import static dev.quittance.contracts.FulfillmentEventType.DISPUTED;
import static dev.quittance.contracts.FulfillmentEventType.HELD;
import static dev.quittance.contracts.FulfillmentEventType.PAID;
import static dev.quittance.contracts.FulfillmentEventType.PAYMENT_FAILED;
import static dev.quittance.contracts.FulfillmentEventType.PAYMENT_PENDING;
import static dev.quittance.contracts.FulfillmentEventType.PAYMENT_REVERSED;
import static dev.quittance.contracts.FulfillmentEventType.REFUNDED;
import static dev.quittance.contracts.FulfillmentEventType.RELEASED;
import static dev.quittance.contracts.FulfillmentEventType.REQUESTED;
import static dev.quittance.contracts.FulfillmentEventType.REVERSAL_REQUESTED;
import static dev.quittance.contracts.FulfillmentEventType.REVERSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Tracking;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransitionTest {

  private static final FulfillmentCommand ALL =
      new FulfillmentCommand.Complete(List.of(), new Tracking("dhl", "1"), null);
  private static final FulfillmentCommand HOLD = new FulfillmentCommand.Hold("fraud check");
  private static final FulfillmentCommand RELEASE = new FulfillmentCommand.Release("checked");
  private static final FulfillmentCommand REVERSE = new FulfillmentCommand.Reverse("returned");

  private final Facts facts = Facts.here();
  private final Story story = new Story();

  @Test
  void aPaidOrderIsRequestedOnce() {
    story.fact(facts.uncarried()).fact(facts.paid()).fact(facts.paid());

    assertThat(story.types()).containsExactly(PAID, REQUESTED);
  }

  @Test
  void aDelayedPaymentIsToldInSteps() {
    story.fact(facts.pending()).fact(facts.failed()).fact(facts.paid());

    assertThat(story.types()).containsExactly(PAYMENT_PENDING, PAYMENT_FAILED, PAID, REQUESTED);
    assertThat(((FulfillmentEvent.PaymentFailed) story.events().get(1)).reason())
        .isEqualTo(Reason.of("insufficient_funds"));
  }

  @Test
  void aRefundBeforeThePaymentCancelsWithoutARequest() {
    story.fact(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000)).fact(facts.paid());

    assertThat(story.types()).containsExactly(PAID, REFUNDED, CANCELED);
  }

  @Test
  void moneyThatBouncesCancelsAndAnotherAttemptReleases() {
    story.fact(facts.paid()).fact(facts.bounced("py_1"));

    assertThat(story.types()).containsExactly(PAID, REQUESTED, PAYMENT_REVERSED, CANCELED);
    assertThat(((FulfillmentEvent.PaymentReversed) story.events().get(2)).reason())
        .isEqualTo(Reason.of("insufficient_funds"));
    assertThat(((FulfillmentEvent.Canceled) story.events().getLast()).reason())
        .isEqualTo(Reason.of("payment_reversed"));

    story.fact(facts.attempt("py_2", 4));

    assertThat(story.types()).endsWith(CANCELED, PAID, RELEASED);
    assertThat(((FulfillmentEvent.Released) story.events().getLast()).reason())
        .isEqualTo(Reason.of("paid_again"));
  }

  @Test
  void moneyThatBouncesAfterShippingAsksForTheGoodsBackUntilItIsPaidAgain() {
    story.fact(facts.paid()).command(ALL).fact(facts.bounced("py_1"));

    assertThat(story.types()).endsWith(COMPLETED, PAYMENT_REVERSED, REVERSAL_REQUESTED);

    story.fact(facts.attempt("py_2", 4));

    assertThat(story.types()).endsWith(REVERSAL_REQUESTED, PAID, RELEASED);
    assertThat(story.announced().effect()).isEqualTo(Effect.DONE);
  }

  @Test
  void aBounceThatComesBeforeItsSuccessIsToldWithIt() {
    story.fact(facts.bounced("py_1"));
    assertThat(story.types()).isEmpty();

    story.fact(facts.paid());
    assertThat(story.types()).containsExactly(PAID, PAYMENT_REVERSED, CANCELED);

    story.fact(facts.attempt("py_2", 4));
    assertThat(story.types()).endsWith(CANCELED, PAID, REQUESTED);
  }

  @Test
  void aBounceThatWasNeverTrueIsCorrected() {
    var wrong = facts.bounced("py_1");
    var right =
        facts.fact(
            "bounced-py_1",
            2,
            3,
            about ->
                new PaymentEvent.AttemptFailed(
                    about,
                    PaymentDetails.of(PaymentDetails.Origin.CHARGE, false, Facts.PRICE),
                    Reason.of("insufficient_funds")));

    story.fact(facts.paid()).fact(wrong).replace(wrong, right);

    assertThat(((FulfillmentEvent.Released) story.events().getLast()).reason())
        .isEqualTo(Reason.of("corrected"));
  }

  @Test
  void aRefundThatFailsReleases() {
    story
        .fact(facts.paid())
        .fact(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000))
        .fact(facts.refund("re_1", RefundStatus.FAILED, 3000));

    assertThat(story.types())
        .containsExactly(PAID, REQUESTED, REFUNDED, CANCELED, REFUNDED, RELEASED);
    assertThat(story.events().getLast())
        .isEqualTo(
            new FulfillmentEvent.Released(
                story.state().view(1, Facts.START), Reason.of("refund_failed")));
  }

  @Test
  void aCanceledOrderThatWasNeverRequestedIsRequestedWhenItsRefundFails() {
    story
        .fact(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000))
        .fact(facts.paid())
        .fact(facts.refund("re_1", RefundStatus.FAILED, 3000));

    assertThat(story.types()).containsExactly(PAID, REFUNDED, CANCELED, REFUNDED, REQUESTED);
  }

  @Test
  void aDisputeHoldsAndItsEndReleases() {
    story
        .fact(facts.paid())
        .fact(facts.dispute("dp_1", DisputeStatus.OPEN))
        .fact(facts.dispute("dp_1", DisputeStatus.WON));

    assertThat(story.types()).containsExactly(PAID, REQUESTED, DISPUTED, HELD, DISPUTED, RELEASED);
    assertThat(((FulfillmentEvent.Held) story.events().get(3)).reason())
        .isEqualTo(Reason.of("dispute_opened"));
    assertThat(((FulfillmentEvent.Released) story.events().getLast()).reason())
        .isEqualTo(Reason.of("dispute_won"));
  }

  @Test
  void aHoldByHandOutlastsADispute() {
    story
        .fact(facts.paid())
        .command(HOLD)
        .fact(facts.dispute("dp_1", DisputeStatus.OPEN))
        .fact(facts.dispute("dp_1", DisputeStatus.WON))
        .command(RELEASE);

    assertThat(story.types()).containsExactly(PAID, REQUESTED, HELD, DISPUTED, DISPUTED, RELEASED);
    assertThat(((FulfillmentEvent.Released) story.events().getLast()).reason())
        .isEqualTo(new Reason("by_hand", "checked"));
  }

  @Test
  void aLostDisputeAfterShippingAsksForTheGoodsBack() {
    story
        .fact(facts.paid())
        .command(ALL)
        .fact(facts.dispute("dp_1", DisputeStatus.OPEN))
        .fact(facts.dispute("dp_1", DisputeStatus.LOST))
        .command(REVERSE);

    assertThat(story.types())
        .containsExactly(
            PAID, REQUESTED, COMPLETED, DISPUTED, DISPUTED, REVERSAL_REQUESTED, REVERSED);
  }

  @Test
  void whoWasAskedToGetGoodsBackHearsWhenTheyMayStay() {
    story
        .fact(facts.paid())
        .command(ALL)
        .fact(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000))
        .fact(facts.refund("re_1", RefundStatus.FAILED, 3000));

    assertThat(story.types()).endsWith(COMPLETED, REFUNDED, REVERSAL_REQUESTED, REFUNDED, RELEASED);
    assertThat(story.announced().effect()).isEqualTo(Effect.DONE);
  }

  @Test
  void whatCameBackIsReleasedAgainWhenTheRefundFails() {
    story
        .fact(facts.paid())
        .command(ALL)
        .fact(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000))
        .command(REVERSE)
        .fact(facts.refund("re_1", RefundStatus.FAILED, 3000));

    assertThat(story.types()).endsWith(REVERSAL_REQUESTED, REVERSED, REFUNDED, RELEASED);
  }

  @Test
  void completionsSayWhatAndWhetherItIsAll() {
    story
        .fact(facts.paid())
        .command(
            new FulfillmentCommand.Complete(List.of(new FulfilledItem("shirt", 1)), null, null))
        .command(ALL);

    assertThat(story.types()).containsExactly(PAID, REQUESTED, COMPLETED, COMPLETED);
    var first = (FulfillmentEvent.Completed) story.events().get(2);
    assertThat(first.items()).containsExactly(new FulfilledItem("shirt", 1));
    assertThat(first.whole()).isFalse();
    var second = (FulfillmentEvent.Completed) story.events().get(3);
    assertThat(second.items())
        .containsExactly(new FulfilledItem("shirt", 1), new FulfilledItem("mug", 1));
    assertThat(second.whole()).isTrue();
    assertThat(second.tracking()).isEqualTo(new Tracking("dhl", "1"));
  }

  @Test
  void whatLeftInUnknownLinesIsWhole() {
    story.fact(facts.paidItemsPending()).fact(facts.itemsUnknown()).command(ALL);

    var completed = (FulfillmentEvent.Completed) story.events().getLast();
    assertThat(completed.items()).isEmpty();
    assertThat(completed.whole()).isTrue();
  }

  @Test
  void eachPartialRefundIsTold() {
    story
        .fact(facts.paid())
        .fact(facts.refund("re_1", RefundStatus.SUCCEEDED, 1000))
        .fact(facts.refund("re_2", RefundStatus.SUCCEEDED, 500));

    assertThat(story.types()).containsExactly(PAID, REQUESTED, REFUNDED, REFUNDED);
    var last = (FulfillmentEvent.Refunded) story.events().getLast();
    assertThat(last.refunded()).isEqualTo(Facts.usd(1500));
    assertThat(last.full()).isFalse();
  }

  @Test
  void anInquiryIsNotTold() {
    story
        .fact(facts.paid())
        .fact(facts.dispute("dp_1", DisputeStatus.INQUIRY))
        .fact(facts.dispute("dp_1", DisputeStatus.WARNING_CLOSED));

    assertThat(story.types()).containsExactly(PAID, REQUESTED);
  }

  @Test
  void aCorrectionThatTakesThePaymentAwayCancels() {
    var wrong = facts.paid();
    var right =
        facts.fact(
            "paid",
            2,
            1,
            about ->
                new PaymentEvent.Pending(
                    about, PaymentDetails.of(PaymentDetails.Origin.CHECKOUT, true, Facts.PRICE)));

    story.fact(wrong).replace(wrong, right);

    assertThat(story.types()).containsExactly(PAID, REQUESTED, PAYMENT_PENDING, CANCELED);
    story.replace(right, facts.paid());
    assertThat(story.types()).endsWith(CANCELED, PAID, RELEASED);
  }

  @Test
  void aCorrectionThatTakesThePaymentAwayAfterShippingAsksForTheGoodsBack() {
    var wrong = facts.paid();
    var right =
        facts.fact(
            "paid",
            2,
            1,
            about ->
                new PaymentEvent.Pending(
                    about, PaymentDetails.of(PaymentDetails.Origin.CHECKOUT, true, Facts.PRICE)));

    story.fact(wrong).command(ALL).replace(wrong, right);

    assertThat(story.types()).endsWith(COMPLETED, PAYMENT_PENDING, REVERSAL_REQUESTED);
    assertThat(story.state().decide(REVERSE)).isEqualTo(new Decision.Accepted());
  }

  /// Whoever ships reads why it stops, and why it goes on.
  @Test
  void whatStopsAndWhatGoesOnSaysWhy() {
    assertThat(
            reasons(
                new Story()
                    .fact(facts.paid())
                    .fact(facts.dispute("dp_1", DisputeStatus.OPEN))
                    .fact(facts.dispute("dp_1", DisputeStatus.WON))))
        .containsExactly("dispute_opened", "dispute_won");
    assertThat(
            reasons(
                new Story()
                    .fact(facts.paid())
                    .fact(facts.dispute("dp_1", DisputeStatus.LOST))
                    .fact(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000))))
        .containsExactly("dispute_lost");
    assertThat(
            reasons(
                new Story()
                    .fact(facts.paid())
                    .fact(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000))
                    .fact(facts.refund("re_1", RefundStatus.FAILED, 3000))))
        .containsExactly("refunded", "refund_failed");
  }

  @Test
  void whatIsHeldByHandSaysWhatWasSaid() {
    story.fact(facts.paid()).command(HOLD).command(RELEASE);

    assertThat(((FulfillmentEvent.Held) story.events().get(2)).reason())
        .isEqualTo(new Reason("by_hand", "fraud check"));
    assertThat(((FulfillmentEvent.Released) story.events().get(3)).reason())
        .isEqualTo(new Reason("by_hand", "checked"));
  }

  private static List<String> reasons(Story story) {
    return story.events().stream()
        .<Reason>mapMulti((event, reasons) -> {
          switch (event) {
            case FulfillmentEvent.Held held -> reasons.accept(held.reason());
            case FulfillmentEvent.Released released -> reasons.accept(released.reason());
            case FulfillmentEvent.Canceled canceled -> reasons.accept(canceled.reason());
            default -> {
              // tells of the payment
            }
          }
        })
        .map(Reason::code)
        .toList();
  }
}
