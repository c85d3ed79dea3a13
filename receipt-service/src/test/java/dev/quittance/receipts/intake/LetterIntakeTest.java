package dev.quittance.receipts.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LetterEvent;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fuzz.Canaries;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import dev.quittance.receipts.HandClock;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.receipt.CodeOutcome;
import dev.quittance.receipts.receipt.CodeSending;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.store.ByHand;
import dev.quittance.receipts.store.CodeTable;
import dev.quittance.receipts.store.WorkTable;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Codes to be mailed and customers to be forgotten, on a real database.
class LetterIntakeTest {

  private static final Outcome APPLIED = new Outcome.Applied();
  private static final Outcome DUPLICATE = new Outcome.Duplicate();
  private static final String CODE = "LEDGER-7QX2-91KD";
  private static final Duration LEASE = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static TestDatabase database;

  private final HandClock clock = new HandClock(Shop.NOON);
  private final PaymentIntake payments = new PaymentIntake(new TestShop(), clock, () -> {});
  private final LetterIntake letters = new LetterIntake(new TestShop(), clock, () -> {});
  private final CodeTable codes = new CodeTable(database.source(), clock);
  private final WorkTable table = new WorkTable(database.source(), ZoneOffset.UTC, clock);
  private final ByHand byHand = new ByHand(database.source(), clock);
  private final Shop shop = Shop.order("pi_1");

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void empty() {
    database.run("TRUNCATE orders, payment_facts, receipts, receipt_numbers, outbox CASCADE");
  }

  private void pay(PaymentFact... facts) {
    List<Heard> heard =
        Stream.of(facts).map(fact -> payments.decode(TestShop.incoming(0, fact))).toList();
    database.transact(transaction -> payments.apply(transaction, heard));
  }

  private List<Outcome> hear(LetterEvent... events) {
    List<Optional<LetterEvent>> heard =
        Stream.of(events).map(event -> letters.decode(TestShop.incoming(event))).toList();
    return database.transact(transaction -> letters.apply(transaction, heard));
  }

  private LetterEvent.CodeDelivered delivered(String delivery) {
    return new LetterEvent.CodeDelivered(
        shop.order(),
        new EventId(delivery),
        List.of(new FulfilledItem("li_1", 1)),
        CODE,
        Shop.NOON);
  }

  private LetterEvent.CustomerErased erased() {
    return new LetterEvent.CustomerErased(shop.order(), Shop.NOON.plusSeconds(60));
  }

  private List<String> codeLetters() {
    return database.ask(
        "SELECT status || coalesce(' ' || reason_code, '') || CASE WHEN code IS NULL THEN '' ELSE '"
            + " +code' END FROM code_letters ORDER BY delivery");
  }

  private List<String> receipts() {
    return database.ask(
        "SELECT kind || ' ' || status || coalesce(' ' || reason_code, '') FROM receipts ORDER BY"
            + " kind");
  }

  private void nothingPersonalIsLeft() {
    assertThat(database.dump())
        .isNotEmpty()
        .allSatisfy(row ->
            assertThat(row)
                .doesNotContainIgnoringCase("jane")
                .doesNotContain("High Street")
                .doesNotContain("N1 9GU")
                .doesNotContain("4242")
                .doesNotContain(CODE)
                .doesNotContainIgnoringCase(Canaries.WORD));
  }

  @Test
  void deliveredCodeIsALetterOfItsOwnOncePerDelivery() {
    pay(shop.paid(0, 3000));

    assertThat(hear(delivered("d1"), delivered("d1"))).containsExactly(APPLIED, DUPLICATE);
    assertThat(hear(delivered("d1"), delivered("d2"))).containsExactly(DUPLICATE, APPLIED);

    assertThat(codeLetters()).containsExactly("due +code", "due +code");
    assertThat(receipts()).containsExactly("payment due");
  }

  @Test
  void codeThatComesBeforeThePaymentsWordWaitsForTheAddress() {
    hear(delivered("d1"));
    assertThat(codeLetters()).containsExactly("waiting +code");

    pay(shop.paidBy(0, 3000, null));
    assertThat(codeLetters()).containsExactly("skipped no_address +code");

    pay(shop.paidBy(1, 3000, Shop.EMAIL));
    assertThat(codeLetters()).containsExactly("due +code");
  }

  @Test
  void codeIsForgottenWithTheCommitThatSaysItWasSent() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"), delivered("d2"));
    List<CodeSending> claimed = codes.claim(10, "me", LEASE, true, List.of());
    assertThat(claimed).hasSize(2).allMatch(sending -> sending.code().equals(CODE));
    assertThat(claimed.toString()).doesNotContain(CODE);

