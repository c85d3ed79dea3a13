package dev.quittance.receipts.actions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.intake.PaymentIntake;
import dev.quittance.receipts.intake.ReplanReceipts;
import dev.quittance.receipts.persistence.Database;
import dev.quittance.receipts.persistence.OrderBatches;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.receipt.ReceiptKey;
import dev.quittance.testkit.HandClock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Corrections of receipts that went out with an amount that the facts don't support.
class CorrectReceiptsTest {

  private static final String LOST =
      "DELETE FROM payment_facts WHERE type = 'dev.quittance.payment.refund_updated.v1'";

  private final HandClock clock = new HandClock(Shop.NOON);
  private final Shop shop = Shop.order("pi_1");
  private final ReceiptId payment = ReceiptKey.payment(shop.order()).id();
  private final ReceiptId refund = ReceiptKey.refund(shop.order(), "re_1").id();
  private TestDatabase database;
  private PaymentIntake intake;
  private ReplanReceipts replan;
  private CorrectReceipts wrong;

  @BeforeEach
  void aRefundReceiptThatTheFactsDoNotSupport() {
    database = TestDatabase.create();
    intake = new PaymentIntake(new TestShop(), clock, () -> {});
    replan =
        new ReplanReceipts(
            new OrderBatches(new Database(database.source())), new TestShop(), clock, () -> {});
    wrong = new CorrectReceipts(new Database(database.source()), clock);
    take(shop.paid(0, 3000), shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    // a refund's receipt waits for the payment's
    database.run(
        "UPDATE mails SET status = 'sent', number = 'ACME-' || kind, sent_at = now(),"
            + " first_sent_at = now(), message_id = id");
    database.run(LOST);
    plan();
  }

  private void take(PaymentFact... facts) {
    database.exchange(exchange ->
        intake.apply(
            exchange,
            Stream.of(facts).map(fact -> intake.decode(TestShop.incoming(0, fact))).toList()));
  }

  private void plan() {
    replan.next(null, 200, false);
  }

  private List<String> wrong() {
    return database.ask(
        "SELECT kind || ' ' || supported_minor FROM mails WHERE supported_minor IS NOT NULL");
  }

  private List<String> corrections() {
    return database.ask(
        "SELECT status || ' ' || amount_minor FROM mails WHERE kind = 'correction' ORDER BY subject");
  }

  private void correctionSent() {
    database.run(
        "UPDATE mails SET status = 'sent', number = 'ACME-' || subject, sent_at = now(),"
            + " first_sent_at = now(), message_id = id WHERE kind = 'correction'");
  }

  @Test
  void planningMakesNoCorrection() {
    assertThat(wrong()).containsExactly("refund 0");
    assertThat(corrections()).isEmpty();
  }

  @Test
  void thoseThatWaitForSomebodyAreCountedUpToALimit() throws Exception {
    assertThat(wrong.waiting(100)).isEqualTo(1);
    assertThat(wrong.waiting(0)).isZero();

    wrong.correct(refund, "support");

    assertThat(wrong.waiting(100)).isZero();
  }

  @Test
  void thereIsOneCorrectionHoweverOftenItIsAskedFor() {
    CorrectReceipts.Answer first = wrong.correct(refund, "support");

    assertThat(first).isInstanceOf(CorrectReceipts.Answer.Made.class);
    assertThat(wrong.correct(refund, "support")).isEqualTo(first);
    assertThat(wrong.correctAll("support")).isEqualTo(new CorrectReceipts.Count(0, 0, List.of()));
    assertThat(corrections()).containsExactly("due 0");
    assertThat(wrong()).isEmpty();
    assertThat(
            database.one(
                "SELECT asked_by || ' ' || recipient || ' ' || series FROM mails WHERE kind = 'correction'"))
        .isEqualTo("support jane@example.com ACME");
    assertThat(
            database.one(
                "SELECT content -> 'corrects' ->> 'number' || ' ' || (content -> 'corrects' ->> 'kind')"
                    + " FROM mails WHERE kind = 'correction'"))
        .isEqualToIgnoringCase("ACME-refund refund");
  }

  @Test
  void theCorrectionIsShownBeforeItIsSentAndThatSendsNothing() {
    assertThat(wrong.correctable(List.of(refund.value(), payment.value())))
        .containsExactly(refund.value());

    assertThat(wrong.propose(refund).correction()).isNotNull();

    assertThat(corrections()).isEmpty();
    assertThat(wrong()).containsExactly("refund 0");
    wrong.correct(refund, "support");
    assertThat(wrong.propose(refund).answer()).isEqualTo(new CorrectReceipts.Answer.NotWrong());
    assertThat(wrong.correctable(List.of(refund.value()))).isEmpty();
  }

  @Test
  void planningAgainLeavesTheCorrectionAndListsNothing() {
    wrong.correct(refund, "support");
    plan();
    assertThat(corrections()).containsExactly("due 0");

    correctionSent();
    plan();
    take(shop.refund(2, "re_2", RefundStatus.SUCCEEDED, 500));

    assertThat(corrections()).containsExactly("sent 0");
    assertThat(wrong()).isEmpty();
  }

  @Test
  void factsThatChangeAgainCanBeCorrectedAgainAlsoBack() {
    wrong.correct(refund, "support");
    correctionSent();
    take(shop.refund(3, "re_1", RefundStatus.SUCCEEDED, 1000));
    assertThat(wrong()).containsExactly("refund 1000");

    assertThat(wrong.correct(refund, "support")).isInstanceOf(CorrectReceipts.Answer.Made.class);
    assertThat(corrections()).containsExactlyInAnyOrder("sent 0", "due 1000");
    assertThat(
            database.one(
                "SELECT content -> 'corrects' ->> 'number' FROM mails"
                    + " WHERE kind = 'correction' AND status = 'due'"))
        .startsWith("ACME-amount:" + refund.value() + ":0:");
    plan();
    assertThat(wrong()).isEmpty();

    correctionSent();
    database.run(LOST);
    plan();
    assertThat(wrong.correctAll("support")).isEqualTo(new CorrectReceipts.Count(1, 0, List.of()));
    assertThat(corrections()).containsExactlyInAnyOrder("sent 0", "sent 1000", "due 0");
  }

  @Test
  void aCorrectionOnItsWayIsWaitedFor() {
    wrong.correct(refund, "support");
    take(shop.refund(3, "re_1", RefundStatus.SUCCEEDED, 1000));

    assertThat(wrong.correct(refund, "support")).isEqualTo(new CorrectReceipts.Answer.UnderWay());
    assertThat(wrong.count()).isEqualTo(0);
    assertThat(wrong.correctAll("support")).isEqualTo(new CorrectReceipts.Count(0, 0, List.of()));
  }

  /// Else the failure would take back once more what was taken back already.
  @Test
  void aRefundThatWasCorrectedToNothingAndFailsIsNotTakenBackAgain() {
    wrong.correct(refund, "support");
    correctionSent();

    take(shop.refund(3, "re_1", RefundStatus.FAILED, 1000));

    assertThat(corrections()).containsExactly("sent 0");
  }

  @Test
  void anErasedCustomerIsNotWrittenTo() {
    database.run("UPDATE orders SET erased_at = now()");

    assertThat(wrong.correct(refund, "support")).isEqualTo(new CorrectReceipts.Answer.Erased());
    assertThat(wrong.count()).isEqualTo(0);
    assertThat(wrong.correctAll("support")).isEqualTo(new CorrectReceipts.Count(0, 0, List.of()));
    assertThat(corrections()).isEmpty();
  }

  @Test
  void aRightReceiptAndOneThatNobodyKnowsAreNotCorrected() {
    assertThat(wrong.correct(payment, "support")).isEqualTo(new CorrectReceipts.Answer.NotWrong());
    assertThat(wrong.correct(new ReceiptId("rcp_" + "a".repeat(26)), "support"))
        .isEqualTo(new CorrectReceipts.Answer.Unknown());
  }

  @Test
  void oneThatCannotBeReadIsNamedAndKeepsNoOtherBack() {
    database.run(
        "UPDATE mails SET supported_minor = 2500, supported_currency = 'USD' WHERE kind = 'payment'");
    database.run("UPDATE mails SET content = '{\"kind\": \"parcel\"}' WHERE kind = 'refund'");

    assertThat(wrong.correct(refund, "support"))
        .isEqualTo(new CorrectReceipts.Answer.Unreadable(refund));
    assertThat(wrong.correctAll("support"))
        .isEqualTo(new CorrectReceipts.Count(1, 0, List.of(refund)));
    assertThat(wrong.correctAll("support"))
        .as("asking again is of no use")
        .isEqualTo(new CorrectReceipts.Count(0, 0, List.of(refund)));
    assertThat(corrections()).containsExactly("due 2500");
  }

  /// What is still tried goes out as it is, and nothing plans again when it does.
  @Test
  void oneThatWasOnItsWayWhenTheFactsChangedIsListedOnceItWentOut() {
    database.run("UPDATE mails SET supported_minor = NULL, supported_currency = NULL");
    database.run(
        "UPDATE mails SET status = 'retrying', first_sent_at = NULL WHERE kind = 'refund'");
    plan();

    assertThat(wrong.count()).isEqualTo(0);
    assertThat(wrong.correct(refund, "support")).isEqualTo(new CorrectReceipts.Answer.NotWrong());

    database.run("UPDATE mails SET status = 'sent', first_sent_at = now() WHERE kind = 'refund'");
    assertThat(wrong.count()).isEqualTo(1);
  }

  @Test
  void countingMakesNone() {
    assertThat(wrong.count()).isEqualTo(1);
    assertThat(corrections()).isEmpty();
  }
}
