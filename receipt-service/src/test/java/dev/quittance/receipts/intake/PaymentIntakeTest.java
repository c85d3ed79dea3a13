package dev.quittance.receipts.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.LookUpState;
import dev.quittance.contracts.NewerEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMessage;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import dev.quittance.receipts.HandClock;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaymentIntakeTest {

  private static final Outcome APPLIED = new Outcome.Applied();
  private static final Outcome DUPLICATE = new Outcome.Duplicate();
  private static final Outcome IGNORED = new Outcome.Ignored();

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static TestDatabase database;

  private final HandClock clock = new HandClock(Shop.NOON);
  private final AtomicInteger wakes = new AtomicInteger();
  private final PaymentIntake intake =
      new PaymentIntake(new TestShop(), clock, wakes::incrementAndGet);
  private final Shop shop = Shop.order("pi_1");

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void empty() {
    database.run(
        "TRUNCATE orders, payment_facts, receipts, receipt_numbers, outbox, source_events CASCADE");
  }

  private List<Outcome> take(PaymentFact... facts) {
    List<Heard> heard =
        Stream.of(facts).map(fact -> intake.decode(TestShop.incoming(0, fact))).toList();
    return database.exchange(exchange -> intake.apply(exchange, heard));
  }

  private List<String> receipts() {
    return database.ask(
        "SELECT order_id || ' ' || kind || ' ' || status || ' ' || amount_minor FROM receipts ORDER BY 1");
  }

  @Test
  void fiveDeliveriesAreOneReceipt() {
    PaymentFact paid = shop.paid(0, 3000);

    assertThat(take(paid, paid)).containsExactly(APPLIED, DUPLICATE);
    assertThat(take(paid)).containsExactly(DUPLICATE);
    assertThat(take(paid, paid)).containsExactly(DUPLICATE, DUPLICATE);

    assertThat(receipts()).containsExactly("stripe:pi_1 payment due 3000");
  }

  @Test
  void fundsBeforeTheCheckoutWaitForIt() {
    take(shop.fundsOnly(0, 3000));
    assertThat(receipts()).containsExactly("stripe:pi_1 payment waiting 3000");

    take(shop.paid(1, 3000));
    assertThat(receipts()).containsExactly("stripe:pi_1 payment due 3000");
  }

  @Test
  void refundBeforeItsPaymentWaits() {
    take(shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    assertThat(receipts()).isEmpty();

    take(shop.paid(0, 3000));
    assertThat(receipts())
        .containsExactly("stripe:pi_1 payment due 3000", "stripe:pi_1 refund waiting 1000");
  }

  @Test
  void correctedTranslationReplacesWhatItCorrects() {
    take(shop.fact(0, 1, shop.paid(0, 9999).event()));
    assertThat(receipts()).containsExactly("stripe:pi_1 payment due 9999");

    assertThat(take(shop.fact(0, 2, shop.paid(0, 3000).event()))).containsExactly(APPLIED);
    assertThat(take(shop.fact(0, 1, shop.paid(0, 9999).event()))).containsExactly(DUPLICATE);

    assertThat(receipts()).containsExactly("stripe:pi_1 payment due 3000");
  }

  @Test
  void whatIsWithdrawnCallsForNoReceiptAnyMoreAndNoneIfItComesLater() {
    take(shop.fact(0, 1, shop.paid(0, 9999).event()));
    String source = shop.fact(0, 1, shop.paid(0, 9999).event()).id().sourceEvent();
    var withdrawal =
        new Heard.Withdrawn(new PaymentMessage.Withdrawal(source, 2, LookUpState.NONE));

    assertThat(taken(withdrawal)).containsExactly(APPLIED);
    assertThat(taken(withdrawal)).containsExactly(DUPLICATE);
    assertThat(take(shop.fact(0, 1, shop.paid(0, 9999).event()))).containsExactly(DUPLICATE);

    assertThat(receipts()).isEmpty();
  }

  @Test
  void disputeThatAnEarlierTranslationTookForAPaymentTakesItsPlace() {
    PaymentFact wrong = shop.fact(0, 1, shop.paid(0, 9999).event());
    take(wrong);

    assertThat(
            take(
                new PaymentFact(
                    wrong.id(),
                    2,
                    new PaymentEvent.DisputeUpdated(
                        shop.about(1), "dp_1", DisputeStatus.OPEN, null, null))))
        .containsExactly(IGNORED);

    assertThat(receipts()).isEmpty();
  }

  private List<Outcome> taken(Heard heard) {
    return database.exchange(exchange -> intake.apply(exchange, List.of(heard)));
  }

  @Test
  void translationThatMovesAnEventToAnotherOrderTakesItFromTheFirst() {
    PaymentFact wrong = shop.paid(0, 3000);
    take(wrong);
    Shop other = Shop.order("pi_2");

    take(new PaymentFact(wrong.id(), 2, other.paid(0, 3000).event()));

    assertThat(receipts()).containsExactly("stripe:pi_2 payment due 3000");
  }

  @Test
  void twoTranslationsInOneBatchCountAsTheLater() {
    assertThat(
            take(
                shop.fact(0, 1, shop.paid(0, 9999).event()),
                shop.fact(0, 2, shop.paid(0, 3000).event())))
        // each counts as it would have alone
        .containsExactly(APPLIED, APPLIED);

    assertThat(receipts()).containsExactly("stripe:pi_1 payment due 3000");
  }

  @Test
  void whatWasAttemptedStaysAsItWas() {
    take(shop.paid(0, 3000));
    database.run(
        "UPDATE receipts SET status = 'sending', number = 'X-1', attempts = 1, lease_owner = 'me'");

    take(shop.fact(0, 2, shop.paid(0, 9999).event()));

    assertThat(receipts()).containsExactly("stripe:pi_1 payment sending 3000");
  }

  @Test
  void disputesAndForeignTypesAreNoneOfOurBusinessAndNewerPaymentTypesAreLeft() {
    var dispute =
        shop.fact(
            0,
            new PaymentEvent.DisputeUpdated(shop.about(0), "dp_1", DisputeStatus.OPEN, null, null));
    assertThat(take(dispute)).containsExactly(IGNORED);

    Incoming known = TestShop.incoming(0, shop.paid(0, 1));
    known
        .headers()
        .put(
            "ce_type",
            "dev.quittance.order.renewed.v1".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(intake.decode(known)).isEqualTo(new Heard.Nothing());

    known
        .headers()
        .put(
            "ce_type",
            "dev.quittance.payment.renewed.v1".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThatThrownBy(() -> intake.decode(known)).isInstanceOf(NewerEvent.class);
  }

  @Test
  void textWithNulCharactersIsTakenLikeAnyOther() {
    take(shop.paidBy(0, 3000, "ja\0ne@example.com"));

    assertThat(receipts()).containsExactly("stripe:pi_1 payment due 3000");
  }

  @Test
  void orderWithoutAddressIsSkippedAndSaysWhy() {
    take(shop.paidBy(0, 3000, null));

    assertThat(database.one("SELECT status || ' ' || reason_code FROM receipts"))
        .isEqualTo("skipped no_address");
  }

  @Test
  void mailRoomHearsOfCommittedWork() {
    intake.committed();

    assertThat(wakes).hasValue(1);
  }

  @Test
  void batchOfManyOrdersTakesAsManyRoundTripsAsOneOfOne() {
    var counted = new CountedStatements(database.source());

    int ofOne = counted.during(exchange -> intake.apply(exchange, heard(0, 1)));
    int ofMany = counted.during(exchange -> intake.apply(exchange, heard(1, 500)));

    // claim; lock and read; write and commit
    assertThat(ofOne).isEqualTo(3);
    assertThat(ofMany).isEqualTo(3);
    assertThat(receipts()).hasSize(500);
  }

  private List<Heard> heard(int from, int to) {
    return java.util.stream.IntStream.range(from, to)
        .mapToObj(i -> new Shop(OrderId.of("stripe", "pi_" + i)).paid(i, 100 + i))
        .map(fact -> intake.decode(TestShop.incoming(0, fact)))
        .toList();
  }
}
