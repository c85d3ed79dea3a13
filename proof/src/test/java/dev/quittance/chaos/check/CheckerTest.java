package dev.quittance.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.quittance.chaos.history.Entry;
import dev.quittance.contracts.LookUpState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A healthy history has no violations, and each planted fault is found under its name.
class CheckerTest {

  private static final String REFUND_FACT = "dev.quittance.payment.refund_updated.v1";
  private static final String TOTAL_FACT = "dev.quittance.payment.refund_total_updated.v1";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FULFILLMENT = "dev.quittance.fulfillment.";

  /// 10.00 of 30.00 were captured.
  private static final String CAPTURED =
      """
      {"id": "ch_2", "object": "charge", "payment_intent": "pi_2", "amount": 3000,
       "amount_captured": 1000, "amount_refunded": 0, "status": "succeeded"}
      """;

  private final List<Entry> history = new ArrayList<>();

  @Test
  void healthyHistoryHasNone() {
    healthy();

    assertThat(laws()).isEmpty();
  }

  @Test
  void acceptedWebhookInNoTopicIsLost() {
    healthy();
    drop(entry -> entry.equals(new Entry.Verbatim("stripe:evt_paid", "sha_paid")));

    assertThat(laws()).contains("durable");
  }

  @Test
  void acceptedWebhookWithOtherBytesIsLost() {
    healthy();
    replace(Entry.Verbatim.class, found -> new Entry.Verbatim(found.key(), "other"));

    assertThat(laws()).contains("durable");
  }

  @Test
  void webhookThatBecomesNoFactIsLost() {
    healthy();
    drop(entry -> entry instanceof Entry.Fact fact && fact.id().startsWith("stripe:evt_refund"));

    assertThat(laws()).contains("translated");
  }

  @Test
  void factOfNobodyIsInvented() {
    healthy();
    fact("evt_x", "stripe:pi_1");

    assertThat(laws()).contains("nothing invented");
  }

  @Test
  void webhookThatIsNeverAcceptedIsFound() {
    healthy();
    drop(Entry.Accepted.class::isInstance);

    assertThat(laws()).contains("accepted in the end");
  }

  @Test
  void refusalOfAGoodWebhookIsFound() {
    healthy();
    history.add(new Entry.Answered(1, "stripe", "evt_paid", 500));

    assertThat(laws()).contains("answers");
  }

  @Test
  void secondRequestIsFound() {
    healthy();
    told("stripe:pi_1", 4, FULFILLMENT + "requested.v1");

    assertThat(laws()).contains("fulfilled once");
  }

  @Test
  void missingRequestIsFound() {
    healthy();
    replace(
        Entry.Told.class,
        told ->
            told.type().contains("requested")
                ? new Entry.Told(told.order(), told.sequence(), told.id(), "dev.quittance.x.v1")
                : told);

    assertThat(laws()).contains("fulfilled once", "last effect");
  }

  @Test
  void requestWithoutMoneyIsFound() {
    healthy();
    told("stripe:pi_2", 2, FULFILLMENT + "requested.v1");

    assertThat(laws()).contains("fulfilled once");
  }

  @Test
  void gapInTheSequenceIsFound() {
    healthy();
    drop(entry -> entry instanceof Entry.Told(_, var sequence, _, _) && sequence == 2);

    assertThat(laws()).contains("sequence");
  }

  @Test
  void numberThatWasGivenTwiceIsFound() {
    healthy();
    history.add(new Entry.Told("stripe:pi_1", 3, "another", "dev.quittance.order.paid.v1"));

    assertThat(laws()).contains("sequence");
  }

  @Test
  void captureInPartIsPaidAndItsReleaseIsNoRefund() {
    capturedInPart();

    assertThat(laws()).isEmpty();
  }

  private void capturedInPart() {
    healthy();
    sent("evt_capture", "charge.captured", CAPTURED);
    sent(
        "evt_release",
        "refund.created",
        """
        {"id": "re_2", "object": "refund", "payment_intent": "pi_2", "amount": 2000,
         "status": "succeeded"}
        """);
    fact("evt_capture", "stripe:pi_2");
    fact("evt_release", "stripe:pi_2");
    told("stripe:pi_2", 2, "dev.quittance.order.paid.v1");
    told("stripe:pi_2", 3, FULFILLMENT + "requested.v1");
    replace(
        Entry.State.class,
        state ->
            state.order().equals("stripe:pi_2")
                ? state(state.source(), "stripe:pi_2", 2, "paid", "due", 3_000L, 0L)
                : state);
    receipt("rcp_3", "payment", "payment", "stripe:pi_2", 1_000);
    replace(Entry.Ledger.class, _ -> ledger("quittance-fulfillment", 0, 5, 0));
    replace(
        Entry.Lag.class,
        _ -> new Entry.Lag("quittance-fulfillment", "payments.events.v1", 0, 5, 5));
  }

