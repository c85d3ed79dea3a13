package dev.quittance.fulfillment.order;

import static dev.quittance.contracts.FulfillmentStatus.CANCELED;
import static dev.quittance.contracts.FulfillmentStatus.DUE;
import static dev.quittance.contracts.FulfillmentStatus.FULFILLED;
import static dev.quittance.contracts.FulfillmentStatus.NOT_DUE;
import static dev.quittance.contracts.FulfillmentStatus.ON_HOLD;
import static dev.quittance.contracts.FulfillmentStatus.PARTIALLY_FULFILLED;
import static dev.quittance.contracts.FulfillmentStatus.REVERSAL_DUE;
import static dev.quittance.contracts.FulfillmentStatus.REVERSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderStateTest {

  private final Facts facts = Facts.here();

  private static final FulfillmentCommand ALL =
      new FulfillmentCommand.Complete(List.of(), null, null);
  private static final FulfillmentCommand HOLD = new FulfillmentCommand.Hold("fraud check");
  private static final FulfillmentCommand RELEASE = new FulfillmentCommand.Release(null);
  private static final FulfillmentCommand REVERSE = new FulfillmentCommand.Reverse(null);

  private static FulfillmentCommand some(String line, long quantity) {
    return new FulfillmentCommand.Complete(List.of(new FulfilledItem(line, quantity)), null, null);
  }

  private static OrderState state(List<PaymentFact> facts, FulfillmentCommand... commands) {
    var accepted = new ArrayList<AcceptedCommand>();
    for (FulfillmentCommand command : commands) {
      accepted.add(Facts.accepted(accepted.size() + 1, command));
    }
    return OrderState.of(facts, accepted);
  }

  private static void stands(
      OrderState state, PaymentStatus payment, FulfillmentStatus fulfillment) {
    assertThat(state.paymentStatus()).isEqualTo(payment);
    assertThat(state.fulfillmentStatus()).isEqualTo(fulfillment);
  }

  @Test
  void whatIsOnlyReleasedStopsNothing() {
    OrderState released =
        state(
            List.of(
                facts.pending(),
                facts.captured(Origin.CHARGE, 1000),
                facts.refund("re_release", RefundStatus.SUCCEEDED, 2000)));
    OrderState refunded =
        state(
            List.of(
                facts.pending(),
                facts.captured(Origin.CHARGE, 1000),
                facts.refund("re_release", RefundStatus.SUCCEEDED, 2000),
                facts.refund("re_1", RefundStatus.SUCCEEDED, 500),
                facts.refundTotal(500, 2000)));

    stands(released, PaymentStatus.PAID, DUE);
    stands(refunded, PaymentStatus.PARTIALLY_REFUNDED, DUE);
    OrderView view = refunded.view(1, Facts.START);
    assertThat(view.amount()).isEqualTo(Facts.PRICE);
    assertThat(view.received()).isEqualTo(Facts.usd(1000));
    assertThat(view.refunded()).isEqualTo(Facts.usd(500));
  }

  @Test
  void whatWasReceivedIsShownAlsoAboveWhatWasAgreedAndOnlyOnceItIsThere() {
    OrderView view =
        state(List.of(facts.pending(), facts.captured(Origin.CHARGE, 3500))).view(1, Facts.START);

    assertThat(view.amount()).isEqualTo(Facts.PRICE);
    assertThat(view.received()).isEqualTo(Facts.usd(3500));
    assertThat(state(List.of(facts.pending())).view(1, Facts.START).received()).isNull();
  }

  @Test
  void aPaidCheckoutIsDue() {
    stands(state(List.of(facts.paid())), PaymentStatus.PAID, DUE);
  }

  @Test
  void anUnpaidCheckoutWaits() {
    stands(state(List.of(facts.pending())), PaymentStatus.PENDING, NOT_DUE);
    stands(state(List.of(facts.failed(), facts.pending())), PaymentStatus.FAILED, NOT_DUE);
    stands(state(List.of(facts.expired())), PaymentStatus.CANCELED, NOT_DUE);
  }

  @Test
  void aDeclinedAttemptCountsOnlyWhileNothingIsBetter() {
    stands(state(List.of(facts.attemptFailed())), PaymentStatus.FAILED, NOT_DUE);
    stands(state(List.of(facts.attemptFailed(), facts.pending())), PaymentStatus.PENDING, NOT_DUE);
    stands(state(List.of(facts.attemptFailed(), facts.paid())), PaymentStatus.PAID, DUE);
  }

  @Test
  void nothingIsDueUntilAReportSaysWhoBoughtWhat() {
    stands(state(List.of(facts.uncarried())), PaymentStatus.PAID, NOT_DUE);
    stands(
        state(List.of(facts.uncarried(), facts.refundTotal(3000))),
        PaymentStatus.REFUNDED,
        NOT_DUE);
    stands(state(List.of(facts.uncarried(), facts.paid())), PaymentStatus.PAID, DUE);
  }

  @Test
  void nothingIsDueUntilTheItemsAreSettled() {
    stands(state(List.of(facts.paidItemsPending())), PaymentStatus.PAID, NOT_DUE);
    stands(state(List.of(facts.paidItemsPending(), facts.itemsUnknown())), PaymentStatus.PAID, DUE);
    stands(state(List.of(facts.paidItemsPending(), facts.itemsKnown())), PaymentStatus.PAID, DUE);
  }

  @Test
  void anOrderThatCostsNothingIsPaidAndDueAndNotRefunded() {
    OrderState state = state(List.of(facts.free()));

    stands(state, PaymentStatus.PAID, DUE);
    assertThat(state.payment().refunded()).isEqualTo(Facts.usd(0));
  }

  @Test
  void aFullRefundCancelsWhatHasNotLeft() {
    stands(
        state(List.of(facts.paid(), facts.refund("re_1", RefundStatus.SUCCEEDED, 3000))),
        PaymentStatus.REFUNDED,
        CANCELED);
    stands(
        state(List.of(facts.paidItemsPending(), facts.refundTotal(3000))),
        PaymentStatus.REFUNDED,
        CANCELED);
  }

  @Test
  void aFullRefundAfterGoodsLeftMakesAReversalDue() {
    var refunded = List.of(facts.paid(), facts.refundTotal(3000));

    stands(state(refunded, ALL), PaymentStatus.REFUNDED, REVERSAL_DUE);
    stands(state(refunded, some("mug", 1)), PaymentStatus.REFUNDED, REVERSAL_DUE);
    stands(state(refunded, ALL, REVERSE), PaymentStatus.REFUNDED, REVERSED);
  }

  @Test
  void whatCameBackIsDueAgainWhenItsRefundFails() {
    var refunded = List.of(facts.paid(), facts.refund("re_1", RefundStatus.SUCCEEDED, 3000));
    var failed = new ArrayList<>(refunded);
    failed.add(facts.refund("re_1", RefundStatus.FAILED, 3000));

    stands(state(refunded, ALL, REVERSE), PaymentStatus.REFUNDED, REVERSED);
    stands(state(failed, ALL, REVERSE), PaymentStatus.PAID, DUE);
    stands(state(failed, ALL), PaymentStatus.PAID, FULFILLED);
  }

  @Test
  void aPartialRefundStopsNothing() {
    stands(
        state(List.of(facts.paid(), facts.refund("re_1", RefundStatus.SUCCEEDED, 1000))),
        PaymentStatus.PARTIALLY_REFUNDED,
        DUE);
  }

  @Test
  void moneyThatBouncedStopsWhatHasNotLeftAndCallsBackWhatHas() {
    var bounced = List.of(facts.paid(), facts.bounced("py_1"));

    stands(state(bounced), PaymentStatus.REVERSED, CANCELED);
    stands(state(bounced, HOLD), PaymentStatus.REVERSED, CANCELED);
    stands(state(bounced, some("mug", 1)), PaymentStatus.REVERSED, REVERSAL_DUE);
    stands(state(bounced, ALL, REVERSE), PaymentStatus.REVERSED, REVERSED);
    refuses(state(bounced), ALL, Refusal.CANCELED);
    OrderView view = state(bounced).view(1, Facts.START);
    assertThat(view.received()).isNull();
    assertThat(view.amount()).isEqualTo(Facts.PRICE);
    assertThat(view.refunded()).isEqualTo(Facts.usd(0));
  }

  @Test
  void anotherAttemptPaysForWhatHadBounced() {
    var again = List.of(facts.paid(), facts.bounced("py_1"), facts.attempt("py_2", 4));

    stands(state(again), PaymentStatus.PAID, DUE);
    stands(state(again, ALL), PaymentStatus.PAID, FULFILLED);
    stands(state(again, ALL, REVERSE), PaymentStatus.PAID, DUE);
    assertThat(state(again).view(1, Facts.START).received()).isEqualTo(Facts.PRICE);
  }

  @Test
  void ofABounceAndARefundTheBounceShowsAndTheRefundStaysCounted() {
    var facts =
        List.of(
            this.facts.paid(),
            this.facts.refund("re_1", RefundStatus.SUCCEEDED, 3000),
            this.facts.bounced("py_1"));

    stands(state(facts), PaymentStatus.REVERSED, CANCELED);
    assertThat(state(facts).view(1, Facts.START).refunded()).isEqualTo(Facts.PRICE);
  }

  @Test
  void aDisputeOutweighsABounceAndAWonOneBringsNothingBack() {
    var open =
        List.of(facts.paid(), facts.bounced("py_1"), facts.dispute("dp_1", DisputeStatus.OPEN));
    var won = new ArrayList<>(open);
    won.add(facts.dispute("dp_1", DisputeStatus.WON));

    stands(state(open), PaymentStatus.DISPUTED, CANCELED);
    stands(state(won), PaymentStatus.REVERSED, CANCELED);
  }

  @Test
  void anOpenDisputeHoldsWhatHasNotWhollyLeft() {
    var disputed = List.of(facts.paid(), facts.dispute("dp_1", DisputeStatus.OPEN));

    stands(state(disputed), PaymentStatus.DISPUTED, ON_HOLD);
    stands(state(disputed, some("mug", 1)), PaymentStatus.DISPUTED, ON_HOLD);
    stands(state(disputed, ALL), PaymentStatus.DISPUTED, FULFILLED);
  }

  @Test
  void anInquiryHoldsNothing() {
    stands(
        state(List.of(facts.paid(), facts.dispute("dp_1", DisputeStatus.INQUIRY))),
        PaymentStatus.PAID,
        DUE);
  }

  @Test
  void oneLostDisputeIsEnough() {
    stands(
        state(
            List.of(
                facts.paid(),
                facts.dispute("dp_1", DisputeStatus.WON),
                facts.dispute("dp_2", DisputeStatus.LOST),
                facts.dispute("dp_3", DisputeStatus.OPEN))),
        PaymentStatus.CHARGED_BACK,
        CANCELED);
  }

  @Test
  void aWonDisputeGivesFreeWhatTheHandDoesNotHold() {
    var won =
        List.of(
            facts.paid(),
            facts.dispute("dp_1", DisputeStatus.OPEN),
            facts.dispute("dp_1", DisputeStatus.WON));

    stands(state(won), PaymentStatus.PAID, DUE);
    stands(state(won, HOLD), PaymentStatus.PAID, ON_HOLD);
    stands(state(won, HOLD, RELEASE), PaymentStatus.PAID, DUE);
  }

  @Test
  void linesAreFulfilledOneByOne() {
    var paid = List.of(facts.paid());

    OrderState partly = state(paid, some("shirt", 1));
    stands(partly, PaymentStatus.PAID, PARTIALLY_FULFILLED);
    assertThat(partly.remaining())
        .containsExactly(new FulfilledItem("shirt", 1), new FulfilledItem("mug", 1));
    assertThat(partly.view(1, Facts.START).lineItems())
        .extracting(OrderView.Line::fulfilled)
        .containsExactly(1L, 0L);
    stands(
        state(paid, some("shirt", 1), some("mug", 1), some("shirt", 1)),
        PaymentStatus.PAID,
        FULFILLED);
    stands(state(paid, some("shirt", 1), ALL), PaymentStatus.PAID, FULFILLED);
  }

  @Test
  void unknownLinesAreFulfilledAsAWhole() {
    var unknown = List.of(facts.paidItemsPending(), facts.itemsUnknown());

    assertThat(state(unknown).decide(some("shirt", 1)))
        .isEqualTo(new Decision.Refused(Refusal.UNKNOWN_LINE));
    assertThat(state(unknown).decide(ALL)).isEqualTo(new Decision.Accepted());
    stands(state(unknown, ALL), PaymentStatus.PAID, FULFILLED);
  }

  @Test
  void linesThatShareAnIdCountAsOne() {
    var twice =
        facts.fact(
            "twice",
            1,
            about ->
                new PaymentEvent.ItemsKnown(
                    about,
                    ItemsState.KNOWN,
                    List.of(
                        LineItem.of("key", "Key", 1, Facts.usd(1500)),
                        LineItem.of("key", "Key", 1, Facts.usd(1500))),
                    null));
    var known = List.of(facts.paidItemsPending(), twice);

    assertThat(state(known).decide(some("key", 2))).isEqualTo(new Decision.Accepted());
    assertThat(state(known).decide(some("key", 3)))
        .isEqualTo(new Decision.Refused(Refusal.MORE_THAN_REMAINS));
    assertThat(state(known, some("key", 1)).view(1, Facts.START).lineItems())
        .extracting(OrderView.Line::fulfilled)
        .containsExactly(1L, 0L);
  }

  @Test
  void whatIsImpossibleIsRefused() {
    var paid = List.of(facts.paid());
    var refunded = List.of(facts.paid(), facts.refundTotal(3000));

    refuses(state(paid), some("shirt", 3), Refusal.MORE_THAN_REMAINS);
    refuses(state(paid, some("shirt", 1)), some("shirt", 2), Refusal.MORE_THAN_REMAINS);
    refuses(
        state(paid),
        new FulfillmentCommand.Complete(
            List.of(new FulfilledItem("mug", 1), new FulfilledItem("mug", 1)), null, null),
        Refusal.MORE_THAN_REMAINS);
    refuses(
        state(paid),
        new FulfillmentCommand.Complete(
            List.of(
                new FulfilledItem("shirt", Long.MAX_VALUE),
                new FulfilledItem("shirt", Long.MAX_VALUE)),
            null,
            null),
        Refusal.MORE_THAN_REMAINS);
    refuses(state(paid), some("hat", 1), Refusal.UNKNOWN_LINE);
    refuses(state(List.of(facts.pending())), ALL, Refusal.NOT_DUE);
    refuses(state(paid, HOLD), ALL, Refusal.ON_HOLD);
    refuses(state(paid, HOLD), HOLD, Refusal.ALREADY_HELD);
    refuses(state(paid), RELEASE, Refusal.NOT_HELD);
    refuses(state(paid, ALL), ALL, Refusal.ALREADY_FULFILLED);
    refuses(state(paid, ALL), HOLD, Refusal.ALREADY_FULFILLED);
    refuses(state(refunded), ALL, Refusal.CANCELED);
    refuses(state(refunded), HOLD, Refusal.CANCELED);
    refuses(state(refunded, ALL), ALL, Refusal.REVERSAL_DUE);
    refuses(state(refunded, ALL), HOLD, Refusal.REVERSAL_DUE);
    refuses(state(refunded, ALL, REVERSE), REVERSE, Refusal.ALREADY_REVERSED);
    refuses(state(refunded, ALL, REVERSE), ALL, Refusal.ALREADY_REVERSED);
    refuses(state(refunded, ALL, REVERSE), HOLD, Refusal.ALREADY_REVERSED);
    refuses(state(refunded), REVERSE, Refusal.REVERSAL_NOT_DUE);
    refuses(state(paid, ALL), REVERSE, Refusal.REVERSAL_NOT_DUE);
  }

  private static void refuses(OrderState state, FulfillmentCommand command, Refusal refusal) {
    assertThat(state.decide(command)).isEqualTo(new Decision.Refused(refusal));
  }

  @Test
  void anEarlyHoldWaitsForTheMoney() {
    assertThat(state(List.of(facts.pending())).decide(HOLD)).isEqualTo(new Decision.Accepted());
    stands(state(List.of(facts.pending()), HOLD), PaymentStatus.PENDING, NOT_DUE);
    stands(state(List.of(facts.pending(), facts.paid()), HOLD), PaymentStatus.PAID, ON_HOLD);
  }

  @Test
  void theViewShowsTheWholeOrder() {
    OrderView view = state(List.of(facts.paid(), facts.refundTotal(1000))).view(7, Facts.START);

    assertThat(view.id()).isEqualTo(Facts.ORDER);
    assertThat(view.amount()).isEqualTo(Facts.PRICE);
    assertThat(view.refunded()).isEqualTo(Facts.usd(1000));
    assertThat(view.reference()).isEqualTo("A-1001");
    assertThat(view.checkoutSession()).isEqualTo("cs_1");
    assertThat(view.customer().email()).isEqualTo("ada@example.com");
    assertThat(view.version()).isEqualTo(7);
    assertThat(view.lineItems())
        .extracting(OrderView.Line::amount)
        .containsExactly(Money.ofMinor(2000, "usd"), Money.ofMinor(1000, "usd"));
  }

  @Test
  void nothingPersonalIsPrinted() {
    assertThat(state(List.of(facts.paid())).toString()).doesNotContain("ada", "Ada");
    assertThat(
            Facts.accepted(1, new FulfillmentCommand.Complete(List.of(), null, "KEY-1")).toString())
        .doesNotContain("KEY-1");
  }
}