    codes.settle(
        List.of(
            new CodeOutcome.Sent(claimed.get(0), "id@example.com", clock.instant()),
            new CodeOutcome.Undeliverable(
                claimed.get(1), dev.quittance.contracts.Reason.of("smtp_550"))));

    assertThat(codeLetters()).containsExactlyInAnyOrder("sent", "undeliverable smtp_550");
    assertThat(hear(delivered("d1"))).containsExactly(DUPLICATE);
    assertThat(codes.claim(10, "me", LEASE, true, List.of())).isEmpty();
    assertThat(codes.of(shop.order()).toString()).doesNotContain(CODE);
  }

  @Test
  void codeInHandIsNotTakenAgainThoughItsLeaseRanOut() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    List<CodeSending> held = codes.claim(10, "me", LEASE, true, List.of());
    assertThat(held).hasSize(1);
    clock.advance(LEASE.plusSeconds(1));

    assertThat(codes.claim(10, "me", LEASE, true, held)).isEmpty();
    assertThat(codes.claim(10, "another", LEASE, true, List.of())).hasSize(1);
  }

  @Test
  void deferredCodeIsKeptAndTriedAgainUnderTheSameMessageId() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    CodeSending first = codes.claim(10, "me", LEASE, true, List.of()).getFirst();
    codes.settle(
        List.of(
            new CodeOutcome.Retrying(
                first,
                dev.quittance.contracts.Reason.of("smtp_451"),
                clock.instant().plusSeconds(10))));
    assertThat(codes.claim(10, "me", LEASE, true, List.of())).isEmpty();
    clock.advance(Duration.ofSeconds(10));

    CodeSending second = codes.claim(10, "me", LEASE, true, List.of()).getFirst();

    assertThat(second.messageId("example.com")).isEqualTo(first.messageId("example.com"));
    assertThat(second.code()).isEqualTo(CODE);
    assertThat(second.attempt()).isEqualTo(2);
  }

  @Test
  void erasureForgetsTheCustomerEverywhereAndSendsNoMore() {
    pay(shop.paid(0, 3000), shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    hear(delivered("d1"));

    assertThat(hear(erased())).containsExactly(APPLIED);
    assertThat(hear(erased())).containsExactly(DUPLICATE);

    assertThat(receipts()).containsExactly("payment skipped erased", "refund skipped erased");
    assertThat(codeLetters()).containsExactly("skipped erased");
    nothingPersonalIsLeft();
  }

  /// Every text of every kind of fact that may tell of a customer.
  private PaymentFact[] personalFacts(int firstSecond) {
    PaymentEventType[] types = PaymentEventType.values();
    return IntStream.range(0, types.length)
        .mapToObj(i -> shop.fact(firstSecond + i, Canaries.personal(types[i].shape())))
        .toArray(PaymentFact[]::new);
  }

  @Test
  void noTextThatMayTellOfACustomerIsLeftOrComesBack() throws SQLException {
    pay(personalFacts(10));
    pay(shop.paid(0, 3000), shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    hear(delivered("d1"));
    Receipt.Sending sending = table.claim(1, "me", LEASE, true, List.of()).getFirst();
    table.settle(List.of(sending.accepted("id@example.com", clock.instant())));
    byHand.resend(
        sending.key().id(), Optional.of(Canaries.WORD + "@" + Canaries.WORD + ".org"), "support");
    assertThat(database.dump()).anyMatch(row -> row.contains(Canaries.WORD));

    hear(erased());
    nothingPersonalIsLeft();

    pay(personalFacts(30));
    nothingPersonalIsLeft();
  }

  @Test
  void aFactThatACorrectionMovesToAnotherOrderStaysAnErasedCustomers() {
    pay(shop.paid(0, 3000));
    hear(erased());
    Shop other = Shop.order("pi_moved");

    pay(
        new PaymentFact(
            shop.paid(0, 3000).id(), 2, other.paid(0, 3000).event())); // the same source event

    assertThat(
            database.ask(
                "SELECT kind || ' ' || status FROM receipts WHERE order_id = 'stripe:pi_moved'"))
        .containsExactly("payment skipped");
    nothingPersonalIsLeft();
  }

  @Test
  void whateverComesLaterMakesNothingPersonal() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(erased());

    pay(shop.paidBy(1, 3000, Shop.EMAIL), shop.refund(2, "re_1", RefundStatus.SUCCEEDED, 1000));
    assertThat(hear(delivered("d1"))).containsExactly(APPLIED);

    assertThat(receipts()).containsExactly("payment skipped erased", "refund skipped erased");
    assertThat(codeLetters()).containsExactly("skipped erased");
    assertThat(table.claim(10, "me", LEASE, true, List.of())).isEmpty();
    nothingPersonalIsLeft();
  }

  @Test
  void erasureBeforeAnythingIsKnownHoldsToo() {
    hear(erased());
    pay(shop.paid(0, 3000));

    assertThat(receipts()).containsExactly("payment skipped erased");
    nothingPersonalIsLeft();
  }

  @Test
  void codeAndErasureOfOneBatchEndTheSameInEitherOrder() {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"), erased());
    List<String> one = codeLetters();
    empty();
    pay(shop.paid(0, 3000));
    hear(erased(), delivered("d1"));

    assertThat(codeLetters()).isEqualTo(one).containsExactly("skipped erased");
    nothingPersonalIsLeft();
  }

  @Test
  void sentReceiptKeepsItsNumberAndIsGoneForItsCustomer() throws SQLException {
    pay(shop.paid(0, 3000));
    Receipt.Sending sending = table.claim(10, "me", LEASE, true, List.of()).getFirst();
    table.settle(List.of(sending.accepted("id@example.com", clock.instant())));
    var token = UUID.fromString(database.one("SELECT token FROM receipts"));
    assertThat(byHand.view(token)).containsInstanceOf(ByHand.View.Shown.class);
    byHand.resend(sending.key().id(), Optional.of("other-jane@example.com"), "support");

    hear(erased());

    assertThat(byHand.view(token)).contains(new ByHand.View.Gone());
    assertThat(byHand.resend(sending.key().id(), Optional.of("x@example.com"), "support"))
        .isEqualTo(new ByHand.Answer.Erased());
    assertThat(database.one("SELECT number FROM receipts")).isEqualTo("ACME-2026-1");
    nothingPersonalIsLeft();
  }

  @Test
  void letterThatIsUnderWayDuringTheErasureCountsAsSentIfTheServerTookIt() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    Receipt.Sending sending = table.claim(10, "me", LEASE, true, List.of()).getFirst();
    CodeSending code = codes.claim(10, "me", LEASE, true, List.of()).getFirst();

    hear(erased());
    table.settle(List.of(sending.accepted("id@example.com", clock.instant())));
    codes.settle(List.of(new CodeOutcome.Sent(code, "id@example.com", clock.instant())));

    assertThat(receipts()).containsExactly("payment sent");
    assertThat(codeLetters()).containsExactly("sent");
    nothingPersonalIsLeft();
  }

  @Test
  void keyThatTheProviderDeliveredIsNotKept() {
    var line =
        new LineItem(
            "li_1",
            "A game",
            1,
            Shop.usd(3000),
            null,
            null,
            null,
            null,
            null,
            null,
            CODE,
            Map.of());
    pay(
        shop.fact(
            0,
            new PaymentEvent.Succeeded(
                shop.about(0),
                Shop.details(Shop.usd(3000), Shop.EMAIL, ItemsState.KNOWN, List.of(line)))));

    assertThat(receipts()).containsExactly("payment due");
    assertThat(database.one("SELECT data::text FROM payment_facts"))
        .contains("A game")
        .doesNotContain(CODE);
  }

  @Test
  void otherOrdersAreLeftAlone() {
    pay(shop.paid(0, 3000), Shop.order("pi_2").paid(0, 1000));

    hear(erased());

    assertThat(database.one("SELECT recipient FROM receipts WHERE order_id = 'stripe:pi_2'"))
        .isEqualTo(Shop.EMAIL);
  }

  @Test
  void typeThatIsNotKnownIsNoneOfOurBusinessAndNonsenseIsDead() {
    Incoming known = TestShop.incoming(erased());
    assertThat(
            letters.decode(
                TestShop.incoming(
                    new CloudEvent(
                        new EventId("x"),
                        "/quittance/fulfillment",
                        "dev.quittance.letter.poem.v1",
                        shop.order(),
                        Shop.NOON,
                        CloudEvent.Origin.WEBHOOK,
                        0,
                        1L,
                        null,
                        WireFormat.write(Map.of())))))
        .isEmpty();
    assertThatThrownBy(() ->
            letters.decode(
                new Incoming(known.topic(), 0, 0, known.key(), known.headers(), new byte[] {'{'})))
        .isInstanceOf(UnreadableEvent.class);
    assertThatThrownBy(() ->
            letters.decode(
                TestShop.incoming(
                    new CloudEvent(
                        new EventId("x"),
                        "/quittance/fulfillment",
                        erased().type(),
                        OrderId.of("stripe", "pi_other"),
                        Shop.NOON,
                        CloudEvent.Origin.WEBHOOK,
                        0,
                        1L,
                        null,
                        WireFormat.write(erased())))))
        .isInstanceOf(UnreadableEvent.class);
  }

  @Test
  void idsOfLettersAreOfTheirShape() {
    assertThat(dev.quittance.receipts.store.Codes.letter(delivered("d1")).id())
        .matches("cod_[a-z2-7]{26}");
  }
}