  @Test
  void receiptOfAReleaseIsFoundUnlessTheCaptureCameLongAfterIt() {
    capturedInPart();
    receipt("rcp_4", "refund", "re_2", "stripe:pi_2", 1_000);
    history.add(new Entry.Unsupported("rcp_4", 0));
    assertThat(laws()).contains("receipts listed as wrong", "refund receipts");

    heard("evt_capture", TOTAL_FACT, 2_000);
    heard("evt_release", REFUND_FACT, -8_999);
    assertThat(laws()).as("it waited for too short").contains("receipts listed as wrong");

    heard("evt_release", REFUND_FACT, -9_000);
    assertThat(laws()).doesNotContain("receipts listed as wrong", "refund receipts");
  }

  private void heard(String event, String type, long at) {
    history.add(
        new Entry.Fact(at, "stripe:" + event + ":1", "stripe:pi_2", type, 0, 1, LookUpState.NONE));
  }

  @Test
  void receiptForWhatWasOnlyAgreedIsFound() {
    healthy();
    sent("evt_capture", "charge.captured", CAPTURED);
    fact("evt_capture", "stripe:pi_2");
    receipt("rcp_3", "payment", "payment", "stripe:pi_2", 3_000);

    assertThat(laws()).contains("receipt amount");
  }

  @Test
  void receiptThatWentOutBeforeTheLastCaptureHasToBeListed() {
    healthy();
    sent("evt_capture", "charge.captured", CAPTURED);
    sent(
        "evt_last",
        "payment_intent.succeeded",
        """
        {"id": "pi_2", "object": "payment_intent", "amount": 3000, "amount_received": 1500,
         "status": "succeeded"}
        """);
    receipt("rcp_3", "payment", "payment", "stripe:pi_2", 1_000);
    assertThat(laws()).contains("receipt amount");

    history.add(new Entry.Unsupported("rcp_3", 1_400));
    assertThat(laws()).contains("receipt amount", "receipts listed as wrong");

    replace(Entry.Unsupported.class, _ -> new Entry.Unsupported("rcp_3", 1_500));
    assertThat(laws()).doesNotContain("receipt amount", "receipts listed as wrong");
  }

  @Test
  void receiptListedAsWrongThatIsRightIsFound() {
    healthy();
    history.add(new Entry.Unsupported("rcp_1", 1));

    assertThat(laws()).contains("receipts listed as wrong");
  }

  @Test
  void repeatedRecordIsNoViolation() {
    healthy();
    told("stripe:pi_1", 2, FULFILLMENT + "requested.v1");

    assertThat(laws()).isEmpty();
  }

  @Test
  void wrongStatusIsFound() {
    healthy();
    replace(Entry.State.class, state -> with(state, "paid", state.refunded()));

    assertThat(laws()).contains("state");
  }

  @Test
  void wrongRefundIsFound() {
    healthy();
    replace(Entry.State.class, state -> with(state, state.payment(), 701L));

    assertThat(laws()).contains("state");
  }

  @Test
  void missingOrderIsFound() {
    healthy();
    drop(entry -> entry instanceof Entry.State state && state.source().equals("api"));

    assertThat(laws()).contains("state");
  }

  @Test
  void olderStateBehindANewerOneIsFound() {
    healthy();
    history.add(state("topic", "stripe:pi_1", 1, "paid", "due", 3_000L, 0L));

    assertThat(laws()).contains("last state", "state");
  }

  /// Who reads between the two keeps the older one until then.
  @Test
  void olderStateBehindANewerOneIsFoundAlsoWhereTheNewerComesOnceMore() {
    healthy();
    history.add(state("topic", "stripe:pi_1", 1, "paid", "due", 3_000L, 0L));
    history.add(state("topic", "stripe:pi_1", 2, "partially_refunded", "due", 3_000L, 700L));

    assertThat(laws()).containsExactly("last state");
  }

