package dev.quittance.receipts.receipt;

import static dev.quittance.contracts.PaymentEvent.RefundStatus.FAILED;
import static dev.quittance.contracts.PaymentEvent.RefundStatus.SUCCEEDED;
import static dev.quittance.receipts.Shop.NOON;
import static dev.quittance.receipts.Shop.usd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.PaymentFact;
import dev.quittance.receipts.Shop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the customer of a payment that bounced is told, and the books say.
class BouncedPaymentTest {

  private final Shop shop = Shop.order("pi_1");
  private final ReceiptKey payment = ReceiptKey.payment(shop.order());
  private final ReceiptKey bounced = ReceiptKey.bounced(shop.order(), 1);
  private final ReceiptKey paidAgain = ReceiptKey.payment(shop.order(), 2);

  private final PaymentFact paid = shop.paidBy(0, "ch_1", 3000);
  private final PaymentFact gone = shop.bounced(1, "ch_1");
  private final PaymentFact again = shop.paidBy(2, "ch_2", 3000);

  private static ReceiptPlan plan(Map<ReceiptKey, ReceiptSummary> existing, PaymentFact... facts) {
    return ReceiptPlan.of(List.of(facts), existing, ReceiptPlanTest.ON, NOON);
  }

  private static ReceiptSummary standing(MailStatus status) {
    return new ReceiptSummary(status, usd(3000), true, null);
  }

  @Test
  void aReceiptThatWentOutIsTakenBackByOneCorrection() {
    var plan = plan(Map.of(payment, standing(MailStatus.SENT)), gone, paid);

    assertThat(plan.written()).extracting(Receipt::key).containsExactly(bounced);
    ReceiptContent content = ((Receipt.Due) plan.written().getFirst()).draft().content();
    assertThat(content.bounced()).isTrue();
    assertThat(content.amount()).isEqualTo(usd(3000));
    assertThat(content.happenedAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(
            plan(
                    Map.of(payment, standing(MailStatus.SENT), bounced, standing(MailStatus.SENT)),
                    paid,
                    gone)
                .written())
        .isEmpty();
  }

  @Test
  void aReceiptThatNobodyTriedToSendIsWithdrawnUnsaid() {
    for (MailStatus status : List.of(MailStatus.WAITING, MailStatus.DUE)) {
      var plan = plan(Map.of(payment, standing(status)), paid, gone);

      assertThat(plan.written()).isEmpty();
      assertThat(plan.withdrawn()).containsExactly(payment);
    }
    assertThat(plan(Map.of(), gone, paid).written()).isEmpty();
  }

  @Test
  void theCorrectionWaitsUntilItIsKnownWhatBecameOfTheReceipt() {
    for (MailStatus status : List.of(MailStatus.SENDING, MailStatus.RETRYING)) {
      assertThat(plan(Map.of(payment, standing(status)), paid, gone).written())
          .singleElement()
          .isInstanceOf(Receipt.Waiting.class);
    }
  }

  @Test
  void whoNeverGotAReceiptGetsNoCorrection() {
    for (MailStatus status : List.of(MailStatus.UNDELIVERABLE, MailStatus.SKIPPED)) {
      var existing = Map.of(payment, new ReceiptSummary(status, usd(3000), true, "receipts_off"));
      assertThat(plan(existing, paid, gone).written()).isEmpty();
    }
  }

  @Test
  void aFurtherPaymentHasAReceiptOfItsOwnAfterTheCorrection() {
    var existing = new HashMap<ReceiptKey, ReceiptSummary>();
    existing.put(payment, standing(MailStatus.SENT));
    existing.put(bounced, standing(MailStatus.SENDING));
    var waits = plan(existing, paid, gone, again);
    existing.put(bounced, standing(MailStatus.SENT));
    var goes = plan(existing, again, gone, paid);

    assertThat(waits.written()).extracting(Receipt::key).containsExactly(paidAgain);
    assertThat(waits.written().getFirst().status()).isEqualTo(MailStatus.WAITING);
    assertThat(goes.written()).singleElement().isInstanceOf(Receipt.Due.class);
    assertThat(((Receipt.Due) goes.written().getFirst()).draft().content().paidAt())
        .isEqualTo(NOON);
    assertThat(((Receipt.Due) goes.written().getFirst()).draft().content().happenedAt())
        .isEqualTo(NOON.plusSeconds(2));
  }

  @Test
  void asLongAsTheCorrectionIsUntouchedTheReceiptIsTrueAgain() {
    var existing = Map.of(payment, standing(MailStatus.SENT), bounced, standing(MailStatus.DUE));

    var plan = plan(existing, paid, gone, again);

    assertThat(plan.written()).isEmpty();
    assertThat(plan.withdrawn()).containsExactly(bounced);
  }

  @Test
  void theSecondPaymentMayBounceAsWell() {
    var existing =
        Map.of(
            payment, standing(MailStatus.SENT),
            bounced, standing(MailStatus.SENT),
            paidAgain, standing(MailStatus.SENT));

    var plan = plan(existing, paid, gone, again, shop.bounced(3, "ch_2"));

    assertThat(plan.written())
        .extracting(Receipt::key)
        .containsExactly(ReceiptKey.bounced(shop.order(), 2));
  }

  /// The money of a refund that was made before did leave, and doesn't come back by the bounce.
  @Test
  void aRefundsReceiptStaysAndAFailedOneHasItsCorrection() {
    var refund = ReceiptKey.refund(shop.order(), "re_1");
    var correction = ReceiptKey.correction(shop.order(), "re_1");
    var existing =
        Map.of(
            payment,
            standing(MailStatus.SENT),
            refund,
            new ReceiptSummary(MailStatus.SENT, usd(1000), true, null));
    PaymentFact refunded = shop.refund(1, "re_1", SUCCEEDED, 1000);
    PaymentFact later = shop.bounced(3, "ch_1");

    assertThat(plan(existing, paid, refunded, later).written())
        .extracting(Receipt::key)
        .containsExactly(bounced);
    assertThat(
            plan(existing, paid, refunded, shop.refund(2, "re_1", FAILED, 1000), later).written())
        .extracting(Receipt::key)
        .containsExactlyInAnyOrder(bounced, correction);
  }

  @Test
  void nothingOfItIsCalledWrong() {
    var facts = List.of(paid, gone);
    var again = List.of(paid, gone, this.again);
    var sent = Map.of(payment, standing(MailStatus.SENT), bounced, standing(MailStatus.SENT));
    var both = new HashMap<>(sent);
    both.put(paidAgain, standing(MailStatus.SENT));

    assertThat(SupportedAmounts.differing(facts, Map.of(payment, standing(MailStatus.SENT))))
        .isEmpty();
    assertThat(SupportedAmounts.differing(facts, sent)).isEmpty();
    assertThat(SupportedAmounts.differing(again, both)).isEmpty();
  }
}
