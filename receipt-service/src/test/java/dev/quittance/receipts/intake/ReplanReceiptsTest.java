package dev.quittance.receipts.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.persistence.Database;
import dev.quittance.receipts.persistence.OrderBatches;
import dev.quittance.testkit.HandClock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Receipts of stored orders that a changed plan or fold reaches.
class ReplanReceiptsTest {

  private static final String LOST =
      "DELETE FROM payment_facts WHERE type = 'dev.quittance.payment.refund_updated.v1'";

  private final HandClock clock = new HandClock(Shop.NOON);
  private final AtomicInteger wakes = new AtomicInteger();
  private final Shop shop = Shop.order("pi_1");
  private TestDatabase database;
  private PaymentIntake intake;
  private ReplanReceipts replan;

  @BeforeEach
  void twoOrders() {
    database = TestDatabase.create();
    intake = new PaymentIntake(new TestShop(), clock, () -> {});
    replan =
        new ReplanReceipts(
            new OrderBatches(new Database(database.source())),
            new TestShop(),
            clock,
            wakes::incrementAndGet);
    take(shop.paid(0, 3000), shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    take(Shop.order("pi_2").paid(0, 500));
  }

  private void take(PaymentFact... facts) {
    List<IncomingEvent> received =
        Stream.of(facts).map(fact -> intake.decode(TestShop.incoming(0, fact))).toList();
    database.exchange(exchange -> intake.apply(exchange, received));
  }

  private void allSent() {
    database.run(
        "UPDATE mails SET status = 'sent', number = 'ACME-' || id, sent_at = now(),"
            + " message_id = id, content = coalesce(content, '{}'), series = 'ACME'");
  }

  private List<String> wrong() {
    return database.ask(
        "SELECT kind || ' ' || amount_minor || ' ' || supported_minor FROM mails"
            + " WHERE supported_minor IS NOT NULL ORDER BY 1");
  }

  @Test
  void aRefundReceiptThatTheFactsDoNotSupportIsNotedAndNothingIsSent() {
    allSent();
    database.run(LOST);

    assertThat(replan.next(null, 200, true)).isEqualTo(new OrderBatches.Batch(2, 1, null));
    assertThat(wrong()).isEmpty();

    assertThat(replan.next(null, 200, false)).isEqualTo(new OrderBatches.Batch(2, 1, null));
    assertThat(wrong()).containsExactly("refund 1000 0");
    assertThat(database.ask("SELECT DISTINCT status FROM mails")).containsExactly("sent");

    assertThat(replan.next(null, 200, false)).isEqualTo(new OrderBatches.Batch(2, 0, null));
  }

  @Test
  void aWithdrawalNotesItAtOnce() {
    allSent();
    String source = shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000).id().sourceEvent();

    database.exchange(exchange ->
        intake.apply(
            exchange,
            List.of(
                new IncomingEvent.Withdrawn(
                    new PaymentMessage.Withdrawal(source, 2, LookUpState.NONE)))));

    assertThat(wrong()).containsExactly("refund 1000 0");
  }

  @Test
  void whatNobodyTriedToSendIsSimplyWithdrawn() {
    database.run(LOST);

    assertThat(replan.next(null, 200, false)).isEqualTo(new OrderBatches.Batch(2, 1, null));

    assertThat(database.ask("SELECT kind FROM mails ORDER BY 1"))
        .containsExactly("payment", "payment");
  }

  @Test
  void batchesGoOnBehindTheLastOrder() {
    assertThat(replan.next(null, 1, true))
        .isEqualTo(new OrderBatches.Batch(1, 0, new OrderId("stripe:pi_1")));
    assertThat(replan.next("stripe:pi_1", 1, true).orders()).isEqualTo(1);
    assertThat(replan.next("stripe:pi_2", 1, true)).isEqualTo(new OrderBatches.Batch(0, 0, null));
  }
}
