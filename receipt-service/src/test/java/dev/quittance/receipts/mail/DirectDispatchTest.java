package dev.quittance.receipts.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Reason;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.inbox.DeadLetters;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.Intake;
import dev.quittance.messaging.inbox.IntakeObserver;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.Eventually;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.intake.CustomerNoticeIntake;
import dev.quittance.receipts.intake.IncomingEvent;
import dev.quittance.receipts.intake.PaymentIntake;
import dev.quittance.receipts.persistence.MailOutages;
import dev.quittance.receipts.persistence.MailQueue;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.DirectDispatch;
import dev.quittance.receipts.receipt.Grant;
import dev.quittance.receipts.receipt.MailOutcome;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.testkit.CountedStatements;
import dev.quittance.testkit.HandClock;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Receipts that are claimed by the transaction that writes them, and go when it is committed.
class DirectDispatchTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final int CONNECTIONS = 8;

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static TestDatabase database;

  private final HandClock clock = new HandClock(Shop.NOON);
  private final CountedStatements counted = new CountedStatements(database.source());
  private final AtomicInteger sent = new AtomicInteger();
  private final List<OutgoingMail> mails = new CopyOnWriteArrayList<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final MailDispatcher dispatcher = dispatcher(this::accept);
  private final Shop shop = Shop.order("pi_1");

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void empty() {
    database.empty();
  }

  @AfterEach
  void stop() {
    dispatcher.close();
    assertThat(faults).isEmpty();
  }

  private CompletableFuture<SmtpReply> accept(OutgoingMail mail) {
    mails.add(mail);
    return CompletableFuture.completedFuture(new SmtpReply.Accepted());
  }

  /// An instance's own.
  private MailQueue queue() {
    return new MailQueue(counted.source(), ZoneOffset.UTC, LEASE, clock);
  }

  private MailSender sender(MailTransport transport) {
    var schedule =
        new RetrySchedule(
            Duration.ofSeconds(10), Duration.ofHours(1), Duration.ofDays(3), new Random(1));
    return new SendMails(new Renderer(), new TestShop(), transport, schedule, clock);
  }

  private MailDispatcher dispatcher(MailTransport transport) {
    return new MailDispatcher(
        queue(),
        sender(transport),
        new MailOutages(database.source()),
        new MailDispatchObserver() {
          @Override
          public void attempted(MailOutcome outcome) {
            sent.incrementAndGet();
          }

          @Override
          public void failing(String what, Throwable cause) {
            faults.add(what + ": " + cause);
          }
        },
        new MailDispatcher.Settings(
            CONNECTIONS,
            0,
            LEASE,
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofSeconds(10)),
        clock);
  }

  private void take(DirectDispatch dispatch, PaymentFact... facts) {
    var intake = new PaymentIntake(new TestShop(), clock, dispatch);
    database.exchange(exchange -> intake.apply(exchange, received(intake, facts)));
    intake.committed();
  }

  private static List<IncomingEvent> received(PaymentIntake intake, PaymentFact... facts) {
    return Stream.of(facts).map(fact -> intake.decode(TestShop.incoming(0, fact))).toList();
  }

  private static void awaitRoom(MailDispatcher dispatcher) {
    Eventually.holds("nothing waits", () -> dispatcher.grant().mails() > 0);
  }

  private List<String> stored() {
    return database.ask(
        "SELECT concat_ws(' ', kind, status, number, attempts) FROM mails ORDER BY 1");
  }

  /// An instance that has room for so many, and dies before it is handed what it claimed.
  private static final class Dying implements DirectDispatch {

    private final MailQueue queue;
    private final int room;
    private final List<ClaimedMail> claimed = new CopyOnWriteArrayList<>();
    private final AtomicInteger wakes = new AtomicInteger();

    Dying(MailQueue queue, int room) {
      this.queue = queue;
      this.room = room;
    }

    @Override
    public Grant grant() {
      return queue.grant(room);
    }

    @Override
    public void take(List<ClaimedMail> mails) {
      claimed.addAll(mails);
    }

    @Override
    public void wake() {
      wakes.incrementAndGet();
    }
  }

  /// What the database is asked for a payment, with the ledger, and for its receipt until it is
  /// written down that it was sent. The relay takes two more round trips of one statement.
  @Test
  void paymentTakesTwoRoundTripsAndItsReceiptOneMore() {
    var payments = new PaymentIntake(new TestShop(), clock, dispatcher);
    var intake =
        new Intake<>(
            counted.source(),
            payments,
            DeadLetters.over(Map.of()),
            ConsumerGroup.RECEIPTS,
            new Untroubled(),
            Backoff.real(),
            clock);
    dispatcher.start();
    intake.take(List.of(paid(0))); // the first one of a partition begins its ledger
    Eventually.holds("sent", () -> sent.get() == 1);
    counted.forget();
    long start = System.nanoTime();

    int many = 20;
    for (int i = 1; i <= many; i++) {
      int all = i + 1;
      awaitRoom(dispatcher);
      intake.take(List.of(paid(i)));
      Eventually.holds("sent", () -> sent.get() == all);
    }

    // once a second somebody looks for what other instances left
    int looks = counted.roundTrips(sql -> sql.contains("SKIP LOCKED"));
    assertThat(looks).isLessThanOrEqualTo((int) ((System.nanoTime() - start) / 1e9) + 2);
    // on a busy machine two that came back together are settled together
    assertThat(counted.roundTrips(_ -> true) - 2 * looks).isBetween(many * 2, many * (2 + 1));
    assertThat(counted.statements(_ -> true) - 4 * looks).isBetween(many * 12, many * (12 + 5));
    assertThat(database.one("SELECT count(*) FROM outbox")).isEqualTo("21");
  }

  private static IncomingRecord paid(int i) {
    return TestShop.incoming(i, Shop.order("pi_" + i).paid(i, 3000));
  }

  private static final class Untroubled implements IntakeObserver {
    @Override
    public void handled(IncomingRecord record, RecordOutcome outcome) {}

    @Override
    public void retrying(int attempt, Exception cause) {
      throw new AssertionError(cause);
    }

    @Override
    public void leaving(IncomingRecord record, String type) {
      throw new AssertionError(type);
    }
  }

  @Test
  void whoDiesRightAfterTheCommitLeavesTheMailToOthersWhenItsLeaseEnds() throws SQLException {
    var dying = new Dying(queue(), 5);
    take(dying, shop.paidBy(0, 3000, "ja\0ne@example.com"));
    assertThat(stored()).containsExactly("payment sending ACME-2026-1 1");

    clock.advance(LEASE.minusSeconds(1));
    assertThat(claimed(queue())).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    ClaimedMail again = claimed(queue()).getFirst();

    ClaimedMail first = dying.claimed.getFirst();
    assertThat(again)
        .usingRecursiveComparison()
        .ignoringFields("attempt", "lease")
        .isEqualTo(first);
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(stored()).containsExactly("payment sending ACME-2026-1 2");
  }

  private static List<ClaimedMail> claimed(MailQueue queue) throws SQLException {
    return queue.claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE);
  }

  @Test
  void whoDiesBeforeTheCommitHasClaimedNothingAndUsedNoNumber() {
    var dying = new Dying(queue(), 5);
    var intake = new PaymentIntake(new TestShop(), clock, dying);
    database.transact(transaction -> {
      var exchange = new StatementPipeline(transaction);
      intake.apply(exchange, received(intake, shop.paid(0, 3000)));
      exchange.send();
      transaction.rollback();
      return intake;
    });
    assertThat(stored()).isEmpty();

    take(dying, shop.paid(0, 3000));

    assertThat(dying.claimed).hasSize(1);
    assertThat(stored()).containsExactly("payment sending ACME-2026-1 1");
  }

  @Test
  void whoDiesBetweenAcceptanceAndCommitHasTheVerySameMailRepeated() {
    var dying = new Dying(queue(), 5);
    take(dying, shop.paid(0, 3000));
    sender(this::accept).attempt(dying.claimed.getFirst()).toCompletableFuture().join();
    dispatcher.start();
    clock.advance(LEASE);

    Eventually.holds("sent again", () -> sent.get() == 1);

    assertThat(mails).hasSize(2);
    assertThat(mails.get(1)).usingRecursiveComparison().isEqualTo(mails.get(0));
    assertThat(stored()).containsExactly("payment sent ACME-2026-1 2");
  }

  @Test
  void whoTakesThePaymentAgainAfterTheCommitClaimsNothingMore() {
    var dying = new Dying(queue(), 5);
    take(dying, shop.paid(0, 3000));
    take(dying, shop.paid(0, 3000));

    assertThat(dying.claimed).hasSize(1);
    assertThat(stored()).containsExactly("payment sending ACME-2026-1 1");
  }

  @Test
  void whatThereIsNoRoomForWaitsInTheTableWithoutANumber() {
    var dying = new Dying(queue(), 2);

    take(
        dying,
        IntStream.range(0, 5)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));

    assertThat(dying.claimed).hasSize(2);
    assertThat(dying.wakes).hasValue(1);
    assertThat(stored())
        .containsExactly(
            "payment due 0",
            "payment due 0",
            "payment due 0",
            "payment sending ACME-2026-1 1",
            "payment sending ACME-2026-2 1");
  }

  @Test
  void receiptThatHasToWaitForAnotherOfItsOrderIsNotClaimed() {
    var dying = new Dying(queue(), 5);

    take(dying, shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000), shop.paid(0, 3000));

    assertThat(dying.claimed).hasSize(1);
    assertThat(stored()).containsExactly("payment sending ACME-2026-1 1", "refund waiting 0");
    assertThat(dying.wakes).hasValue(0);
  }

  @Test
  void receiptThatWaitedForFactsGoesWithTheFactThatCompletesIt() {
    var dying = new Dying(queue(), 5);
    take(dying, shop.fundsOnly(0, 3000));
    assertThat(stored()).containsExactly("payment waiting 0");

    take(dying, shop.paid(1, 3000));

    assertThat(dying.claimed).hasSize(1);
    assertThat(stored()).containsExactly("payment sending ACME-2026-1 1");
  }

  /// The refund's is woken for as the payment's is written down, not looked for a second later.
  @Test
  void receiptThatWaitedForAnotherGoesWhenThatIsSettled() {
    dispatcher.start();
    awaitRoom(dispatcher);

    take(dispatcher, shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000), shop.paid(0, 3000));

    Eventually.holds("both sent", () -> sent.get() == 2);
    assertThat(mails)
        .extracting(OutgoingMail::subject)
        .containsExactly(
            "Your receipt from Acme Books: $30.00", "Your refund from Acme Books: $10.00");
    assertThat(database.ask("SELECT sequence FROM outbox ORDER BY 1")).containsExactly("1", "2");
  }

  @Test
  void nothingGoesPastMailsThatWaitInTheTable() {
    assertThat(dispatcher.grant().mails()).as("nobody has looked yet").isZero();
    take(dispatcher, shop.paid(0, 3000));
    assertThat(stored()).containsExactly("payment due 0");

    dispatcher.start();
    awaitRoom(dispatcher);
    dispatcher.close();

    assertThat(dispatcher.grant().mails()).as("nobody sends any more").isZero();
  }

  @Test
  void asManyAreGrantedAsMayBeUnderWay() {
    var held = new CompletableFuture<SmtpReply>();
    MailDispatcher busy = dispatcher(_ -> held);
    busy.start();
    awaitRoom(busy);
    assertThat(busy.grant().mails()).isEqualTo(CONNECTIONS);

    take(
        busy,
        IntStream.range(0, CONNECTIONS)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));
    assertThat(busy.grant().mails()).isZero();
    take(busy, Shop.order("pi_100").paid(0, 100));
    held.complete(new SmtpReply.Accepted());

    Eventually.holds("all sent", () -> sent.get() == CONNECTIONS + 1);
    busy.close();
    assertThat(database.ask("SELECT number FROM mails ORDER BY split_part(number, '-', 3)::int"))
        .isEqualTo(
            IntStream.rangeClosed(1, CONNECTIONS + 1).mapToObj(n -> "ACME-2026-" + n).toList());
  }

  /// They are sent and not written down, and a crash repeats them all: no more of them.
  @Test
  void nothingIsGrantedForMailsThatCameBackAndAreNotWrittenDown() {
    var held = new CompletableFuture<SmtpReply>();
    var handed = new AtomicInteger();
    MailDispatcher stalled =
        dispatcher(_ -> {
          handed.incrementAndGet();
          return held;
        });
    stalled.start();
    awaitRoom(stalled);
    take(
        stalled,
        IntStream.range(0, CONNECTIONS)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));
    Eventually.holds("all under way", () -> handed.get() == CONNECTIONS);

    database.transact(transaction -> {
      try (Statement lock = transaction.createStatement()) {
        lock.execute("LOCK TABLE mails IN EXCLUSIVE MODE");
      }
      held.complete(new SmtpReply.Accepted()); // they come back on this thread
      assertThat(stalled.grant().mails()).isZero();
      return transaction;
    });

    Eventually.holds("all sent", () -> sent.get() == CONNECTIONS);
    awaitRoom(stalled);
    stalled.close();
  }

  @Test
  void whatACommitOutlastedTheLeaseOfIsLeftToWhoeverTakesItThen() {
    dispatcher.start();
    awaitRoom(dispatcher);
    Grant grant = dispatcher.grant();
    clock.advance(LEASE);

    take(late(grant, dispatcher), shop.paid(0, 3000));
    Eventually.holds("sent", () -> sent.get() == 1);

    assertThat(mails).hasSize(1);
    assertThat(stored()).containsExactly("payment sent ACME-2026-1 2");
  }

  @Test
  void noReceiptTakesThePlaceOfACodeThatItsPaymentSetsFree() {
    var dying = new Dying(queue(), 5);
    var notices = new CustomerNoticeIntake(new TestShop(), clock, dying);
    var delivered =
        new CustomerNotice.CodeDelivered(
            shop.order(),
            new EventId("d1"),
            List.of(new FulfilledItem("li_1", 1)),
            "LEDGER-7QX2-91KD",
            Shop.NOON);
    database.exchange(
        exchange -> notices.apply(exchange, List.of(notices.decode(TestShop.incoming(delivered)))));

    take(dying, shop.paid(0, 3000));

    assertThat(dying.claimed).isEmpty();
    assertThat(dying.wakes).hasValue(1);
    assertThat(stored()).containsExactly("code due 0", "payment due 0");
  }

  @Test
  void whatIsClaimedForOneWhoStopsMeanwhileIsGivenBack() {
    dispatcher.start();
    awaitRoom(dispatcher);
    Grant grant = dispatcher.grant();
    dispatcher.close();

    take(late(grant, dispatcher), shop.paid(0, 3000));

    assertThat(stored()).containsExactly("payment retrying ACME-2026-1 0");
    assertThat(mails).isEmpty();
  }

  @Test
  void whatIsClaimedAsTheServerFallsIntoTroubleIsGivenBack() {
    var refused =
        new SmtpReply.Deferred(
            new Reason("smtp_554", "554 5.7.1 no"), SmtpReply.Trouble.SERVER_REFUSES);
    MailDispatcher refusing = dispatcher(_ -> CompletableFuture.completedFuture(refused));
    refusing.start();
    awaitRoom(refusing);
    Grant grant = refusing.grant();
    take(refusing, shop.paid(0, 3000));
    Eventually.holds("stopped", () -> refusing.circuit() == MailCircuit.REFUSED);
    assertThat(refusing.grant().mails()).isZero();

    take(late(grant, refusing), Shop.order("pi_2").paid(0, 1000));

    Eventually.holds(
        "given back, untried", () -> stored().contains("payment retrying ACME-2026-2 0"));
    refusing.close();
  }

  /// A transaction that was granted something a moment ago.
  private static DirectDispatch late(Grant grant, MailDispatcher dispatcher) {
    return new DirectDispatch() {
      @Override
      public void wake() {
        dispatcher.wake();
      }

      @Override
      public Grant grant() {
        return grant;
      }

      @Override
      public void take(List<ClaimedMail> claimed) {
        dispatcher.take(claimed);
      }
    };
  }

  @Test
  void severalInstancesShareOneSeriesWithoutGaps() throws InterruptedException {
    MailDispatcher other = dispatcher(this::accept);
    dispatcher.start();
    other.start();
    awaitRoom(dispatcher);
    awaitRoom(other);

    int each = 50;
    var threads =
        Stream.of(dispatcher, other)
            .map(instance ->
                Thread.ofVirtual()
                    .start(() -> {
                      int first = instance == other ? each : 0;
                      for (int i = first; i < first + each; i++) {
                        take(instance, Shop.order("pi_" + i).paid(i, 100 + i));
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    Eventually.holds("all sent", () -> sent.get() == 2 * each);
    other.close();

    assertThat(mails).hasSize(2 * each);
    assertThat(database.ask("SELECT split_part(number, '-', 3)::int FROM mails ORDER BY 1"))
        .isEqualTo(IntStream.rangeClosed(1, 2 * each).mapToObj(Integer::toString).toList());
    assertThat(database.ask("SELECT DISTINCT status || attempts FROM mails"))
        .containsExactly("sent1");
  }
}