  @Test
  void stateThatWasNeverPublishedIsFoundThoughItLooksTheSame() {
    healthy();
    replace(
        Entry.State.class,
        state ->
            state.source().equals("api") && state.order().equals("stripe:pi_1")
                ? state("api", "stripe:pi_1", 3, "partially_refunded", "due", 3_000L, 700L)
                : state);

    assertThat(laws()).containsExactly("last state");
  }

  @Test
  void stateThatComesAgainUnderItsVersionIsNoViolation() {
    healthy();
    history.add(state("topic", "stripe:pi_1", 2, "partially_refunded", "due", 3_000L, 700L));

    assertThat(laws()).isEmpty();
  }

  @Test
  void eventThatOvertakesIsFoundThoughAllAreThere() {
    healthy();
    Entry second =
        history.stream()
            .filter(entry -> entry instanceof Entry.Told(_, var sequence, _, _) && sequence == 2)
            .findFirst()
            .orElseThrow();
    history.remove(second);
    history.add(second);

    assertThat(laws()).containsExactly("sequence");
  }

  @Test
  void orderOfNobodyIsInvented() {
    healthy();
    history.add(state("api", "stripe:pi_9", 1, "paid", "due", 3_000L, 0L));

    assertThat(laws()).contains("nothing invented");
  }

  @Test
  void whoWasErasedAndIsStillInAStateIsFound() {
    healthy();
    erased();
    assertThat(laws()).isEmpty();

    for (String source : List.of("topic", "api")) {
      List<Entry> sound = List.copyOf(history);
      replace(
          Entry.State.class,
          state ->
              state.source().equals(source) && state.order().equals("stripe:pi_1")
                  ? state(source, "stripe:pi_1", 3, "partially_refunded", "due", 3_000L, 700L)
                  : state);
      assertThat(laws()).as(source).contains("erased");
      history.clear();
      history.addAll(sound);
    }
  }

  @Test
  void whoWasErasedAndComesBackByAnOlderStateIsFound() {
    healthy();
    erased();
    history.add(state("topic", "stripe:pi_1", 2, "partially_refunded", "due", 3_000L, 700L));

    assertThat(laws()).contains("erased", "last state");
  }

  @Test
  void erasureThatIsNotToldOrThatNobodyAskedForIsFound() {
    healthy();
    erased();
    drop(entry -> entry instanceof Entry.Told told && told.type().contains("customer_erased"));
    assertThat(laws()).containsExactly("erased");

    drop(Entry.Erased.class::isInstance);
    told("stripe:pi_1", 4, "dev.quittance.order.customer_erased.v1");
    assertThat(laws()).containsExactly("erased");
  }

  @Test
  void receiptThatWasSkippedIsFoundUnlessItsCustomerWasErased() {
    healthy();
    skipTheRefundsReceipt();
    assertThat(laws()).containsExactly("receipt sent");

    erased();
    assertThat(laws()).isEmpty();
  }

  @Test
  void receiptThatStillSaysToWhomThoughItsCustomerWasErasedIsFound() {
    healthy();
    erased();
    replace(Entry.Receipt.class, one -> addressed(one, one.kind().equals("refund")));

    assertThat(laws()).containsExactly("erased");
  }

  @Test
  void receiptOfAnOlderHistoryIsNotHeldToThat() throws JsonProcessingException {
    healthy();
    erased();
    drop(entry -> entry instanceof Entry.Receipt receipt && receipt.kind().equals("payment"));
    String line =
        """
        {"what": "receipt", "id": "rcp_1", "order": "stripe:pi_1", "kind": "payment",
         "subject": "payment", "status": "sent", "amount": 3000, "messageId": "rcp_1@shop",
         "number": "n-rcp_1"}
        """;
    history.add(JSON.readValue(line, Entry.class));

    assertThat(laws()).isEmpty();
  }

  @Test
  void skippedReceiptThatIsToldIsFound() {
    healthy();
    erased();
    skipTheRefundsReceipt();
    for (String type : List.of("sent", "undeliverable")) {
      var told =
          new Entry.ReceiptTold(
              "rcp_2:1:" + type, "stripe:pi_1", "dev.quittance.receipt." + type + ".v1", "rcp_2");
      history.add(told);
      assertThat(laws()).as(type).containsExactly("receipt told");
      drop(told::equals);
    }
  }

