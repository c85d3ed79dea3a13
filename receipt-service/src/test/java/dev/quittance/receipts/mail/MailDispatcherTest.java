package dev.quittance.receipts.mail;

import static dev.quittance.receipts.mail.ScriptedSmtp.accepting;
import static dev.quittance.receipts.mail.ScriptedSmtp.at;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Reason;
import dev.quittance.receipts.Eventually;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.intake.CustomerNoticeIntake;
import dev.quittance.receipts.intake.IncomingEvent;
import dev.quittance.receipts.intake.PaymentIntake;
import dev.quittance.receipts.mail.ScriptedSmtp.Act;
import dev.quittance.receipts.mail.ScriptedSmtp.Kept;
import dev.quittance.receipts.mail.ScriptedSmtp.Phase;
import dev.quittance.receipts.persistence.MailOutages;
import dev.quittance.receipts.persistence.MailQueue;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.MailOutcome;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.testkit.HandClock;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The dispatcher on a real database, before a mail server of real sockets and scripted moods.
@Timeout(600)
class MailDispatcherTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration GIVE_UP = Duration.ofDays(3);

  private static final Renderer RENDERER = new Renderer();

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static TestDatabase database;

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static Vertx vertx;

  private final HandClock clock = new HandClock(Shop.NOON);
  private final ScriptedSmtp smtp = ScriptedSmtp.start(accepting());
  private final MailClient client = SmtpTransportTest.client(vertx, smtp.port());
  private final MailTransport transport =
      new SmtpTransport(client, vertx.getOrCreateContext(), Duration.ofSeconds(20), clock);
  private final MailQueue queue = queue();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final List<MailCircuit> circuits = new CopyOnWriteArrayList<>();
  private final MailDispatcher dispatcher = dispatcher(transport);
  private final PaymentIntake intake = new PaymentIntake(new TestShop(), clock, dispatcher);
  private final Shop shop = Shop.order("pi_1");

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void shut() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void empty() {
    database.empty();
  }

  @AfterEach
  void stop() {
    dispatcher.close();
    client.close();
    smtp.close();
    assertThat(faults).isEmpty();
  }

  /// An instance's own.
  private MailQueue queue() {
    return new MailQueue(database.source(), ZoneOffset.UTC, LEASE, clock);
  }

  private MailOutcome sent(ClaimedMail mail) {
    return new MailOutcome.Sent(mail, "id@example.com", clock.instant());
  }

  private MailSender sender(MailTransport transport) {
    return new SendMails(RENDERER, new TestShop(), transport, schedule(), clock);
  }

  private MailDispatcher dispatcher(MailTransport transport) {
    return dispatcher(
        queue(),
        sender(transport),
        new MailDispatchObserver() {
          @Override
          public void attempted(MailOutcome outcome) {}

          @Override
          public void circuit(MailCircuit now) {
            circuits.add(now);
          }

          @Override
          public void failing(String what, Throwable cause) {
            faults.add(what + ": " + cause);
          }
        });
  }

  private MailDispatcher dispatcher(
      MailQueue work, MailSender sender, MailDispatchObserver observer) {
    return new MailDispatcher(
        work,
        sender,
        new MailOutages(database.source()),
        observer,
        new MailDispatcher.Settings(
            8, 0, LEASE, Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(10)),
        clock);
  }

  private static RetrySchedule schedule() {
    return new RetrySchedule(Duration.ofSeconds(10), Duration.ofHours(1), GIVE_UP, new Random(1));
  }

  private void take(PaymentFact... facts) {
    List<IncomingEvent> received =
        Stream.of(facts).map(fact -> intake.decode(TestShop.incoming(0, fact))).toList();
    database.exchange(exchange -> intake.apply(exchange, received));
    intake.committed();
  }

  private String statuses() {
    return String.join(
        ", ", database.ask("SELECT kind || ' ' || status FROM mails ORDER BY kind DESC, status"));
  }

  private void becomes(String statuses) {
    Eventually.holds(statuses + " (now: " + statuses() + ")", () -> statuses().equals(statuses));
  }

  @Test
  void dueReceiptIsSentAndTheWorldIsTold() {
    dispatcher.start();

    take(shop.paid(0, 3000));

    becomes("payment sent");
    Kept mail = smtp.kept().getFirst();
    assertThat(mail.to()).isEqualTo(Shop.EMAIL);
    assertThat(mail.header("Subject")).isEqualTo("Your receipt from Acme Books: $30.00");
    assertThat("<" + database.one("SELECT message_id FROM mails") + ">")
        .isEqualTo(mail.header("Message-ID"));
    assertThat(database.one("SELECT number FROM mails")).isEqualTo("ACME-2026-1");
    assertThat(database.one("SELECT topic FROM outbox")).isEqualTo("receipts.events.v1");
    assertThat(database.one("SELECT headers::json ->> 'ce_type' FROM outbox"))
        .isEqualTo("dev.quittance.receipt.sent.v1");
    assertThat(database.one("SELECT convert_from(value, 'UTF8')::json ->> 'number' FROM outbox"))
        .isEqualTo("ACME-2026-1");
  }

  @Test
  void refundsReceiptComesAfterThePayments() {
    dispatcher.start();

    take(shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000), shop.paid(0, 3000));

    becomes("refund sent, payment sent");
    assertThat(smtp.kept())
        .extracting(kept -> kept.header("Subject"))
        .containsExactly(
            "Your receipt from Acme Books: $30.00", "Your refund from Acme Books: $10.00");
    assertThat(database.ask("SELECT sequence FROM outbox ORDER BY 1")).containsExactly("1", "2");
  }

  @Test
  void refundThatFailsAfterItsReceiptIsCorrected() {
    dispatcher.start();
    take(shop.paid(0, 3000), shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    Eventually.holds("two mails", () -> smtp.kept().size() == 2);
    Eventually.holds("settled", () -> !statuses().contains("sending"));

    take(shop.refund(2, "re_1", RefundStatus.FAILED, 1000));

    Eventually.holds("three mails", () -> smtp.kept().size() == 3);
    assertThat(smtp.kept().getLast().header("Subject"))
        .isEqualTo("Your refund from Acme Books did not go through: $10.00");
  }

  @Test
  void crashBetweenAcceptanceAndCommitRepeatsTheVerySameMail() throws SQLException {
    take(shop.paid(0, 3000));
    ClaimedMail claimed =
        queue()
            .claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE)
            .getFirst();
    assertThat(sender(transport).attempt(claimed).toCompletableFuture().join().reply())
        .isEqualTo(new SmtpReply.Accepted());

    dispatcher.start();
    clock.advance(LEASE.minusSeconds(1));
    assertThat(
            queue().claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE))
        .isEmpty();
    clock.advance(Duration.ofSeconds(1));

    becomes("payment sent");
    assertThat(smtp.kept()).hasSize(2);
    Kept first = smtp.kept().get(0);
    Kept second = smtp.kept().get(1);
    assertThat(second.header("Message-ID")).isEqualTo(first.header("Message-ID"));
    assertThat(second.header("Date")).isEqualTo(first.header("Date"));
    assertThat(withoutBoundaries(second.raw())).isEqualTo(withoutBoundaries(first.raw()));
    assertThat(database.one("SELECT number || ' ' || attempts FROM mails"))
        .isEqualTo("ACME-2026-1 2");
  }

  private static String withoutBoundaries(String raw) {
    return raw.replaceAll("=--quittance_[0-9_]+", "boundary");
  }

  @Test
  void acceptanceCountsEvenWhenTheLeaseIsLost() throws SQLException {
    take(shop.paid(0, 3000));
    ClaimedMail slow =
        queue()
            .claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE)
            .getFirst();
    clock.advance(LEASE);
    ClaimedMail second =
        queue()
            .claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE)
            .getFirst();

    queue.settle(List.of(sent(slow)));
    queue.settle(
        List.of(new MailOutcome.Undeliverable(second, new Reason("smtp_550", "no")), sent(second)));

    assertThat(statuses()).isEqualTo("payment sent");
    assertThat(database.ask("SELECT id FROM outbox")).hasSize(1);
  }

  @Test
  void refusalByOneWhoLostTheLeaseCountsForNothing() throws SQLException {
    take(shop.paid(0, 3000));
    ClaimedMail slow =
        queue()
            .claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE)
            .getFirst();
    clock.advance(LEASE);
    queue().claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE);

    var reason = new Reason("smtp_550", "no");
    queue.settle(List.of(new MailOutcome.Undeliverable(slow, reason)));
    queue.settle(List.of(new MailOutcome.Retrying(slow, reason, clock.instant())));

    assertThat(statuses()).isEqualTo("payment sending");
    assertThat(database.ask("SELECT id FROM outbox")).isEmpty();
  }

  @Test
  void refusedReceiptIsUndeliverableInTheServersWords() {
    smtp.script(at(Phase.RCPT, new Act.Say("550 5.1.1 <jane@example.com> unknown")));
    dispatcher.start();

    take(shop.paid(0, 3000));

    becomes("payment undeliverable");
    assertThat(database.one("SELECT reason_code || ' ' || reason_message FROM mails"))
        .isEqualTo("smtp_550 550 5.1.1 <…> unknown");
    assertThat(database.one("SELECT headers::json ->> 'ce_type' FROM outbox"))
        .isEqualTo("dev.quittance.receipt.undeliverable.v1");
    assertThat(database.one("SELECT convert_from(value, 'UTF8') FROM outbox"))
        .doesNotContain("jane");
  }

  @Test
  void addressThatIsNoneMakesItUndeliverableAndHarmsNoOther() {
    dispatcher.start();

    take(
        shop.paidBy(0, 3000, "jane@example.com>\r\nRCPT TO:<joe@example.com"),
        Shop.order("pi_2").paid(0, 1000));

    Eventually.holds(
        "both settled", () -> !statuses().contains("due") && !statuses().contains("sending"));
    assertThat(
            database.ask("SELECT status || coalesce(' ' || reason_code, '') FROM mails ORDER BY 1"))
        .containsExactly("sent", "undeliverable address_invalid");
    assertThat(smtp.attempts("joe@example.com")).isZero();
  }

  @Test
  void temporaryRefusalIsTriedAgainAfterAPause() {
    smtp.script(at(Phase.RCPT, new Act.Say("451 greylisted")));
    dispatcher.start();
    take(shop.paid(0, 3000));
    becomes("payment retrying");

    smtp.script(accepting());
    clock.advance(Duration.ofSeconds(7));
    assertThat(statuses()).isEqualTo("payment retrying");
    clock.advance(Duration.ofSeconds(6));

    becomes("payment sent");
    assertThat(smtp.kept()).hasSize(1);
  }

  @Test
  void whatIsDeferredForThreeDaysIsGivenUp() {
    smtp.script(at(Phase.RCPT, new Act.Say("451 never ready")));
    dispatcher.start();
    take(shop.paid(0, 3000));
    becomes("payment retrying");

    clock.advance(GIVE_UP);

    becomes("payment undeliverable");
    assertThat(database.one("SELECT reason_code || ' ' || reason_message FROM mails"))
        .isEqualTo("gave_up 451 never ready");
  }

  @Test
  void mailServerThatIsAwayStopsNoIntakeAndTheBacklogDrainsByItself() {
    int port = smtp.port();
    smtp.close();
    dispatcher.start();

    for (int i = 0; i < 200; i++) {
      take(Shop.order("pi_" + i).paid(i, 1000 + i));
    }
    assertThat(database.one("SELECT count(*) FROM payment_facts")).isEqualTo("200");
    Eventually.holds("tried", () -> statuses().contains("retrying"));
    // the backlog isn't spent on a server that is away
    assertThat(Long.parseLong(database.one("SELECT count(*) FROM mails WHERE status = 'due'")))
        .isGreaterThan(100);

    try (ScriptedSmtp back = ScriptedSmtp.start(port, accepting())) {
      Eventually.holds(
          "all sent",
          () -> {
            clock.advance(Duration.ofSeconds(1));
            return database.one("SELECT count(*) FROM mails WHERE status = 'sent'").equals("200");
          });
      assertThat(back.kept()).hasSize(200);
    }
    assertThat(database.one("SELECT count(*) || ' ' || max(last) FROM receipt_numbers"))
        .isEqualTo("1 200");
    assertThat(database.one("SELECT count(DISTINCT number) FROM mails")).isEqualTo("200");
  }

  @Test
  void severalDispatchersShareTheWorkAndSendNothingTwice() {
    take(
        IntStream.range(0, 300)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));
    MailDispatcher other = dispatcher(transport);
    dispatcher.start();
    other.start();

    Eventually.holds(
        "all sent",
        () -> database.one("SELECT count(*) FROM mails WHERE status = 'sent'").equals("300"));
    other.close();

    assertThat(smtp.kept().stream().map(kept -> kept.header("Message-ID")).distinct()).hasSize(300);
    assertThat(smtp.kept()).hasSize(300);
    assertThat(database.ask("SELECT split_part(number, '-', 3)::int FROM mails ORDER BY 1"))
        .isEqualTo(IntStream.rangeClosed(1, 300).mapToObj(Integer::toString).toList());
    assertThat(database.one("SELECT count(*) FROM outbox")).isEqualTo("300");
  }

  /// Random moods of a mail server, by a seed: whatever they are, every receipt comes to its end,
  /// and only mails that the server kept without saying so in time come twice, as the very same
  /// mail.
  @Test
  void thousandReceiptsSurviveAServerOfRandomMoods() {
    var moods = new Moods(20261122);
    smtp.script(moods);
    dispatcher.close();
    MailClient hasty = SmtpTransportTest.hasty(vertx, smtp.port());
    var accounts =
        new Accounts(
            new SmtpTransport(hasty, vertx.getOrCreateContext(), Duration.ofSeconds(3), clock));
    MailDispatcher hurried = dispatcher(accounts);
    take(
        IntStream.range(0, 1_000)
            .mapToObj(i -> Shop.order("pi_" + i).paidBy(i, 100 + i, "c" + i + "@example.com"))
            .toArray(PaymentFact[]::new));
    hurried.start();

    Eventually.holds(
        "all at their end",
        Duration.ofMinutes(8),
        () -> {
          clock.advance(Duration.ofSeconds(1));
          return database
              .one("SELECT count(*) FROM mails WHERE status IN ('sent', 'undeliverable')")
              .equals("1000");
        });
    hurried.close();
    hasty.close();

    Map<String, Long> copies = smtp.kept().stream().collect(groupingBy(Kept::to, counting()));
    copies.forEach((to, count) ->
        assertThat(count)
            .as(to)
            .isLessThanOrEqualTo(1L + moods.keptInSilence(to) + accounts.late(to, moods)));
    assertThat(accounts.wrong).as("posted while under way, or after its end").isEmpty();
    Map<String, Long> ids =
        smtp.kept().stream()
            .map(kept -> kept.to() + " " + kept.header("Message-ID"))
            .distinct()
            .collect(groupingBy(id -> id.substring(0, id.indexOf(' ')), counting()));
    assertThat(ids.values()).allMatch(count -> count == 1);
    List<String> sent = database.ask("SELECT recipient FROM mails WHERE status = 'sent'");
    assertThat(copies.keySet()).containsAll(sent);
    assertThat(moods.refusedForGood())
        .containsAll(database.ask("SELECT recipient FROM mails WHERE status = 'undeliverable'"));
    assertThat(database.one("SELECT count(*) FROM outbox")).isEqualTo("1000");
    assertThat(database.one("SELECT last FROM receipt_numbers")).isEqualTo("1000");
  }

  @Test
  void closingFinishesTheMailsUnderWay() {
    var held = new CompletableFuture<SmtpReply>();
    MailTransport slow =
        new MailTransport() {
          @Override
          public CompletionStage<SmtpReply> send(OutgoingMail mail) {
            return held;
          }
        };
    MailDispatcher closing = dispatcher(slow);
    take(shop.paid(0, 3000));
    closing.start();
    Eventually.holds("under way", () -> statuses().equals("payment sending"));

    Thread close = Thread.ofVirtual().start(closing::close);
    held.complete(new SmtpReply.Accepted());
    Eventually.holds("closed", () -> !close.isAlive());

    assertThat(statuses()).isEqualTo("payment sent");
  }

  /// Enough mails go through at once that more are taken in hand than can be under way.
  private List<CompletableFuture<SmtpReply>> holdUpAfter(
      int mails, int of, MailDispatcher[] opened) {
    var replies = new CopyOnWriteArrayList<CompletableFuture<SmtpReply>>();
    var posted = new AtomicInteger();
    take(
        IntStream.range(0, of)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));
    MailDispatcher busy =
        dispatcher(_ -> {
          if (posted.incrementAndGet() <= mails) {
            return CompletableFuture.completedFuture(new SmtpReply.Accepted());
          }
          var held = new CompletableFuture<SmtpReply>();
          replies.add(held);
          return held;
        });
    opened[0] = busy;
    busy.start();
    Eventually.holds(
        "held up",
        () ->
            replies.size() == 8
                && database
                    .one("SELECT count(*) FROM mails WHERE status = 'sent'")
                    .equals(Integer.toString(mails)));
    return replies;
  }

  private int count(String status) {
    return Integer.parseInt(
        database.one("SELECT count(*) FROM mails WHERE status = '" + status + "'"));
  }

  @Test
  void closingGivesBackWhatIsInHandAndNotUnderWay() {
    var opened = new MailDispatcher[1];
    var replies = holdUpAfter(40, 400, opened);
    Eventually.holds("more in hand than under way", () -> count("sending") > 8);
    int inHand = count("sending");
    assertThat(inHand).isLessThanOrEqualTo(8 + MailDispatcher.AHEAD_MAX);

    Thread close = Thread.ofVirtual().start(opened[0]::close);
    Eventually.holds("given back", () -> count("retrying") == inHand - 8);
    replies.forEach(reply -> reply.complete(new SmtpReply.Accepted()));
    Eventually.holds("closed", () -> !close.isAlive());

    assertThat(count("sent")).isEqualTo(48);
    assertThat(
            database.ask(
                "SELECT DISTINCT attempts || coalesce(lease_owner, '') FROM mails WHERE status = 'retrying'"))
        .containsExactly("0");

    dispatcher.start();
    Eventually.holds("all sent", () -> count("sent") == 400);
    assertThat(smtp.kept()).hasSize(400 - 48);
    assertThat(database.ask("SELECT DISTINCT attempts FROM mails")).containsExactly("1");
    assertThat(database.one("SELECT last FROM receipt_numbers")).isEqualTo("400");
  }

  @Test
  void nothingMoreIsSentWhileItCannotBeWrittenDown() {
    var opened = new MailDispatcher[1];
    var replies = holdUpAfter(40, 400, opened);

    Eventually.holds("more in hand than under way", () -> count("sending") > 8);

    database.run("ALTER TABLE mails RENAME TO mails_away");
    clock.advance(LEASE.dividedBy(2));
    Eventually.holds("noticed", () -> !faults.isEmpty());
    replies.forEach(reply -> reply.complete(new SmtpReply.Accepted()));
    int looked = faults.size();
    Eventually.holds("looked again", () -> faults.size() > looked);
    assertThat(replies).hasSize(8);

    database.run("ALTER TABLE mails_away RENAME TO mails");
    Eventually.holds("goes on", () -> replies.size() > 8);
    Thread close = Thread.ofVirtual().start(opened[0]::close);
    Eventually.holds(
        "closed",
        () -> {
          replies.forEach(reply -> reply.complete(new SmtpReply.Accepted()));
          return !close.isAlive();
        });
    assertThat(count("sending")).isZero();
    faults.clear();
  }

  @Test
  void receiptThatThisVersionCannotReadIsPutAsideAndHoldsUpNoOther() {
    take(shop.paid(0, 3000), Shop.order("pi_2").paid(0, 1000));
    database.run(
        "UPDATE mails SET content = '{\"kind\": \"poem\"}' WHERE order_id = 'stripe:pi_1'");
    dispatcher.start();

    becomes("payment due, payment sent");
    assertThat(
            database.one(
                "SELECT concat_ws(' ', reason_code, attempts, number) FROM mails WHERE status = 'due'"))
        .isEqualTo("unreadable 0");
    assertThat(database.one("SELECT split_part(number, '-', 3) FROM mails WHERE status = 'sent'"))
        .isEqualTo("1");
  }

  /// A relay that takes nobody's mail from us, as five of them say it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "554 5.7.1 Relay access denied",
        "550 5.1.1 User unknown",
        "550 blocked using a list",
        "552 5.2.3 Daily sending quota exceeded",
        "550 5.4.1 Recipient address rejected: Access denied"
      })
  void relayThatRefusesEverybodyStopsTheDispatcherAndEndsNoMailsTime(String answer) {
    smtp.script(at(Phase.RCPT, new Act.Say(answer)));
    take(
        IntStream.range(0, 40)
            .mapToObj(i -> Shop.order("pi_" + i).paidBy(i, 100 + i, "c" + i + "@example.com"))
            .toArray(PaymentFact[]::new));
    dispatcher.start();

    Eventually.holds("stopped", () -> dispatcher.circuit() == MailCircuit.REFUSED);
    Eventually.holds("said so", () -> circuits.equals(List.of(MailCircuit.REFUSED)));
    // a refusal of so many recipients in a row is believed of the first ones only
    assertThat(count("undeliverable")).isLessThan(SmtpVerdicts.REFUSED_IN_A_ROW);
    // most are not even tried
    assertThat(count("due")).isGreaterThan(15);
    for (int day = 0; day < 8; day++) {
      clock.advance(Duration.ofHours(12));
      Instant now = clock.instant();
      Eventually.holds(
          "written down",
          () ->
              database
                  .one("SELECT count(*) FROM mail_outages WHERE ended >= '" + now + "'")
                  .equals("1"));
    }
    assertThat(database.one("SELECT count(*) FROM mail_outages")).isEqualTo("1");
    assertThat(count("undeliverable")).isLessThan(SmtpVerdicts.REFUSED_IN_A_ROW);

    smtp.script(accepting());
    int undeliverable = count("undeliverable");
    Eventually.holds(
        "the others sent",
        () -> {
          clock.advance(Duration.ofMinutes(10));
          return count("sent") == 40 - undeliverable;
        });
    Eventually.holds("said so", () -> circuits.getLast() == MailCircuit.CLOSED);
    assertThat(dispatcher.circuit()).isEqualTo(MailCircuit.CLOSED);
  }

  @Test
  void whatIsInHandIsGivenBackWhenTheServerFallsIntoTrouble() {
    var opened = new MailDispatcher[1];
    var replies = holdUpAfter(40, 400, opened);
    Eventually.holds("more in hand than under way", () -> count("sending") > 8);

    var reason = new Reason("smtp_554", "554 5.7.1 Relay access denied");
    var refused = new SmtpReply.Deferred(reason, SmtpReply.Trouble.SERVER_REFUSES);
    List.copyOf(replies).forEach(reply -> reply.complete(refused));

    Eventually.holds("given back", () -> count("sending") <= 1 && count("retrying") > 8);
    assertThat(circuits).containsExactly(MailCircuit.REFUSED);
    Thread close = Thread.ofVirtual().start(opened[0]::close);
    Eventually.holds(
        "closed",
        () -> {
          List.copyOf(replies).forEach(reply -> reply.complete(refused));
          return !close.isAlive();
        });
  }

  /// Else a heap of mails that are refused for their sender hides one of another shop.
  @Test
  void whileTheServerIsOnlyTriedTheMailThatWasTriedLeastGoesFirst() throws SQLException {
    take(Shop.order("pi_old").paid(0, 3000));
    assertThat(queue.claim(MailQueue.Room.of(1), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE))
        .hasSize(1);
    clock.advance(LEASE.plusSeconds(1)); // tried, and nobody knows what it came to
    take(Shop.order("pi_new").paid(1, 3000));

    assertThat(
            queue
                .claim(
                    MailQueue.Room.of(1),
                    true,
                    List.of(),
                    MailQueue.ClaimOrder.LEAST_TRIED_CODES_FIRST)
                .getFirst()
                .order())
        .isEqualTo(Shop.order("pi_new").order());
    assertThat(
            queue
                .claim(MailQueue.Room.of(1), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE)
                .getFirst()
                .order())
        .isEqualTo(Shop.order("pi_old").order());
  }

  @Test
  void timeOfAnOutageIsNotALettersTime() throws SQLException {
    var outages = new MailOutages(database.source());
    take(shop.paid(0, 3000));
    outages.lasted(Shop.NOON.minusSeconds(60), Shop.NOON.plusSeconds(60));
    outages.lasted(Shop.NOON.plusSeconds(30), Shop.NOON.plusSeconds(90));
    outages.lasted(Shop.NOON.plusSeconds(600), Shop.NOON.plusSeconds(610));
    clock.advance(Duration.ofHours(1));

    ClaimedMail claimed =
        queue
            .claim(MailQueue.Room.of(1), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE)
            .getFirst();

    assertThat(claimed.since()).isEqualTo(Shop.NOON);
    assertThat(claimed.countedFrom()).isEqualTo(Shop.NOON.plusSeconds(100));
    assertThat(database.one("SELECT count(*) FROM mail_outages")).isEqualTo("2");
  }

  @Test
  void oneLetterThatIsRefusedForReasonsOfPolicyIsGivenUpAfterThreeDays() {
    smtp.script(at(Phase.RCPT, new Act.Say("554 5.7.1 no mail from there for this mailbox")));
    dispatcher.start();
    take(shop.paid(0, 3000));
    becomes("payment retrying");

    clock.advance(GIVE_UP);

    becomes("payment undeliverable");
    assertThat(
            database.one("SELECT reason_code || ' ' || (undeliverable_at IS NOT NULL) FROM mails"))
        .isEqualTo("gave_up true");
  }

  @Test
  void senderThatThrowsOrEndsInADefectCostsNoPlace() {
    for (boolean settles : List.of(true, false)) {
      empty();
      faults.clear();
      take(
          IntStream.range(0, 30)
              .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
              .toArray(PaymentFact[]::new));
      var throwing = new Throwing(settles);
      MailDispatcher broken = dispatcher(queue(), throwing, throwing);
      broken.start();

      Eventually.holds("all tried", () -> throwing.tried.get() == 30);
      if (settles) {
        Eventually.holds("all retrying", () -> count("retrying") == 30);
      }
      broken.close();
    }
  }

  /// Attempts that blow up in one way or another.
  private final class Throwing implements MailSender, MailDispatchObserver {

    private final boolean settles;
    private final AtomicInteger tried = new AtomicInteger();

    Throwing(boolean settles) {
      this.settles = settles;
    }

    @Override
    public CompletionStage<Attempt> attempt(ClaimedMail mail) {
      if (tried.incrementAndGet() % 2 == 0) {
        throw new StackOverflowError();
      }
      return CompletableFuture.failedFuture(new IllegalStateException("a defect"));
    }

    @Override
    public Attempt failed(ClaimedMail mail, Throwable defect) {
      if (!settles) {
        throw new IllegalStateException("another one", defect);
      }
      var reason = Reason.of("defect");
      return new Attempt(
          mail,
          new MailOutcome.Retrying(mail, reason, clock.instant().plusSeconds(60)),
          new SmtpReply.Deferred(reason, SmtpReply.Trouble.OURS),
          Optional.of(defect));
    }

    @Override
    public void attempted(MailOutcome outcome) {
      throw new IllegalStateException("nor may an observer's defect cost one");
    }

    @Override
    public void failing(String what, Throwable cause) {}
  }

  @Test
  void letterThatBlowsUpIsRetriedAndCostsNoPlace() {
    MailDispatcher unlucky =
        dispatcher(_ -> {
          throw new StackOverflowError();
        });
    take(
        IntStream.range(0, 30)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));
    unlucky.start();

    Eventually.holds(
        "all retrying",
        () -> database.one("SELECT count(*) FROM mails WHERE status = 'retrying'").equals("30"));
    assertThat(database.ask("SELECT DISTINCT reason_code FROM mails")).containsExactly("defect");
    unlucky.close();
    faults.clear();
  }

  @Test
  void leaseLastsAsLongAsTheMailIsInHand() throws SQLException {
    var held = new CompletableFuture<SmtpReply>();
    MailDispatcher patient = dispatcher(_ -> held);
    take(shop.paid(0, 3000));
    patient.start();
    Eventually.holds("under way", () -> statuses().equals("payment sending"));

    for (int i = 0; i < 6; i++) {
      clock.advance(LEASE.dividedBy(2));
      Eventually.holds("renewed", () -> leasedUntil(clock.instant().plus(LEASE)));
      assertThat(
              queue()
                  .claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE))
          .isEmpty();
    }
    held.complete(new SmtpReply.Accepted());

    becomes("payment sent");
    assertThat(database.one("SELECT attempts FROM mails")).isEqualTo("1");
    patient.close();
  }

  private boolean leasedUntil(Instant end) {
    return database
        .one("SELECT next_attempt_at = timestamptz '" + end + "' FROM mails")
        .equals("t");
  }

  /// Whoever was stopped, or kept waiting by the database, for longer than a lease lasts, finds his
  /// own mails among those that anybody may take.
  @Test
  void whatIsInHandIsNotTakenAgainThoughItsLeaseRanOut() {
    var held = new CompletableFuture<SmtpReply>();
    var posted = new CopyOnWriteArrayList<String>();
    MailDispatcher patient =
        dispatcher(mail -> {
          posted.add(mail.to().address());
          return held;
        });
    take(shop.paid(0, 3000));
    patient.start();
    Eventually.holds("under way", () -> posted.size() == 1);
    clock.advance(LEASE);
    Eventually.holds("renewed", () -> leasedUntil(clock.instant().plus(LEASE)));
    database.run("UPDATE mails SET next_attempt_at = '" + clock.instant().minusSeconds(1) + "'");

    take(Shop.order("pi_2").paidBy(0, 1000, "joe@example.com"));

    Eventually.holds("the other one too", () -> posted.contains("joe@example.com"));
    held.complete(new SmtpReply.Accepted());
    becomes("payment sent, payment sent");
    assertThat(posted).containsExactly(Shop.EMAIL, "joe@example.com");
    assertThat(database.ask("SELECT DISTINCT attempts FROM mails")).containsExactly("1");
    patient.close();
  }

  /// Who was cut off from the database gives the others time to write down what they sent
  /// meanwhile.
  @Test
  void afterAnOutageOfTheDatabaseOthersLettersAreNotTakenAtOnce() throws SQLException {
    take(shop.paid(0, 3000));
    ClaimedMail others =
        queue()
            .claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE)
            .getFirst();
    dispatcher.start();
    clock.advance(LEASE.minusSeconds(1));
    database.run("ALTER TABLE mails RENAME TO mails_away");
    Eventually.holds("noticed", () -> !faults.isEmpty());
    database.run("ALTER TABLE mails_away RENAME TO mails");
    faults.clear();
    clock.advance(Duration.ofSeconds(1));
    take(Shop.order("pi_2").paid(0, 1000));

    becomes("payment sending, payment sent");
    queue.settle(List.of(sent(others)));

    becomes("payment sent, payment sent");
    assertThat(smtp.kept()).hasSize(1);
    faults.clear();
  }

  @Test
  void letterOfOneWhoDiedIsTakenWhenItsLeaseRunsOut() throws SQLException {
    take(shop.paid(0, 3000));
    queue().claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE);
    dispatcher.start();

    clock.advance(LEASE);

    becomes("payment sent");
  }

  @Test
  void codeIsMailedByItselfAndInNoOtherMail() {
    dispatcher.start();
    take(shop.paid(0, 3000));
    deliverCode("d1");
    dispatcher.wake();

    Eventually.holds("two mails", () -> smtp.kept().size() == 2);
    Kept code =
        smtp.kept().stream()
            .filter(kept -> kept.header("Message-ID").startsWith("<cod_"))
            .findFirst()
            .orElseThrow();
    assertThat(code.to()).isEqualTo(Shop.EMAIL);
    assertThat(code.header("Subject")).isEqualTo("Your code from Acme Books");
    assertThat(code.raw()).contains("LEDGER-7QX2-91KD").contains("A thing");
    assertThat(smtp.kept()).filteredOn(kept -> kept.raw().contains("LEDGER")).hasSize(1);
    Eventually.holds(
        "forgotten",
        () ->
            database
                .ask("SELECT status FROM mails WHERE kind = 'code' AND code IS NULL")
                .equals(List.of("sent")));
  }

  @Test
  void serverThatRefusesEveryCodeHoldsUpNoReceipt() {
    var refusal = new Reason("smtp_554", "no such content");
    MailDispatcher tried =
        dispatcher(mail ->
            CompletableFuture.completedFuture(
                mail.subject().startsWith("Your code")
                    ? new SmtpReply.Deferred(refusal, SmtpReply.Trouble.SERVER_REFUSES)
                    : new SmtpReply.Accepted()));
    var codes = new AtomicInteger();
    take(shop.paid(0, 3000));
    for (int i = 0; i < 10; i++) {
      deliverCode("d" + codes.incrementAndGet());
    }
    tried.start();
    try {
      Eventually.holds("refused", () -> circuits.contains(MailCircuit.REFUSED));
      take(Shop.order("pi_2").paid(0, 1000));

      Eventually.holds(
          "sent between codes that keep coming",
          () -> {
            clock.advance(Duration.ofSeconds(11));
            deliverCode("d" + codes.incrementAndGet());
            tried.wake();
            return database
                .one("SELECT count(*) FROM mails WHERE kind = 'payment' AND status = 'sent'")
                .equals("2");
          });
    } finally {
      tried.close();
    }
  }

  private void deliverCode(String id) {
    var mails = new CustomerNoticeIntake(new TestShop(), clock, () -> {});
    var delivered =
        new CustomerNotice.CodeDelivered(
            shop.order(),
            new EventId(id),
            List.of(new FulfilledItem("li_1", 1)),
            "LEDGER-7QX2-91KD",
            Shop.NOON);
    database.exchange(
        exchange -> mails.apply(exchange, List.of(mails.decode(TestShop.incoming(delivered)))));
    mails.committed();
  }

  @Test
  void databaseThatComesBackIsToldWhatHappenedMeanwhile() {
    var held = new CompletableFuture<SmtpReply>();
    MailDispatcher patient = dispatcher(_ -> held);
    take(shop.paid(0, 3000));
    patient.start();
    Eventually.holds("under way", () -> statuses().equals("payment sending"));

    database.run("ALTER TABLE mails RENAME TO mails_away");
    held.complete(new SmtpReply.Accepted());
    Eventually.holds("noticed", () -> !faults.isEmpty());
    database.run("ALTER TABLE mails_away RENAME TO mails");

    becomes("payment sent");
    patient.close();
    faults.clear();
  }

  /// What a dispatcher sends, and learns of it.
  private static final class Accounts implements MailTransport {

    private final MailTransport transport;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> unheard = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();

    Accounts(MailTransport transport) {
      this.transport = transport;
    }

    @Override
    public CompletionStage<SmtpReply> send(OutgoingMail mail) {
      String to = mail.to().address();
      if (!underWay.add(to) || ended.contains(to)) {
        wrong.add(to);
      }
      return transport.send(mail).thenApply(reply -> received(to, reply));
    }

    private SmtpReply received(String to, SmtpReply reply) {
      switch (reply) {
        case SmtpReply.Accepted(), SmtpReply.Refused(_), SmtpReply.Unaddressable(_) ->
            ended.add(to);
        case SmtpReply.Deferred(var reason, _) -> {
          if (!reason.code().startsWith("smtp_")) {
            unheard.merge(to, 1, Integer::sum);
          }
        }
      }
      underWay.remove(to);
      return reply;
    }

    /// How often the server spoke, and nobody waited for it any longer: a second is little on a
    /// machine that is busy with much else.
    int late(String to, Moods moods) {
      return Math.max(0, unheard.getOrDefault(to, 0) - moods.silent(to));
    }
  }
}
