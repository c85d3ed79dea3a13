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
import dev.quittance.receipts.receipt.Status;
import dev.quittance.receipts.store.ByHand;
import dev.quittance.receipts.store.CodeActions;
import dev.quittance.receipts.store.CodeTable;
import dev.quittance.receipts.store.ResendRequest;
import dev.quittance.receipts.store.Sendings;
import dev.quittance.receipts.store.UndeliverableMails;
import dev.quittance.receipts.store.WorkTable;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
  private final CodeActions actions = new CodeActions(database.source(), clock);
  private final UndeliverableMails undeliverables =
      new UndeliverableMails(database.source(), clock);
  private final Sendings sendings = new Sendings(database.source());
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

  private void pay(PaymentFact... facts) {
    List<Heard> heard =
        Stream.of(facts).map(fact -> payments.decode(TestShop.incoming(0, fact))).toList();
    database.exchange(exchange -> payments.apply(exchange, heard));
  }

  private List<Outcome> hear(LetterEvent... events) {
    List<Optional<LetterEvent>> heard =
        Stream.of(events).map(event -> letters.decode(TestShop.incoming(event))).toList();
    return database.exchange(exchange -> letters.apply(exchange, heard));
  }

  private LetterEvent.CodeDelivered delivered(String delivery) {
    return new LetterEvent.CodeDelivered(
        shop.order(),
        new EventId(delivery),
        List.of(new FulfilledItem("li_1", 1)),
        CODE,
        Shop.NOON);
  }

  private static ResendRequest request(@Nullable String to, @Nullable String key) {
    return new ResendRequest(Optional.ofNullable(to), "support", Optional.ofNullable(key));
  }

  private CodeSending undeliverable() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    CodeSending claimed = codes.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    codes.settle(
        List.of(
            new CodeOutcome.Undeliverable(claimed, dev.quittance.contracts.Reason.of("smtp_550"))));
    return claimed;
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
  void codeThatComesBeforeThePaymentsWordWaitsForTheAddress() throws SQLException {
    hear(delivered("d1"));
    assertThat(codeLetters()).containsExactly("waiting +code");

    pay(shop.paidBy(0, 3000, null));
    assertThat(codeLetters()).containsExactly("skipped no_address +code");
    assertThat(codes.kept()).isOne();

    pay(shop.paidBy(1, 3000, Shop.EMAIL));
    assertThat(codeLetters()).containsExactly("due +code");
    assertThat(codes.kept()).isZero();
  }

  @Test
  void codeIsForgottenWithTheCommitThatSaysItWasSentAndKeptWhereItWasRefused() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"), delivered("d2"));
    List<CodeSending> claimed = codes.claim(10, "me", LEASE, true, List.of(), false);
    assertThat(claimed).hasSize(2).allMatch(sending -> sending.code().equals(CODE));
    assertThat(claimed.toString()).doesNotContain(CODE);

    codes.settle(
        List.of(
            new CodeOutcome.Sent(claimed.get(0), "id@example.com", clock.instant()),
            new CodeOutcome.Undeliverable(
                claimed.get(1), dev.quittance.contracts.Reason.of("smtp_550"))));

    assertThat(codeLetters()).containsExactlyInAnyOrder("sent", "undeliverable smtp_550 +code");
    assertThat(hear(delivered("d1"))).containsExactly(DUPLICATE);
    assertThat(codes.claim(10, "me", LEASE, true, List.of(), false)).isEmpty();
    assertThat(codes.of(shop.order()).toString()).doesNotContain(CODE);
  }

  @Test
  void codeInHandIsNotTakenAgainThoughItsLeaseRanOut() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    List<CodeSending> held = codes.claim(10, "me", LEASE, true, List.of(), false);
    assertThat(held).hasSize(1);
    clock.advance(LEASE.plusSeconds(1));

    assertThat(codes.claim(10, "me", LEASE, true, held, false)).isEmpty();
    assertThat(codes.claim(10, "another", LEASE, true, List.of(), false)).hasSize(1);
  }

  @Test
  void deferredCodeIsKeptAndTriedAgainUnderTheSameMessageId() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    CodeSending first = codes.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    codes.settle(
        List.of(
            new CodeOutcome.Retrying(
                first,
                dev.quittance.contracts.Reason.of("smtp_451"),
                clock.instant().plusSeconds(10))));
    assertThat(codes.claim(10, "me", LEASE, true, List.of(), false)).isEmpty();
    clock.advance(Duration.ofSeconds(10));

    CodeSending second = codes.claim(10, "me", LEASE, true, List.of(), false).getFirst();

    assertThat(second.messageId("example.com")).isEqualTo(first.messageId("example.com"));
    assertThat(second.code()).isEqualTo(CODE);
    assertThat(second.attempt()).isEqualTo(2);
  }

  @Test
  void keptCodeIsSentAgainToACorrectedAddressUnderAMessageIdOfItsOwn() throws SQLException {
    CodeSending first = undeliverable();

    assertThat(actions.resend(first.id(), request("right@example.com", "key-1")))
        .isEqualTo(new CodeActions.Answer.Done("r…@example.com"));
    assertThat(actions.resend(first.id(), request("right@example.com", "key-1")))
        .isEqualTo(new CodeActions.Answer.Done("r…@example.com"));
    assertThat(actions.resend(first.id(), request("other@example.com", "key-1")))
        .isEqualTo(new CodeActions.Answer.KeyReused());

    CodeSending second = codes.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    assertThat(second.code()).isEqualTo(CODE);
    assertThat(second.to()).isEqualTo("right@example.com");
    assertThat(second.messageId("example.com")).isNotEqualTo(first.messageId("example.com"));
    // the one that was thought to be refused comes late, and went to the wrong address
    codes.settle(List.of(new CodeOutcome.Sent(first, "id@example.com", clock.instant())));
    assertThat(codeLetters()).containsExactly("sending +code");
    codes.settle(List.of(new CodeOutcome.Sent(second, "id@example.com", clock.instant())));
    assertThat(codeLetters()).containsExactly("sent");
    assertThat(actions.resend(first.id(), request(null, null)))
        .isEqualTo(new CodeActions.Answer.CodeGone());
    assertThat(
            database.ask(
                "SELECT action || ' ' || edition || ' ' || by || ' ' || recipient || ' ' || was FROM code_letter_actions"))
        .containsExactly("resend 2 support r…@example.com undeliverable");
  }

  @Test
  void codeIsDiscardedByAnOperatorOnlyAndThatIsWrittenDown() throws SQLException {
    CodeSending letter = undeliverable();

    assertThat(actions.discard(letter.id(), request(null, null)))
        .isEqualTo(new CodeActions.Answer.Done(null));

    assertThat(codeLetters()).containsExactly("undeliverable discarded");
    assertThat(database.one("SELECT action || ' ' || by FROM code_letter_actions"))
        .isEqualTo("discard support");
    assertThat(undeliverables.since(Shop.NOON).codes()).isZero();
    assertThat(actions.discard("cod_unknown", request(null, null)))
        .isEqualTo(new CodeActions.Answer.Unknown());
  }

  /// Somebody else has corrected its address since.
  @Test
  void codeWhoseMailIsOnItsWayAgainIsNotDiscarded() throws SQLException {
    CodeSending letter = undeliverable();
    actions.resend(letter.id(), request("right@example.com", "key-1"));

    assertThat(actions.discard(letter.id(), request(null, "key-2")))
        .isEqualTo(new CodeActions.Answer.UnderWay(Status.DUE));

    assertThat(codes.claim(10, "me", LEASE, true, List.of(), false).getFirst().code())
        .isEqualTo(CODE);
  }

  @Test
  void codeWithoutAnAddressIsSentByHand() throws SQLException {
    pay(shop.paidBy(0, 3000, null));
    hear(delivered("d1"));
    String id = database.one("SELECT id FROM code_letters");

    assertThat(actions.resend(id, request(null, null)))
        .isEqualTo(new CodeActions.Answer.Addressless());
    assertThat(actions.resend(id, request("jane@example.com", null)))
        .isInstanceOf(CodeActions.Answer.Done.class);

    assertThat(codes.claim(10, "me", LEASE, true, List.of(), false).getFirst().code())
        .isEqualTo(CODE);
  }

  @Test
  void erasureDeletesACodeThatWasKept() throws SQLException {
    CodeSending letter = undeliverable();
    actions.resend(letter.id(), request("jane2@example.com", "key"));

    hear(erased());

    assertThat(codeLetters()).containsExactly("skipped erased");
    assertThat(actions.resend(letter.id(), request(null, null)))
        .isEqualTo(new CodeActions.Answer.CodeGone());
    nothingPersonalIsLeft();
  }

  @Test
  void allThatBecameUndeliverableSinceATimeIsSentAgain() throws SQLException {
    CodeSending code = undeliverable();
    Receipt.Sending first = table.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(List.of(first.refused(dev.quittance.contracts.Reason.of("smtp_554"))));
    clock.advance(Duration.ofHours(1));
    pay(Shop.order("pi_2").paid(0, 1000), Shop.order("pi_3").paid(0, 1000));
    List<Receipt.Sending> later = table.claim(10, "me", LEASE, true, List.of(), false);
    table.settle(
        List.of(
            later.get(0).refused(dev.quittance.contracts.Reason.of("smtp_554")),
            later.get(1).accepted("id@example.com", clock.instant())));

    assertThat(undeliverables.since(Shop.NOON)).isEqualTo(new UndeliverableMails.Count(2, 1, 0));
    assertThat(undeliverables.resend(Shop.NOON.plusSeconds(60), "support"))
        .isEqualTo(new UndeliverableMails.Count(1, 0, 0));
    assertThat(undeliverables.resend(Shop.NOON, "support"))
        .isEqualTo(new UndeliverableMails.Count(1, 1, 0));
    assertThat(undeliverables.resend(Shop.NOON, "support"))
        .isEqualTo(new UndeliverableMails.Count(0, 0, 0));

    assertThat(receipts()).containsExactlyInAnyOrder("payment due", "payment due", "payment sent");
    assertThat(codeLetters()).containsExactly("due +code");
    assertThat(table.claim(10, "me", LEASE, true, List.of(), false))
        .hasSize(2)
        .allMatch(sending -> sending.edition() == 2);
    assertThat(codes.claim(10, "me", LEASE, true, List.of(), false).getFirst().id())
        .isEqualTo(code.id());
    assertThat(database.ask("SELECT DISTINCT by || ' ' || was FROM receipt_resends"))
        .containsExactly("support undeliverable");
  }

  @Test
  void eachSendingIsKeptAndTheFirstTimeIsNotOverwritten() throws SQLException {
    pay(shop.paid(0, 3000));
    Receipt.Sending first = table.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(List.of(first.accepted("id-1@example.com", clock.instant())));
    Instant firstSent = clock.instant();
    clock.advance(Duration.ofHours(1));
    byHand.resend(first.key().id(), request("other@example.com", null));
    Receipt.Sending second = table.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(
        List.of(second.refused(new dev.quittance.contracts.Reason("smtp_550", "550 5.1.1 no"))));
    Instant refused = clock.instant();
    clock.advance(Duration.ofHours(1));
    byHand.resend(first.key().id(), request("third@example.com", null));

    assertThat(sendings.of(first.key().id()))
        .containsExactly(
            new Sendings.Sending(
                1, "sent", "j…@example.com", 1, firstSent, "id-1@example.com", null, null, null),
            new Sendings.Sending(
                2,
                "undeliverable",
                "o…@example.com",
                1,
                null,
                null,
                new dev.quittance.contracts.Reason("smtp_550", "550 5.1.1 no"),
                "support",
                refused),
            new Sendings.Sending(
                3, "due", "t…@example.com", 0, null, null, null, "support", clock.instant()));
    assertThat(database.one("SELECT first_sent_at = '" + firstSent + "' FROM receipts"))
        .isEqualTo("t");
  }

  @Test
  void receiptThatWentOutOnceIsCorrectedThoughItsSecondSendingWasRefused() throws SQLException {
    pay(shop.paid(0, 3000));
    send();
    pay(shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    Receipt.Sending refund = send();
    byHand.resend(refund.key().id(), request("typo@example.com", null));
    Receipt.Sending again = table.claim(1, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(List.of(again.refused(dev.quittance.contracts.Reason.of("smtp_550"))));

    pay(shop.refund(2, "re_1", RefundStatus.FAILED, 1000));

    assertThat(receipts())
        .containsExactly("correction due", "payment sent", "refund undeliverable smtp_550");
  }

  private Receipt.Sending send() throws SQLException {
    Receipt.Sending claimed = table.claim(1, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(List.of(claimed.accepted("id@example.com", clock.instant())));
    return claimed;
  }

  @Test
  void sameKeyIsTheSameSending() throws SQLException {
    pay(shop.paid(0, 3000));
    Receipt.Sending first = table.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(List.of(first.accepted("id-1@example.com", clock.instant())));
    var answer = byHand.resend(first.key().id(), request(null, "key-1"));
    Receipt.Sending second = table.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(List.of(second.accepted("id-2@example.com", clock.instant())));

    assertThat(byHand.resend(first.key().id(), request(null, "key-1"))).isEqualTo(answer);

    assertThat(receipts()).containsExactly("payment sent");
    assertThat(byHand.resend(first.key().id(), request("o@example.com", "key-1")))
        .isEqualTo(new ByHand.Answer.KeyReused());
    assertThat(byHand.resend(first.key().id(), request(null, "key-2")))
        .isInstanceOf(ByHand.Answer.Due.class)
        .isNotEqualTo(answer);
  }

  @Test
  void codeLetterThatThisVersionCannotReadIsPutAsideAndHoldsUpNoOther() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"), delivered("d2"));
    database.run("UPDATE code_letters SET content = '{\"kind\": \"poem\"}' WHERE delivery = 'd1'");

    assertThat(codes.claim(10, "me", LEASE, true, List.of(), false)).hasSize(1);

    assertThat(codeLetters()).containsExactly("retrying unreadable +code", "sending +code");
    assertThat(database.one("SELECT attempts FROM code_letters WHERE delivery = 'd1'"))
        .isEqualTo("0");
  }

  @Test
  void codesItemsThatThisVersionCannotReadHoldUpNoPayment() {
    hear(delivered("d1"));
    database.run("UPDATE code_letters SET items = '{\"poem\": 1}'");

    pay(shop.paid(0, 3000));

    assertThat(codeLetters()).containsExactly("due +code");
    assertThat(receipts()).containsExactly("payment due");
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
    Receipt.Sending sending = table.claim(1, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(List.of(sending.accepted("id@example.com", clock.instant())));
    byHand.resend(
        sending.key().id(), request(Canaries.WORD + "@" + Canaries.WORD + ".org", "key-1"));
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
    assertThat(table.claim(10, "me", LEASE, true, List.of(), false)).isEmpty();
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
    Receipt.Sending sending = table.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    table.settle(List.of(sending.accepted("id@example.com", clock.instant())));
    var token = UUID.fromString(database.one("SELECT token FROM receipts"));
    assertThat(byHand.view(token)).containsInstanceOf(ByHand.View.Shown.class);
    byHand.resend(sending.key().id(), request("other-jane@example.com", "key-1"));

    hear(erased());

    assertThat(byHand.view(token)).contains(new ByHand.View.Gone());
    assertThat(byHand.resend(sending.key().id(), request("x@example.com", "key-2")))
        .isEqualTo(new ByHand.Answer.Erased());
    assertThat(database.one("SELECT number FROM receipts")).isEqualTo("ACME-2026-1");
    nothingPersonalIsLeft();
  }

  @Test
  void letterThatIsUnderWayDuringTheErasureCountsAsSentIfTheServerTookIt() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    Receipt.Sending sending = table.claim(10, "me", LEASE, true, List.of(), false).getFirst();
    CodeSending code = codes.claim(10, "me", LEASE, true, List.of(), false).getFirst();

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