  /// It was skipped while the refund was one: nobody was told, so that nothing is to be corrected.
  @Test
  void refundThatWentBackNeedsNoCorrectionWhereItsReceiptWasSkipped() {
    healthy();
    sent(
        "evt_back",
        "refund.failed",
        """
        {"id": "re_1", "object": "refund", "payment_intent": "pi_1", "amount": 700,
         "status": "failed"}
        """);
    assertThat(laws()).contains("refund receipts", "receipt once");

    erased();
    assertThat(laws()).contains("refund receipts", "receipt once");

    skipTheRefundsReceipt();
    assertThat(laws()).doesNotContain("refund receipts", "receipt once", "receipt sent");
  }

  /// The mail server took it, we never heard so, and then there was nobody to send it to again.
  @Test
  void mailOfASkippedReceiptIsFoundUnlessItsAnswerMayHaveBeenLost() {
    healthy();
    erased();
    skipTheRefundsReceipt();
    history.add(new Entry.Mailed(60_000, "rcp_2@shop", "jenny@example.com"));
    assertThat(laws()).containsExactly("receipt once");

    history.add(new Entry.Faulted(0, 5_000, "half-open", List.of("mail")));
    history.add(new Entry.Faulted(50_000, 70_000, "half-open", List.of("broker")));
    assertThat(laws()).containsExactly("receipt once");

    history.add(new Entry.Faulted(50_000, 70_000, "half-open", List.of("mail")));
    assertThat(laws()).isEmpty();

    history.add(new Entry.Mailed(90_000, "rcp_2@shop", "jenny@example.com"));
    assertThat(laws()).as("the second one was answered").containsExactly("receipt once");
  }

  @Test
  void lostAnswerExcusesNoMailToWhoWasNotErased() {
    healthy();
    history.add(new Entry.Faulted(50_000, 70_000, "half-open", List.of("mail")));
    history.add(new Entry.Mailed(60_000, "rcp_9@shop", "jenny@example.com"));
    assertThat(laws()).containsExactly("receipt once");

    erased();
    assertThat(laws()).as("all receipts were sent").containsExactly("receipt once");
  }

  private void skipTheRefundsReceipt() {
    replace(
        Entry.Receipt.class,
        one ->
            one.kind().equals("refund")
                ? new Entry.Receipt(
                    one.id(),
                    one.order(),
                    one.kind(),
                    one.subject(),
                    "skipped",
                    700,
                    null,
                    null,
                    false)
                : one);
    drop(entry -> entry instanceof Entry.ReceiptTold told && told.receipt().equals("rcp_2"));
    drop(entry -> entry instanceof Entry.Mailed mail && mail.messageId().startsWith("rcp_2"));
  }

  /// The first order's customer is forgotten.
  private void erased() {
    history.add(new Entry.Erased(20, "stripe:pi_1"));
    told("stripe:pi_1", 4, "dev.quittance.order.customer_erased.v1");
    replace(
        Entry.State.class,
        state ->
            state.order().equals("stripe:pi_1")
                ? new Entry.State(
                    state.source(),
                    state.order(),
                    3,
                    state.payment(),
                    state.fulfillment(),
                    state.amount(),
                    state.refunded(),
                    state.items(),
                    false)
                : state);
    replace(Entry.Receipt.class, one -> addressed(one, false));
  }

  private static Entry.Receipt addressed(Entry.Receipt one, boolean addressed) {
    return new Entry.Receipt(
        one.id(),
        one.order(),
        one.kind(),
        one.subject(),
        one.status(),
        one.amount(),
        one.messageId(),
        one.number(),
        addressed);
  }

  @Test
  void whatWasShippedIsCompletedOnce() {
    healthy();
    history.add(new Entry.Commanded(30, "stripe:pi_1", "fulfillments", true));
    assertThat(laws()).containsOnly("state", "fulfilled once", "last effect");

    stands("fulfilled");
    told("stripe:pi_1", 4, FULFILLMENT + "completed.v1");
    assertThat(laws()).isEmpty();

    told("stripe:pi_1", 5, FULFILLMENT + "completed.v1");
    assertThat(laws()).containsExactly("fulfilled once");
  }

  @Test
  void whatWasRefusedHasNoEffect() {
    healthy();
    history.add(new Entry.Commanded(30, "stripe:pi_1", "fulfillments", false));
    assertThat(laws()).isEmpty();

    stands("fulfilled");
    told("stripe:pi_1", 4, FULFILLMENT + "completed.v1");
    assertThat(laws()).containsOnly("state", "fulfilled once", "last effect");
  }

