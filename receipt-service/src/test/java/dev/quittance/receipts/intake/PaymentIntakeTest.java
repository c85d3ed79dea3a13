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
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.jdbc.Transactions;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.testkit.CountedStatements;
import dev.quittance.testkit.HandClock;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaymentIntakeTest {

  private static final RecordOutcome APPLIED = new RecordOutcome.Applied();
  private static final RecordOutcome DUPLICATE = new RecordOutcome.Duplicate();
  private static final RecordOutcome IGNORED = new RecordOutcome.Ignored();

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
    database.empty();
  }

  private List<RecordOutcome> take(PaymentFact... facts) {
    List<IncomingEvent> received =
        Stream.of(facts).map(fact -> intake.decode(TestShop.incoming(0, fact))).toList();
    return database.exchange(exchange -> intake.apply(exchange, received));
  }

  private List<String> receipts() {
    return database.ask(
        "SELECT order_id || ' ' || kind || ' ' || status || ' ' || amount_minor FROM mails ORDER BY 1");
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
        new IncomingEvent.Withdrawn(new PaymentMessage.Withdrawal(source, 2, LookUpState.NONE));

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

  private List<RecordOutcome> taken(IncomingEvent received) {
    return database.exchange(exchange -> intake.apply(exchange, List.of(received)));
  }

  @Test
  void translationThatMovesAnEventToAnotherOrderTakesItFromTheFirst() {
    PaymentFact wrong = shop.paid(0, 3000);
    take(wrong);
    Shop other = Shop.order("pi_2");

    take(new PaymentFact(wrong.id(), 2, other.paid(0, 3000).event()));

    assertThat(receipts()).containsExactly("stripe:pi_2 payment due 3000");
  }

  /// Each locks its own order before the provider event, and the later one then the other's order.
  @Test
  void translationsThatTwoInstancesTakeInAtTheSameTimeCountAsTheLater()
      throws InterruptedException {
    var failures = new ConcurrentLinkedQueue<Exception>();
    for (int i = 0; i < 20; i++) {
      PaymentFact wrong = Shop.order("pi_a" + i).paid(0, 3000);
      PaymentFact right =
          new PaymentFact(wrong.id(), 2, Shop.order("pi_b" + i).paid(0, 3000).event());
      if (i % 2 == 0) {
        take(wrong);
      }
      List<Thread> instances =
          Stream.of(wrong, right)
              .map(fact -> Thread.ofVirtual().start(() -> takeByItself(fact, failures)))
              .toList();
      for (Thread instance : instances) {
        instance.join();
      }
    }

    assertThat(failures).isEmpty();
    assertThat(receipts()).hasSize(20).allMatch(receipt -> receipt.startsWith("stripe:pi_b"));
  }

  private void takeByItself(PaymentFact fact, Collection<Exception> failures) {
    var instance = new PaymentIntake(new TestShop(), clock, () -> {});
    IncomingEvent event = instance.decode(TestShop.incoming(0, fact));
    try {
      Transactions.inExchange(
          database.source(), exchange -> instance.apply(exchange, List.of(event)));
    } catch (SQLException | RuntimeException e) {
      failures.add(e);
    }
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
        "UPDATE mails SET status = 'sending', number = 'X-1', attempts = 1, lease_owner = 'me'");

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

    IncomingRecord known = TestShop.incoming(0, shop.paid(0, 1));
    known
        .headers()
        .put(
            "ce_type",
            "dev.quittance.order.renewed.v1".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(intake.decode(known)).isEqualTo(new IncomingEvent.Nothing());

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

    assertThat(database.one("SELECT status || ' ' || reason_code FROM mails"))
        .isEqualTo("skipped no_address");
  }

  @Test
  void dispatcherHearsOfCommittedWork() {
    take(shop.paid(0, 3000));
    assertThat(wakes).hasValue(0);

    intake.committed();

    assertThat(wakes).hasValue(1);
  }

  @Test
  void dispatcherIsNotToldOfWhatGivesItNothingToDo() {
    take(shop.fundsOnly(0, 3000));
    intake.committed();
    take(shop.fundsOnly(0, 3000));
    intake.committed();

    assertThat(wakes).hasValue(0);
  }

  @Test
  void batchOfManyOrdersTakesAsManyRoundTripsAsOneOfOne() {
    var counted = new CountedStatements(database.source());

    int ofOne = roundTrips(counted, received(0, 1));
    int ofMany = roundTrips(counted, received(1, 300));
    int ofMost = roundTrips(counted, received(300, 800));

    // lock and read; write and commit
    assertThat(ofOne).isEqualTo(2);
    assertThat(ofMany).isEqualTo(2);
    // so many ids don't fit behind an answer
    assertThat(ofMost).isEqualTo(3);
    assertThat(receipts()).hasSize(800);
  }

  private int roundTrips(CountedStatements counted, List<IncomingEvent> batch) {
    return counted.during(transaction -> {
      var exchange = new StatementPipeline(transaction);
      intake.apply(exchange, batch);
      exchange.commit();
    });
  }

  private List<IncomingEvent> received(int from, int to) {
    return java.util.stream.IntStream.range(from, to)
        .mapToObj(i -> new Shop(OrderId.of("stripe", "pi_" + i)).paid(i, 100 + i))
        .map(fact -> intake.decode(TestShop.incoming(0, fact)))
        .toList();
  }
}
