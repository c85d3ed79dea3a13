package dev.quittance.receipts.mail;

import static dev.quittance.receipts.mail.ScriptedSmtp.accepting;
import static dev.quittance.receipts.mail.ScriptedSmtp.at;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.LetterEvent;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.receipts.Eventually;
import dev.quittance.receipts.HandClock;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.intake.Heard;
import dev.quittance.receipts.intake.LetterIntake;
import dev.quittance.receipts.intake.PaymentIntake;
import dev.quittance.receipts.mail.ScriptedSmtp.Act;
import dev.quittance.receipts.mail.ScriptedSmtp.Kept;
import dev.quittance.receipts.mail.ScriptedSmtp.Phase;
import dev.quittance.receipts.receipt.CodeOutcome;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.receipts.store.CodeTable;
import dev.quittance.receipts.store.MailOutages;
import dev.quittance.receipts.store.WorkTable;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
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

/// The mail room on a real database, before a mail server of real sockets and scripted moods.
@Timeout(600)
class MailRoomTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration GIVE_UP = Duration.ofDays(3);

  private static final Renderer RENDERER = new Renderer();

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static TestDatabase database;

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static Vertx vertx;

  private final HandClock clock = new HandClock(Shop.NOON);
  private final ScriptedSmtp smtp = ScriptedSmtp.start(accepting());
  private final MailClient client = SmtpPostOfficeTest.client(vertx, smtp.port());
  private final PostOffice office =
      new SmtpPostOffice(client, vertx.getOrCreateContext(), Duration.ofSeconds(20), clock);
  private final CodeTable codes = new CodeTable(database.source(), clock);
  private final WorkTable table = new WorkTable(database.source(), ZoneOffset.UTC, clock);
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final List<Circuit> circuits = new CopyOnWriteArrayList<>();
  private final MailRoom room = room(table, office);
  private final PaymentIntake intake = new PaymentIntake(new TestShop(), clock, room::wake);
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
    database.run(
        "TRUNCATE orders, payment_facts, receipts, receipt_numbers, mail_outages, outbox,"
            + " source_events CASCADE");
  }

  @AfterEach
  void stop() {
    room.close();
    client.close();
    smtp.close();
    assertThat(faults).isEmpty();
  }

  private MailRoom room(WorkTable work, PostOffice post) {
    var observer =
        new MailRoomObserver() {
          @Override
          public void attempted(Receipt receipt, Reply reply) {}

          @Override
          public void attempted(CodeOutcome outcome) {}

          @Override
          public void circuit(Circuit now) {
            circuits.add(now);
          }

          @Override
          public void failing(String what, Throwable cause) {
            faults.add(what + ": " + cause);
          }
        };
    return new MailRoom(
        List.of(
            new CodeDesk(codes, RENDERER, new TestShop(), post, schedule(), observer, LEASE, clock),
            new ReceiptDesk(
                work, RENDERER, new TestShop(), post, schedule(), observer, LEASE, clock)),
        new MailOutages(database.source()),
        observer,
        new MailRoom.Settings(
            8, 0, LEASE, Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(10)),
        clock);
  }

  private static RetrySchedule schedule() {
    return new RetrySchedule(Duration.ofSeconds(10), Duration.ofHours(1), GIVE_UP, new Random(1));
  }

  private void take(PaymentFact... facts) {
    List<Heard> heard =
        Stream.of(facts).map(fact -> intake.decode(TestShop.incoming(0, fact))).toList();
    database.exchange(exchange -> intake.apply(exchange, heard));
    intake.committed();
  }

  private String statuses() {
    return String.join(
        ", ",
        database.ask("SELECT kind || ' ' || status FROM receipts ORDER BY kind DESC, status"));
  }

  private void becomes(String statuses) {
    Eventually.holds(statuses + " (now: " + statuses() + ")", () -> statuses().equals(statuses));
  }

  @Test
  void dueReceiptIsSentAndTheWorldIsTold() {
    room.start();

    take(shop.paid(0, 3000));

    becomes("payment sent");
    Kept mail = smtp.kept().getFirst();
    assertThat(mail.to()).isEqualTo(Shop.EMAIL);
    assertThat(mail.header("Subject")).isEqualTo("Your receipt from Acme Books: $30.00");
    assertThat("<" + database.one("SELECT message_id FROM receipts") + ">")
        .isEqualTo(mail.header("Message-ID"));
    assertThat(database.one("SELECT number FROM receipts")).isEqualTo("ACME-2026-1");
    assertThat(database.one("SELECT topic FROM outbox")).isEqualTo("receipts.events.v1");
    assertThat(database.one("SELECT headers::json ->> 'ce_type' FROM outbox"))
        .isEqualTo("dev.quittance.receipt.sent.v1");
    assertThat(database.one("SELECT convert_from(value, 'UTF8')::json ->> 'number' FROM outbox"))
        .isEqualTo("ACME-2026-1");
  }

  @Test
  void refundsReceiptComesAfterThePayments() {
    room.start();

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
    room.start();
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
    var died =
        new ReceiptDesk(
            table,
            RENDERER,
            new TestShop(),
            office,
            schedule(),
            new MailRoomObserver() {
              @Override
              public void attempted(Receipt receipt, Reply reply) {}

              @Override
              public void attempted(CodeOutcome outcome) {}

              @Override
              public void failing(String what, Throwable cause) {}
            },
            LEASE,
            clock);
    Receipt.Sending claimed = died.claim(10, true, List.of(), false).getFirst();
    assertThat(died.attempt(claimed).toCompletableFuture().join().reply())
        .isEqualTo(new Reply.Accepted());

    room.start();
    clock.advance(LEASE.minusSeconds(1));
    assertThat(table.claim(10, "another", LEASE, true, List.of(), false)).isEmpty();
    clock.advance(Duration.ofSeconds(1));

    becomes("payment sent");
    assertThat(smtp.kept()).hasSize(2);
    Kept first = smtp.kept().get(0);
    Kept second = smtp.kept().get(1);
    assertThat(second.header("Message-ID")).isEqualTo(first.header("Message-ID"));
    assertThat(second.header("Date")).isEqualTo(first.header("Date"));
    assertThat(withoutBoundaries(second.raw())).isEqualTo(withoutBoundaries(first.raw()));
    assertThat(database.one("SELECT number || ' ' || attempts FROM receipts"))
        .isEqualTo("ACME-2026-1 2");
  }

  private static String withoutBoundaries(String raw) {
    return raw.replaceAll("=--quittance_[0-9_]+", "boundary");
  }

  @Test
  void acceptanceCountsEvenWhenTheLeaseIsLost() throws SQLException {
    take(shop.paid(0, 3000));
    Receipt.Sending slow = table.claim(10, "slow", LEASE, true, List.of(), false).getFirst();
    clock.advance(LEASE);
    Receipt.Sending second = table.claim(10, "second", LEASE, true, List.of(), false).getFirst();

    table.settle(List.of(slow.accepted("id", clock.instant())));
    table.settle(
        List.of(
            second.refused(new dev.quittance.contracts.Reason("smtp_550", "no")),
            second.accepted("id", clock.instant())));

    assertThat(statuses()).isEqualTo("payment sent");
    assertThat(database.ask("SELECT id FROM outbox")).hasSize(1);
  }

  @Test
  void refusalByOneWhoLostTheLeaseCountsForNothing() throws SQLException {
    take(shop.paid(0, 3000));
    Receipt.Sending slow = table.claim(10, "slow", LEASE, true, List.of(), false).getFirst();
    clock.advance(LEASE);
    table.claim(10, "second", LEASE, true, List.of(), false);

    var reason = new dev.quittance.contracts.Reason("smtp_550", "no");
    table.settle(List.of(slow.refused(reason)));
    table.settle(List.of(slow.deferred(reason, clock.instant())));

    assertThat(statuses()).isEqualTo("payment sending");
    assertThat(database.ask("SELECT id FROM outbox")).isEmpty();
  }

  @Test
  void refusedReceiptIsUndeliverableInTheServersWords() {
    smtp.script(at(Phase.RCPT, new Act.Say("550 5.1.1 <jane@example.com> unknown")));
    room.start();

    take(shop.paid(0, 3000));

    becomes("payment undeliverable");
    assertThat(database.one("SELECT reason_code || ' ' || reason_message FROM receipts"))
        .isEqualTo("smtp_550 550 5.1.1 <…> unknown");
    assertThat(database.one("SELECT headers::json ->> 'ce_type' FROM outbox"))
        .isEqualTo("dev.quittance.receipt.undeliverable.v1");
    assertThat(database.one("SELECT convert_from(value, 'UTF8') FROM outbox"))
        .doesNotContain("jane");
  }

  @Test
  void addressThatIsNoneMakesItUndeliverableAndHarmsNoOther() {
    room.start();

    take(
        shop.paidBy(0, 3000, "jane@example.com>\r\nRCPT TO:<joe@example.com"),
        Shop.order("pi_2").paid(0, 1000));

    Eventually.holds(
        "both settled", () -> !statuses().contains("due") && !statuses().contains("sending"));
    assertThat(
            database.ask(
                "SELECT status || coalesce(' ' || reason_code, '') FROM receipts ORDER BY 1"))
        .containsExactly("sent", "undeliverable address_invalid");
    assertThat(smtp.attempts("joe@example.com")).isZero();
  }

  @Test
  void temporaryRefusalIsTriedAgainAfterAPause() {
    smtp.script(at(Phase.RCPT, new Act.Say("451 greylisted")));
    room.start();
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
    room.start();
    take(shop.paid(0, 3000));
    becomes("payment retrying");

    clock.advance(GIVE_UP);

    becomes("payment undeliverable");
    assertThat(database.one("SELECT reason_code || ' ' || reason_message FROM receipts"))
        .isEqualTo("gave_up 451 never ready");
  }

  @Test
  void mailServerThatIsAwayStopsNoIntakeAndTheBacklogDrainsByItself() {
    int port = smtp.port();
    smtp.close();
    room.start();

    for (int i = 0; i < 200; i++) {
      take(Shop.order("pi_" + i).paid(i, 1000 + i));
    }
    assertThat(database.one("SELECT count(*) FROM payment_facts")).isEqualTo("200");
    Eventually.holds("tried", () -> statuses().contains("retrying"));
    // the backlog isn't spent on a server that is away
    assertThat(Long.parseLong(database.one("SELECT count(*) FROM receipts WHERE status = 'due'")))
        .isGreaterThan(100);

    try (ScriptedSmtp back = ScriptedSmtp.start(port, accepting())) {
      Eventually.holds(
          "all sent",
          () -> {
            clock.advance(Duration.ofSeconds(1));
            return database
                .one("SELECT count(*) FROM receipts WHERE status = 'sent'")
                .equals("200");
          });
      assertThat(back.kept()).hasSize(200);
    }
    assertThat(database.one("SELECT count(*) || ' ' || max(last) FROM receipt_numbers"))
        .isEqualTo("1 200");
    assertThat(database.one("SELECT count(DISTINCT number) FROM receipts")).isEqualTo("200");
  }

  @Test
  void severalMailRoomsShareTheWorkAndSendNothingTwice() {
    take(
        IntStream.range(0, 300)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));
    MailRoom other = room(table, office);
    room.start();
    other.start();

    Eventually.holds(
        "all sent",
        () -> database.one("SELECT count(*) FROM receipts WHERE status = 'sent'").equals("300"));
    other.close();

    assertThat(smtp.kept().stream().map(kept -> kept.header("Message-ID")).distinct()).hasSize(300);
    assertThat(smtp.kept()).hasSize(300);
    assertThat(database.ask("SELECT split_part(number, '-', 3)::int FROM receipts ORDER BY 1"))
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
    room.close();
    MailClient hasty = SmtpPostOfficeTest.hasty(vertx, smtp.port());
    var accounts =
        new Accounts(
            new SmtpPostOffice(hasty, vertx.getOrCreateContext(), Duration.ofSeconds(3), clock));
    MailRoom hurried = room(table, accounts);
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
              .one("SELECT count(*) FROM receipts WHERE status IN ('sent', 'undeliverable')")
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
    List<String> sent = database.ask("SELECT recipient FROM receipts WHERE status = 'sent'");
    assertThat(copies.keySet()).containsAll(sent);
    assertThat(moods.refusedForGood())
        .containsAll(database.ask("SELECT recipient FROM receipts WHERE status = 'undeliverable'"));
    assertThat(database.one("SELECT count(*) FROM outbox")).isEqualTo("1000");
    assertThat(database.one("SELECT last FROM receipt_numbers")).isEqualTo("1000");
  }

  @Test
  void closingFinishesTheLettersUnderWay() {
    var held = new CompletableFuture<Reply>();
    PostOffice slow =
        new PostOffice() {
          @Override
          public CompletionStage<Reply> post(Letter letter) {
            return held;
          }
        };
    MailRoom closing = room(table, slow);
    take(shop.paid(0, 3000));
    closing.start();
    Eventually.holds("under way", () -> statuses().equals("payment sending"));

    Thread close = Thread.ofVirtual().start(closing::close);
    held.complete(new Reply.Accepted());
    Eventually.holds("closed", () -> !close.isAlive());

    assertThat(statuses()).isEqualTo("payment sent");
  }

  /// Enough letters go through at once that more are taken in hand than can be under way.
  private List<CompletableFuture<Reply>> holdUpAfter(int letters, int of, MailRoom[] opened) {
    var replies = new CopyOnWriteArrayList<CompletableFuture<Reply>>();
    var posted = new AtomicInteger();
    take(
        IntStream.range(0, of)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));
    MailRoom busy =
        room(
            table,
            _ -> {
              if (posted.incrementAndGet() <= letters) {
                return CompletableFuture.completedFuture(new Reply.Accepted());
              }
              var held = new CompletableFuture<Reply>();
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
                    .one("SELECT count(*) FROM receipts WHERE status = 'sent'")
                    .equals(Integer.toString(letters)));
    return replies;
  }

  private int count(String status) {
    return Integer.parseInt(
        database.one("SELECT count(*) FROM receipts WHERE status = '" + status + "'"));
  }

  @Test
  void closingGivesBackWhatIsInHandAndNotUnderWay() {
    var opened = new MailRoom[1];
    var replies = holdUpAfter(40, 400, opened);
    Eventually.holds("more in hand than under way", () -> count("sending") > 8);
    int inHand = count("sending");
    assertThat(inHand).isLessThanOrEqualTo(8 + MailRoom.AHEAD_MAX);

    Thread close = Thread.ofVirtual().start(opened[0]::close);
    Eventually.holds("given back", () -> count("retrying") == inHand - 8);
    replies.forEach(reply -> reply.complete(new Reply.Accepted()));
    Eventually.holds("closed", () -> !close.isAlive());

    assertThat(count("sent")).isEqualTo(48);
    assertThat(
            database.ask(
                "SELECT DISTINCT attempts || coalesce(lease_owner, '') FROM receipts WHERE status = 'retrying'"))
        .containsExactly("0");

    room.start();
    Eventually.holds("all sent", () -> count("sent") == 400);
    assertThat(smtp.kept()).hasSize(400 - 48);
    assertThat(database.ask("SELECT DISTINCT attempts FROM receipts")).containsExactly("1");
    assertThat(database.one("SELECT last FROM receipt_numbers")).isEqualTo("400");
  }

  @Test
  void nothingMoreIsSentWhileItCannotBeWrittenDown() {
    var opened = new MailRoom[1];
    var replies = holdUpAfter(40, 400, opened);

    Eventually.holds("more in hand than under way", () -> count("sending") > 8);

    database.run("ALTER TABLE receipts RENAME TO receipts_away");
    clock.advance(LEASE.dividedBy(2));
    Eventually.holds("noticed", () -> !faults.isEmpty());
    replies.forEach(reply -> reply.complete(new Reply.Accepted()));
    int looked = faults.size();
    Eventually.holds("looked again", () -> faults.size() > looked);
    assertThat(replies).hasSize(8);

    database.run("ALTER TABLE receipts_away RENAME TO receipts");
    Eventually.holds("goes on", () -> replies.size() > 8);
    Thread close = Thread.ofVirtual().start(opened[0]::close);
    Eventually.holds(
        "closed",
        () -> {
          replies.forEach(reply -> reply.complete(new Reply.Accepted()));
          return !close.isAlive();
        });
    assertThat(count("sending")).isZero();
    faults.clear();
  }

  @Test
  void receiptThatThisVersionCannotReadIsPutAsideAndHoldsUpNoOther() {
    take(shop.paid(0, 3000), Shop.order("pi_2").paid(0, 1000));
    database.run(
        "UPDATE receipts SET content = '{\"kind\": \"poem\"}' WHERE order_id = 'stripe:pi_1'");
    room.start();

    becomes("payment due, payment sent");
    assertThat(
            database.one(
                "SELECT concat_ws(' ', reason_code, attempts, number) FROM receipts WHERE status = 'due'"))
        .isEqualTo("unreadable 0");
    assertThat(
            database.one("SELECT split_part(number, '-', 3) FROM receipts WHERE status = 'sent'"))
        .isEqualTo("1");
  }

  /// A relay that takes nobody's letter from us, as five of them say it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "554 5.7.1 Relay access denied",
        "550 5.1.1 User unknown",
        "550 blocked using a list",
        "552 5.2.3 Daily sending quota exceeded",
        "550 5.4.1 Recipient address rejected: Access denied"
      })
  void relayThatRefusesEverybodyStopsTheRoomAndEndsNoLettersTime(String answer) {
    smtp.script(at(Phase.RCPT, new Act.Say(answer)));
    take(
        IntStream.range(0, 40)
            .mapToObj(i -> Shop.order("pi_" + i).paidBy(i, 100 + i, "c" + i + "@example.com"))
            .toArray(PaymentFact[]::new));
    room.start();

    Eventually.holds("stopped", () -> room.circuit() == Circuit.REFUSED);
    Eventually.holds("said so", () -> circuits.equals(List.of(Circuit.REFUSED)));
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
    Eventually.holds("said so", () -> circuits.getLast() == Circuit.CLOSED);
    assertThat(room.circuit()).isEqualTo(Circuit.CLOSED);
  }

  /// Else a heap of letters that are refused for their sender hides one of another shop.
  @Test
  void whileTheServerIsOnlyTriedTheLetterThatWasTriedLeastGoesFirst() throws SQLException {
    take(Shop.order("pi_old").paid(0, 3000));
    assertThat(table.claim(1, "me", LEASE, true, List.of(), false)).hasSize(1);
    clock.advance(LEASE.plusSeconds(1)); // tried, and nobody knows what it came to
    take(Shop.order("pi_new").paid(1, 3000));

    assertThat(table.claim(1, "me", LEASE, true, List.of(), true).getFirst().key().order())
        .isEqualTo(Shop.order("pi_new").order());
    assertThat(table.claim(1, "me", LEASE, true, List.of(), false).getFirst().key().order())
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

    Receipt.Sending claimed = table.claim(1, "me", LEASE, true, List.of(), false).getFirst();

    assertThat(claimed.since()).isEqualTo(Shop.NOON);
    assertThat(claimed.countedFrom()).isEqualTo(Shop.NOON.plusSeconds(100));
    assertThat(database.one("SELECT count(*) FROM mail_outages")).isEqualTo("2");
  }

  @Test
  void oneLetterThatIsRefusedForReasonsOfPolicyIsGivenUpAfterThreeDays() {
    smtp.script(at(Phase.RCPT, new Act.Say("554 5.7.1 no mail from there for this mailbox")));
    room.start();
    take(shop.paid(0, 3000));
    becomes("payment retrying");

    clock.advance(GIVE_UP);

    becomes("payment undeliverable");
    assertThat(
            database.one(
                "SELECT reason_code || ' ' || (undeliverable_at IS NOT NULL) FROM receipts"))
        .isEqualTo("gave_up true");
  }

  @Test
  void deskThatThrowsOrEndsInADefectCostsNoPlace() {
    for (boolean settles : List.of(true, false)) {
      empty();
      faults.clear();
      take(
          IntStream.range(0, 30)
              .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
              .toArray(PaymentFact[]::new));
      var throwing = new Throwing(settles);
      var broken =
          new MailRoom(
              List.of(throwing),
              new MailOutages(database.source()),
              throwing,
              new MailRoom.Settings(
                  8,
                  0,
                  LEASE,
                  Duration.ofMillis(20),
                  Duration.ofMillis(100),
                  Duration.ofSeconds(1)),
              clock);
      broken.start();

      Eventually.holds("all tried", () -> throwing.tried.get() == 30);
      if (settles) {
        Eventually.holds("all retrying", () -> count("retrying") == 30);
      }
      broken.close();
    }
  }

  /// A desk whose attempts blow up in one way or another.
  private final class Throwing implements Desk<Receipt.Sending, Receipt>, MailRoomObserver {

    private final boolean settles;
    private final AtomicInteger tried = new AtomicInteger();

    Throwing(boolean settles) {
      this.settles = settles;
    }

    @Override
    public List<Receipt.Sending> claim(
        int limit, boolean orphans, Collection<Receipt.Sending> held, boolean trial)
        throws SQLException {
      return table.claim(limit, "throwing", LEASE, orphans, held, trial);
    }

    @Override
    public void renew(List<Receipt.Sending> held) throws SQLException {
      table.renew(held, "throwing", LEASE);
    }

    @Override
    public void giveBack(List<Receipt.Sending> untried) throws SQLException {
      table.giveBack(untried, "throwing");
    }

    @Override
    public CompletionStage<Attempt<Receipt.Sending, Receipt>> attempt(Receipt.Sending item) {
      if (tried.incrementAndGet() % 2 == 0) {
        throw new StackOverflowError();
      }
      return CompletableFuture.failedFuture(new IllegalStateException("a defect"));
    }

    @Override
    public Attempt<Receipt.Sending, Receipt> failed(Receipt.Sending item, Throwable defect) {
      if (!settles) {
        throw new IllegalStateException("another one", defect);
      }
      var reason = new dev.quittance.contracts.Reason("defect", null);
      return new Attempt<>(
          item,
          item.deferred(reason, clock.instant().plusSeconds(60)),
          new Reply.Deferred(reason, Reply.Trouble.OURS),
          Optional.of(defect));
    }

    @Override
    public void settle(List<Receipt> results) throws SQLException {
      table.settle(results);
    }

    @Override
    public void settled(Receipt result, Reply reply) {
      throw new IllegalStateException("nor may an observer's defect cost one");
    }

    @Override
    public void attempted(Receipt receipt, Reply reply) {}

    @Override
    public void attempted(CodeOutcome outcome) {}

    @Override
    public void failing(String what, Throwable cause) {}
  }

  @Test
  void letterThatBlowsUpIsRetriedAndCostsNoPlace() {
    MailRoom unlucky =
        room(
            table,
            _ -> {
              throw new StackOverflowError();
            });
    take(
        IntStream.range(0, 30)
            .mapToObj(i -> Shop.order("pi_" + i).paid(i, 100 + i))
            .toArray(PaymentFact[]::new));
    unlucky.start();

    Eventually.holds(
        "all retrying",
        () -> database.one("SELECT count(*) FROM receipts WHERE status = 'retrying'").equals("30"));
    assertThat(database.ask("SELECT DISTINCT reason_code FROM receipts")).containsExactly("defect");
    unlucky.close();
    faults.clear();
  }

  @Test
  void leaseLastsAsLongAsTheLetterIsInHand() throws SQLException {
    var held = new CompletableFuture<Reply>();
    MailRoom patient = room(table, _ -> held);
    take(shop.paid(0, 3000));
    patient.start();
    Eventually.holds("under way", () -> statuses().equals("payment sending"));

    for (int i = 0; i < 6; i++) {
      clock.advance(LEASE.dividedBy(2));
      Eventually.holds("renewed", () -> leasedUntil(clock.instant().plus(LEASE)));
      assertThat(table.claim(10, "another", LEASE, true, List.of(), false)).isEmpty();
    }
    held.complete(new Reply.Accepted());

    becomes("payment sent");
    assertThat(database.one("SELECT attempts FROM receipts")).isEqualTo("1");
    patient.close();
  }

  private boolean leasedUntil(Instant end) {
    return database
        .one("SELECT next_attempt_at = timestamptz '" + end + "' FROM receipts")
        .equals("t");
  }

  /// Whoever was stopped, or kept waiting by the database, for longer than a lease lasts, finds his
  /// own letters among those that anybody may take.
  @Test
  void whatIsInHandIsNotTakenAgainThoughItsLeaseRanOut() {
    var held = new CompletableFuture<Reply>();
    var posted = new CopyOnWriteArrayList<String>();
    MailRoom patient =
        room(
            table,
            letter -> {
              posted.add(letter.to().address());
              return held;
            });
    take(shop.paid(0, 3000));
    patient.start();
    Eventually.holds("under way", () -> posted.size() == 1);
    clock.advance(LEASE);
    Eventually.holds("renewed", () -> leasedUntil(clock.instant().plus(LEASE)));
    database.run("UPDATE receipts SET next_attempt_at = '" + clock.instant().minusSeconds(1) + "'");

    take(Shop.order("pi_2").paidBy(0, 1000, "joe@example.com"));

    Eventually.holds("the other one too", () -> posted.contains("joe@example.com"));
    held.complete(new Reply.Accepted());
    becomes("payment sent, payment sent");
    assertThat(posted).containsExactly(Shop.EMAIL, "joe@example.com");
    assertThat(database.ask("SELECT DISTINCT attempts FROM receipts")).containsExactly("1");
    patient.close();
  }

  /// Who was cut off from the database gives the others time to write down what they sent
  /// meanwhile.
  @Test
  void afterAnOutageOfTheDatabaseOthersLettersAreNotTakenAtOnce() throws SQLException {
    take(shop.paid(0, 3000));
    Receipt.Sending others = table.claim(10, "another", LEASE, true, List.of(), false).getFirst();
    room.start();
    clock.advance(LEASE.minusSeconds(1));
    database.run("ALTER TABLE receipts RENAME TO receipts_away");
    Eventually.holds("noticed", () -> !faults.isEmpty());
    database.run("ALTER TABLE receipts_away RENAME TO receipts");
    faults.clear();
    clock.advance(Duration.ofSeconds(1));
    take(Shop.order("pi_2").paid(0, 1000));

    becomes("payment sending, payment sent");
    table.settle(List.of(others.accepted("id@example.com", clock.instant())));

    becomes("payment sent, payment sent");
    assertThat(smtp.kept()).hasSize(1);
    faults.clear();
  }

  @Test
  void letterOfOneWhoDiedIsTakenWhenItsLeaseRunsOut() throws SQLException {
    take(shop.paid(0, 3000));
    table.claim(10, "one that died", LEASE, true, List.of(), false);
    room.start();

    clock.advance(LEASE);

    becomes("payment sent");
  }

  @Test
  void codeIsMailedByItselfAndInNoOtherLetter() {
    room.start();
    var letters = new LetterIntake(new TestShop(), clock, room::wake);
    take(shop.paid(0, 3000));
    var delivered =
        new LetterEvent.CodeDelivered(
            shop.order(),
            new EventId("d1"),
            List.of(new FulfilledItem("li_1", 1)),
            "LEDGER-7QX2-91KD",
            Shop.NOON);
    database.exchange(
        exchange -> letters.apply(exchange, List.of(letters.decode(TestShop.incoming(delivered)))));
    letters.committed();

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
                .ask("SELECT status FROM code_letters WHERE code IS NULL")
                .equals(List.of("sent")));
  }

  @Test
  void databaseThatComesBackIsToldWhatHappenedMeanwhile() {
    var held = new CompletableFuture<Reply>();
    MailRoom patient = room(table, _ -> held);
    take(shop.paid(0, 3000));
    patient.start();
    Eventually.holds("under way", () -> statuses().equals("payment sending"));

    database.run("ALTER TABLE receipts RENAME TO receipts_away");
    held.complete(new Reply.Accepted());
    Eventually.holds("noticed", () -> !faults.isEmpty());
    database.run("ALTER TABLE receipts_away RENAME TO receipts");

    becomes("payment sent");
    patient.close();
    faults.clear();
  }

  /// What a mail room posts, and hears of it.
  private static final class Accounts implements PostOffice {

    private final PostOffice office;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> unheard = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();

    Accounts(PostOffice office) {
      this.office = office;
    }

    @Override
    public CompletionStage<Reply> post(Letter letter) {
      String to = letter.to().address();
      if (!underWay.add(to) || ended.contains(to)) {
        wrong.add(to);
      }
      return office.post(letter).thenApply(reply -> heard(to, reply));
    }

    private Reply heard(String to, Reply reply) {
      switch (reply) {
        case Reply.Accepted(), Reply.Refused(_), Reply.Unaddressable(_) -> ended.add(to);
        case Reply.Deferred(var reason, _) -> {
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