  @Test
  void whatIsHeldStaysSoUntilItIsLetGo() {
    healthy();
    history.add(new Entry.Commanded(30, "stripe:pi_1", "hold", true));
    assertThat(laws()).containsOnly("state", "last effect");

    stands("on_hold");
    told("stripe:pi_1", 4, FULFILLMENT + "held.v1");
    assertThat(laws()).isEmpty();

    history.add(new Entry.Commanded(40, "stripe:pi_1", "release", true));
    assertThat(laws()).containsOnly("state", "last effect");

    stands("due");
    told("stripe:pi_1", 5, FULFILLMENT + "released.v1");
    assertThat(laws()).isEmpty();
  }

  @Test
  void ofACartThatWasPaidTwiceOneOrderGoesOut() {
    carts();
    stands("stripe:pi_3", "paid", "due", "requested");
    stands("stripe:pi_4", "paid", "on_hold", "held");

    assertThat(laws()).isEmpty();
  }

  @Test
  void twoOrdersOfACartThatAreBothOutAreFound() {
    carts();
    stands("stripe:pi_3", "paid", "due", "requested");
    stands("stripe:pi_4", "paid", "due", "requested");

    assertThat(laws()).containsExactly("paid twice");
  }

  @Test
  void oneThatAPersonLetGoIsNoFault() {
    carts();
    stands("stripe:pi_3", "paid", "due", "requested");
    stands("stripe:pi_4", "paid", "due", "requested");
    history.add(new Entry.Commanded(30, "stripe:pi_4", "release", true));

    assertThat(laws()).isEmpty();
  }

  @Test
  void oneThatWaitsForNobodyIsFound() {
    carts();
    stands("stripe:pi_3", "paid", "on_hold", "held");
    stands("stripe:pi_4", "paid", "on_hold", "held");

    assertThat(laws()).containsExactly("paid twice");
  }

  /// Two payments with one reference.
  private void carts() {
    for (String number : List.of("3", "4")) {
      String order = "stripe:pi_" + number;
      sent(
          "evt_" + number,
          "checkout.session.completed",
          session("cs_" + number, "pi_" + number, "paid")
              .replaceFirst("\\{", "{\"client_reference_id\": \"cart-1\", "));
      fact("evt_" + number, order);
      told(order, 1, "dev.quittance.order.paid.v1");
      receipt("rcp_" + number, "payment", "payment", order, 3_000);
    }
    history.add(ledger("quittance-fulfillment", 0, 2, 0));
    history.add(new Entry.Lag("quittance-fulfillment", "payments.events.v1", 0, 2, 2));
  }

  private void stands(String order, String payment, String fulfillment, String effect) {
    told(order, 2, FULFILLMENT + effect + ".v1");
    for (String source : List.of("topic", "api")) {
      history.add(state(source, order, 2, payment, fulfillment, 3_000L, null));
    }
  }

  /// The first order, by both sources.
  private void stands(String fulfillment) {
    replace(
        Entry.State.class,
        state ->
            state.order().equals("stripe:pi_1")
                ? state(
                    state.source(),
                    state.order(),
                    state.version() + 1,
                    state.payment(),
                    fulfillment,
                    state.amount(),
                    state.refunded())
                : state);
  }

  @Test
  void missingReceiptIsFound() {
    healthy();
    drop(entry -> entry instanceof Entry.Receipt receipt && receipt.kind().equals("payment"));

    assertThat(laws()).contains("receipt once");
  }

  @Test
  void missingRefundReceiptIsFound() {
    healthy();
    drop(entry -> entry instanceof Entry.Receipt receipt && receipt.kind().equals("refund"));

    assertThat(laws()).contains("receipt once", "refund receipts");
  }

  @Test
  void secondReceiptIsFound() {
    healthy();
    receipt("rcp_3", "payment", "payment", 3_000);

    assertThat(laws()).contains("receipt once");
  }

  @Test
  void receiptWithoutAMailIsFound() {
    healthy();
    drop(Entry.Mailed.class::isInstance);

    assertThat(laws()).contains("receipt sent");
  }

  @Test
  void mailToSomebodyElseIsFound() {
    healthy();
    replace(Entry.Mailed.class, mail -> new Entry.Mailed(mail.at(), mail.messageId(), "eve@x.y"));

    assertThat(laws()).contains("receipt sent");
  }

  @Test
  void mailUnderAnotherMessageIdIsFound() {
    healthy();
    history.add(new Entry.Mailed(100, "rcp_1.2@shop", "jenny@example.com"));

    assertThat(laws()).contains("receipt once");
  }

  @Test
  void doubledMailIsFoundUnlessItsAnswerMayHaveBeenLost() {
    healthy();
    history.add(new Entry.Mailed(60_000, "rcp_1@shop", "jenny@example.com"));

    assertThat(laws()).contains("receipt once");

    history.add(new Entry.Faulted(0, 5_000, "term", List.of("receipts")));
    history.add(new Entry.Faulted(0, 5_000, "end-session", List.of("receipts")));
    history.add(new Entry.Faulted(0, 5_000, "overtake", List.of("fulfillment")));
    history.add(new Entry.Faulted(0, 5_000, "kill", List.of("broker")));
    history.add(new Entry.Faulted(50_000, 70_000, "kill", List.of("receipts")));

    assertThat(laws()).contains("receipt once");

    history.add(new Entry.Faulted(0, 5_000, "kill", List.of("receipts")));

    assertThat(laws()).isEmpty();
  }

  @Test
  void undeliverableReceiptThatNobodyRefusedIsFound() {
    healthy();
    replace(
        Entry.Receipt.class,
        one ->
            new Entry.Receipt(
                one.id(),
                one.order(),
                one.kind(),
                one.subject(),
                "undeliverable",
                one.amount(),
                one.messageId(),
                one.number(),
                one.addressed()));

    assertThat(laws()).contains("receipt sent");
  }

  @Test
  void untoldReceiptIsFound() {
    healthy();
    drop(Entry.ReceiptTold.class::isInstance);

    assertThat(laws()).contains("receipt told");
  }

  @Test
  void paymentThatBouncedNeedsTheCorrectionOfAReceiptThatWentOut() {
    healthy();
    bounced();
    assertThat(laws()).containsExactly("receipt taken back");

    receipt("rcp_4", "correction", "bounced:1", "stripe:pi_3", 3_000);
    assertThat(laws()).isEmpty();

    receipt("rcp_5", "correction", "bounced:2", "stripe:pi_3", 3_000);
    assertThat(laws()).containsExactly("receipt taken back");
  }

  @Test
  void correctionOfAPaymentThatDidNotBounceIsFound() {
    healthy();
    receipt("rcp_4", "correction", "bounced:1", 3_000);

    assertThat(laws()).containsExactly("receipt taken back");
  }

  private void bounced() {
    sent("evt_debited", "checkout.session.completed", session("cs_3", "pi_3", "paid"));
    sent(
        "evt_returned",
        "charge.failed",
        """
        {"id": "ch_3", "object": "charge", "payment_intent": "pi_3", "status": "failed",
         "failure_balance_transaction": "txn_3"}
        """);
    fact("evt_debited", "stripe:pi_3");
    fact("evt_returned", "stripe:pi_3");
    told("stripe:pi_3", 1, "dev.quittance.order.paid.v1");
    told("stripe:pi_3", 2, FULFILLMENT + "requested.v1");
    told("stripe:pi_3", 3, "dev.quittance.order.payment_reversed.v1");
    told("stripe:pi_3", 4, FULFILLMENT + "canceled.v1");
    for (String source : List.of("topic", "api")) {
      history.add(state(source, "stripe:pi_3", 2, "reversed", "canceled", 3_000L, 0L));
    }
    receipt("rcp_3", "payment", "payment", "stripe:pi_3", 3_000);
    replace(
        Entry.Ledger.class,
        ledger ->
            ledger.group().equals("quittance-fulfillment")
                ? ledger("quittance-fulfillment", 0, 5, 0)
                : ledger);
    replace(
        Entry.Lag.class,
        _ -> new Entry.Lag("quittance-fulfillment", "payments.events.v1", 0, 5, 5));
  }

  @Test
  void recordThatWasNotReadIsFound() {
    healthy();
    history.add(new Entry.Lag("quittance-receipts", "payments.events.v1", 0, 2, 3));

    assertThat(laws()).contains("conservation");
  }

  @Test
  void recordThatWasNotCountedIsFound() {
    healthy();
    replace(
        Entry.Ledger.class, ledger -> ledger("quittance-fulfillment", 0, ledger.applied() - 1, 0));

    assertThat(laws()).contains("conservation");
  }

  @Test
  void factThatWasAppliedTwiceIsFound() {
    healthy();
    fact("evt_paid", "stripe:pi_1");
    counted(4, 0);

    assertThat(laws()).contains("conservation");

    counted(3, 1);

    assertThat(laws()).isEmpty();
  }

  @Test
  void answerOfTheProviderCountsForItselfUnlessItCameFirst() {
    healthy();
    fact("evt_refund", "stripe:pi_1", 0, LookUpState.KNOWN);
    counted(4, 0);
    assertThat(laws()).isEmpty();

    counted(3, 1);
    assertThat(laws()).as("an answer without an effect").contains("conservation");

    fact("evt_refund", "stripe:pi_1", 0, LookUpState.PENDING);
    fact("evt_refund", "stripe:pi_1", 0, LookUpState.KNOWN);
    counted(4, 2);
    assertThat(laws()).isEmpty();

    counted(5, 1);
    assertThat(laws()).as("an answer that was applied twice").contains("conservation");
  }

  @Test
  void whatIsInTwoPartitionsCountsOnceAtLeastAndAtMostOnceInEach() {
    healthy();
    fact("evt_refund", "stripe:pi_9", 1, LookUpState.KNOWN);
    history.add(new Entry.Lag("quittance-fulfillment", "payments.events.v1", 1, 1, 1));
    drop(Entry.Ledger.class::isInstance);

    for (var counts : List.of(List.of(3L, 1L), List.of(3L, 0L), List.of(2L, 1L))) {
      assertThat(conserved(counts.get(0), counts.get(1))).as(counts.toString()).isTrue();
    }
    for (var counts : List.of(List.of(2L, 0L), List.of(1L, 1L), List.of(2L, 2L))) {
      assertThat(conserved(counts.get(0), counts.get(1))).as(counts.toString()).isFalse();
    }
  }

  /// Whether these numbers of applied facts in two partitions are possible.
  private boolean conserved(long first, long second) {
    history.add(ledger("quittance-fulfillment", 0, first, 3 - first));
    history.add(ledger("quittance-fulfillment", 1, second, 1 - second));
    boolean conserved = !laws().contains("conservation");
    drop(Entry.Ledger.class::isInstance);
    return conserved;
  }

  private void counted(long applied, long duplicate) {
    replace(Entry.Ledger.class, _ -> ledger("quittance-fulfillment", 0, applied, duplicate));
  }

  @Test
  void deadLetterIsFound() {
    healthy();
    history.add(new Entry.Dead("payments.events.v1.x.dlq", "stripe:pi_1", "poison"));

    assertThat(laws()).contains("dead letters");
  }

  @Test
  void unfinishedWorkIsFound() {
    healthy();
    history.add(new Entry.Unsettled("receipts to send", 1));

    assertThat(laws()).contains("drained");
  }

  @Test
  void refundThatIsToldOnlyWhenTheProviderSpeaksAgainIsFound() {
    healthy();
    history.add(new Entry.Faulted(0, 24_000, "api-hangs", List.of("api")));
    assertThat(laws()).isEmpty();

    replace(
        Entry.Fact.class,
        fact ->
            fact.id().startsWith("stripe:evt_refund")
                ? new Entry.Fact(
                    24_500, fact.id(), fact.order(), fact.type(), 0, 1, LookUpState.NONE)
                : fact);
    assertThat(laws()).containsExactly("told while the provider is silent");

    history.add(new Entry.Faulted(0, 5_000, "kill", List.of("ingest")));
    assertThat(laws()).isEmpty();
  }

  @Test
  void unknownItemsAreFoundUnlessTheProviderWasSilent() {
    healthy();
    replace(Entry.State.class, CheckerTest::withoutItems);
    assertThat(laws()).contains("state");

    history.add(new Entry.Faulted(0, 24_000, "api-hangs", List.of("api")));
    assertThat(laws()).isEmpty();
  }

  private static Entry.State withoutItems(Entry.State state) {
    return new Entry.State(
        state.source(),
        state.order(),
        state.version(),
        state.payment(),
        state.fulfillment(),
        state.amount(),
        state.refunded(),
        "unknown",
        state.customer());
  }

  /// One order that was paid and refunded in part, and one whose money is still on its way.
  private void healthy() {
    sent("evt_paid", "checkout.session.completed", session("cs_1", "pi_1", "paid"));
    sent(
        "evt_refund",
        "refund.created",
        """
        {"id": "re_1", "object": "refund", "payment_intent": "pi_1", "amount": 700,
         "status": "succeeded"}
        """);
    sent("evt_wait", "checkout.session.completed", session("cs_2", "pi_2", "unpaid"));
    fact("evt_paid", "stripe:pi_1");
    fact("evt_refund", "stripe:pi_1");
    fact("evt_wait", "stripe:pi_2");
    told("stripe:pi_1", 1, "dev.quittance.order.paid.v1");
    told("stripe:pi_1", 2, FULFILLMENT + "requested.v1");
    told("stripe:pi_1", 3, "dev.quittance.order.refunded.v1");
    told("stripe:pi_2", 1, "dev.quittance.order.payment_pending.v1");
    for (String source : List.of("topic", "api")) {
      history.add(state(source, "stripe:pi_1", 2, "partially_refunded", "due", 3_000L, 700L));
      history.add(state(source, "stripe:pi_2", 1, "pending", "not_due", 3_000L, null));
    }
    receipt("rcp_1", "payment", "payment", 3_000);
    receipt("rcp_2", "refund", "re_1", 700);
    history.add(ledger("quittance-fulfillment", 0, 3, 0));
    history.add(new Entry.Lag("quittance-fulfillment", "payments.events.v1", 0, 3, 3));
  }

  private void sent(String event, String type, String object) {
    history.add(new Entry.Sent("stripe", event, type, 1, json(object)));
    String sha = event.replace("evt", "sha");
    history.add(new Entry.Accepted(10, "stripe", event, sha));
    history.add(new Entry.Verbatim("stripe:" + event, sha));
  }

  private static String session(String id, String intent, String status) {
    return """
    {"id": "%s", "object": "checkout.session", "mode": "payment", "payment_intent": "%s",
     "payment_status": "%s", "status": "complete", "amount_total": 3000,
     "customer_details": {"email": "jenny@example.com"}}
    """
        .formatted(id, intent, status);
  }

  private void fact(String event, String order) {
    fact(event, order, 0, LookUpState.NONE);
  }

  private void fact(String event, String order, int partition, LookUpState lookUp) {
    history.add(
        new Entry.Fact(
            0,
            "stripe:" + event + ":1",
            order,
            "dev.quittance.payment.s.v1",
            partition,
            1,
            lookUp));
  }

  private void told(String order, long sequence, String type) {
    history.add(new Entry.Told(order, sequence, order + "#" + sequence, type));
  }

  private static Entry.State state(
      String source,
      String order,
      long version,
      String payment,
      String fulfillment,
      @Nullable Long amount,
      @Nullable Long refunded) {
    return new Entry.State(
        source, order, version, payment, fulfillment, amount, refunded, "known", true);
  }

  private static Entry.State with(Entry.State state, String payment, @Nullable Long refunded) {
    return state(
        state.source(),
        state.order(),
        state.version(),
        payment,
        state.fulfillment(),
        state.amount(),
        refunded);
  }

  private void receipt(String id, String kind, String subject, long amount) {
    receipt(id, kind, subject, "stripe:pi_1", amount);
  }

  private void receipt(String id, String kind, String subject, String order, long amount) {
    String message = id + "@shop";
    history.add(
        new Entry.Receipt(id, order, kind, subject, "sent", amount, message, "n-" + id, true));
    history.add(new Entry.ReceiptTold(id + ":1", order, "dev.quittance.receipt.sent.v1", id));
    history.add(new Entry.Mailed(1_000, message, "jenny@example.com"));
  }

  private static Entry.Ledger ledger(String group, int partition, long applied, long duplicate) {
    long end = applied + duplicate;
    return new Entry.Ledger(
        group, "payments.events.v1", partition, 0, end, applied, 0, duplicate, 0, 0, end);
  }

  private void drop(Predicate<Entry> wanted) {
    assertThat(history.removeIf(wanted)).isTrue();
  }

  private <T extends Entry> void replace(Class<T> type, UnaryOperator<T> change) {
    history.replaceAll(entry -> type.isInstance(entry) ? change.apply(type.cast(entry)) : entry);
  }

  private List<String> laws() {
    var checker = new Checker();
    history.forEach(checker::read);
    return checker.violations().stream().map(Violation::law).distinct().toList();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
