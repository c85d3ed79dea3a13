package dev.quittance.receipts.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fuzz.Canaries;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.actions.ResendMail;
import dev.quittance.receipts.actions.ResendRequest;
import dev.quittance.receipts.actions.ResendUndeliverable;
import dev.quittance.receipts.persistence.CodeRepository;
import dev.quittance.receipts.persistence.CustomerViews;
import dev.quittance.receipts.persistence.Database;
import dev.quittance.receipts.persistence.MailQueue;
import dev.quittance.receipts.persistence.Sendings;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.MailKind;
import dev.quittance.receipts.receipt.MailOutcome;
import dev.quittance.receipts.receipt.MailStatus;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.testkit.HandClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
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
class CustomerNoticeIntakeTest {

  private static final RecordOutcome APPLIED = new RecordOutcome.Applied();
  private static final RecordOutcome DUPLICATE = new RecordOutcome.Duplicate();
  private static final String CODE = "LEDGER-7QX2-91KD";
  private static final Duration LEASE = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static TestDatabase database;

  private final HandClock clock = new HandClock(Shop.NOON);
  private final PaymentIntake payments = new PaymentIntake(new TestShop(), clock, () -> {});
  private final CustomerNoticeIntake notices =
      new CustomerNoticeIntake(new TestShop(), clock, () -> {});
  private final Database service = new Database(database.source());
  private final MailQueue queue = queue();
  private final List<ClaimedMail> inHand = new ArrayList<>();
  private final ResendMail resends = new ResendMail(service, clock);
  private final ResendUndeliverable undeliverables = new ResendUndeliverable(service, clock);
  private final Sendings sendings = new Sendings(service);
  private final CustomerViews views = new CustomerViews(service);
  private final Shop shop = Shop.order("pi_1");

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void empty() {
    database.empty();
  }

  /// An instance's own.
  private MailQueue queue() {
    return new MailQueue(database.source(), ZoneOffset.UTC, LEASE, clock);
  }

  /// Takes all mails in hand, and from those the ones of a kind.
  private List<ClaimedMail> claim(MailKind kind) throws SQLException {
    inHand.addAll(
        queue.claim(MailQueue.Room.of(10), true, inHand, MailQueue.ClaimOrder.LONGEST_DUE));
    List<ClaimedMail> taken = inHand.stream().filter(mail -> mail.kind() == kind).toList();
    inHand.removeAll(taken);
    return taken;
  }

  private static String code(ClaimedMail mail) {
    return ((ClaimedMail.Body.Code) mail.body()).code();
  }

  private MailOutcome sent(ClaimedMail mail) {
    return sent(mail, "id@example.com");
  }

  private MailOutcome sent(ClaimedMail mail, String messageId) {
    return new MailOutcome.Sent(mail, messageId, clock.instant());
  }

  private static MailOutcome refused(ClaimedMail mail, String code) {
    return new MailOutcome.Undeliverable(mail, Reason.of(code));
  }

  private void pay(PaymentFact... facts) {
    List<IncomingEvent> received =
        Stream.of(facts).map(fact -> payments.decode(TestShop.incoming(0, fact))).toList();
    database.exchange(exchange -> payments.apply(exchange, received));
  }

  private List<RecordOutcome> hear(CustomerNotice... events) {
    List<Optional<CustomerNotice>> received =
        Stream.of(events).map(event -> notices.decode(TestShop.incoming(event))).toList();
    return database.exchange(exchange -> notices.apply(exchange, received));
  }

  private CustomerNotice.CodeDelivered delivered(String delivery) {
    return new CustomerNotice.CodeDelivered(
        shop.order(),
        new EventId(delivery),
        List.of(new FulfilledItem("li_1", 1)),
        CODE,
        Shop.NOON);
  }

  private static ResendRequest request(@Nullable String to, @Nullable String key) {
    return new ResendRequest(Optional.ofNullable(to), "support", Optional.ofNullable(key));
  }

  private ClaimedMail undeliverable() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    ClaimedMail claimed = claim(MailKind.CODE).getFirst();
    queue.settle(List.of(refused(claimed, "smtp_550")));
    return claimed;
  }

  private CustomerNotice.CustomerErased erased() {
    return new CustomerNotice.CustomerErased(shop.order(), Shop.NOON.plusSeconds(60));
  }

  private List<String> codeMails() {
    return database.ask(
        "SELECT status || coalesce(' ' || reason_code, '') || CASE WHEN code IS NULL THEN '' ELSE '"
            + " +code' END FROM mails WHERE kind = 'code' ORDER BY subject");
  }

  private List<String> receipts() {
    return database.ask(
        "SELECT kind || ' ' || status || coalesce(' ' || reason_code, '') FROM mails"
            + " WHERE kind <> 'code' ORDER BY kind");
  }

  private void nothingPersonalIsLeft() {
    assertThat(database.dump())
        .isNotEmpty()
        .allSatisfy(row ->
            assertThat(row)
                .doesNotContainIgnoringCase("jane")
                .doesNotContain("High Street")
                .doesNotContain("N1 9GU")
                // digits of a time are no card's
                .doesNotContainPattern("(?<![0-9.])4242(?![0-9])")
                .doesNotContain(CODE)
                .doesNotContainIgnoringCase(Canaries.WORD));
  }

  @Test
  void deliveredCodeIsALetterOfItsOwnOncePerDelivery() {
    pay(shop.paid(0, 3000));

    assertThat(hear(delivered("d1"), delivered("d1"))).containsExactly(APPLIED, DUPLICATE);
    assertThat(hear(delivered("d1"), delivered("d2"))).containsExactly(DUPLICATE, APPLIED);

    assertThat(codeMails()).containsExactly("due +code", "due +code");
    assertThat(receipts()).containsExactly("payment due");
  }

  @Test
  void codeThatComesBeforeThePaymentsWordWaitsForTheAddress() throws SQLException {
    hear(delivered("d1"));
    assertThat(codeMails()).containsExactly("waiting +code");

    pay(shop.paidBy(0, 3000, null));
    assertThat(codeMails()).containsExactly("skipped no_address +code");
    assertThat(queue.keptCodes()).isOne();

    pay(shop.paidBy(1, 3000, Shop.EMAIL));
    assertThat(codeMails()).containsExactly("due +code");
    assertThat(queue.keptCodes()).isZero();
  }

  @Test
  void codeIsForgottenWithTheCommitThatSaysItWasSentAndKeptWhereItWasRefused() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"), delivered("d2"));
    List<ClaimedMail> claimed = claim(MailKind.CODE);
    assertThat(claimed).hasSize(2).allMatch(mail -> code(mail).equals(CODE));
    assertThat(claimed.toString()).doesNotContain(CODE);

    queue.settle(List.of(sent(claimed.get(0)), refused(claimed.get(1), "smtp_550")));

    assertThat(codeMails()).containsExactlyInAnyOrder("sent", "undeliverable smtp_550 +code");
    assertThat(hear(delivered("d1"))).containsExactly(DUPLICATE);
    assertThat(claim(MailKind.CODE)).isEmpty();
    assertThat(database.dump()).filteredOn(row -> row.contains(CODE)).hasSize(1);
  }

  @Test
  void codeInHandIsNotTakenAgainThoughItsLeaseRanOut() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    List<ClaimedMail> held =
        queue.claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE);
    assertThat(held).hasSize(2);
    clock.advance(LEASE.plusSeconds(1));

    assertThat(queue.claim(MailQueue.Room.of(10), true, held, MailQueue.ClaimOrder.LONGEST_DUE))
        .isEmpty();
    assertThat(
            queue().claim(MailQueue.Room.of(10), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE))
        .hasSize(2);
  }

  @Test
  void codesGoFirstAndReceiptsGetTheRoomThatIsLeft() throws SQLException {
    pay(shop.paid(0, 3000), Shop.order("pi_2").paid(0, 1000));
    clock.advance(Duration.ofMinutes(1));
    hear(delivered("d1"), delivered("d2"));

    List<ClaimedMail> first =
        queue.claim(MailQueue.Room.of(3), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE);

    assertThat(first)
        .extracting(ClaimedMail::kind)
        .containsExactlyInAnyOrder(MailKind.CODE, MailKind.CODE, MailKind.RECEIPT);
    assertThat(queue.claim(MailQueue.Room.of(3), true, first, MailQueue.ClaimOrder.LONGEST_DUE))
        .extracting(ClaimedMail::kind)
        .containsExactly(MailKind.RECEIPT);
    assertThat(database.one("SELECT last FROM receipt_numbers")).isEqualTo("2");
  }

  @Test
  void codesHaveRoomOfTheirOwnWhereReceiptsFillTheHands() throws SQLException {
    pay(shop.paid(0, 3000), Shop.order("pi_2").paid(0, 1000));
    hear(delivered("d1"), delivered("d2"));

    assertThat(
            queue.claim(
                new MailQueue.Room(1, 0), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE))
        .extracting(ClaimedMail::kind)
        .containsExactly(MailKind.CODE);
    assertThat(
            queue.claim(
                new MailQueue.Room(3, 2), true, List.of(), MailQueue.ClaimOrder.LONGEST_DUE))
        .extracting(ClaimedMail::kind)
        .containsExactlyInAnyOrder(MailKind.CODE, MailKind.RECEIPT);
  }

  /// A relay may refuse mails with codes for what they are, and new ones come all the time.
  @Test
  void whileTheServerIsOnlyTriedCodesAndReceiptsHaveTheirTurns() throws SQLException {
    pay(shop.paid(0, 3000));
    clock.advance(Duration.ofMinutes(1));
    hear(delivered("d1"), delivered("d2"));

    assertThat(tried(MailQueue.ClaimOrder.LEAST_TRIED_CODES_FIRST)).isEqualTo(MailKind.CODE);
    assertThat(tried(MailQueue.ClaimOrder.LEAST_TRIED_RECEIPTS_FIRST)).isEqualTo(MailKind.RECEIPT);
    // there is no other
    assertThat(tried(MailQueue.ClaimOrder.LEAST_TRIED_RECEIPTS_FIRST)).isEqualTo(MailKind.CODE);
  }

  private MailKind tried(MailQueue.ClaimOrder order) throws SQLException {
    return queue.claim(MailQueue.Room.of(1), true, List.of(), order).getFirst().kind();
  }

  @Test
  void deferredCodeIsKeptAndTriedAgainUnderTheSameMessageId() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    ClaimedMail first = claim(MailKind.CODE).getFirst();
    queue.settle(
        List.of(
            new MailOutcome.Retrying(
                first, Reason.of("smtp_451"), clock.instant().plusSeconds(10))));
    assertThat(claim(MailKind.CODE)).isEmpty();
    clock.advance(Duration.ofSeconds(10));

    ClaimedMail second = claim(MailKind.CODE).getFirst();

    assertThat(second.messageId("example.com")).isEqualTo(first.messageId("example.com"));
    assertThat(code(second)).isEqualTo(CODE);
    assertThat(second.attempt()).isEqualTo(2);
  }

  @Test
  void keptCodeIsSentAgainToACorrectedAddressUnderAMessageIdOfItsOwn() throws SQLException {
    ClaimedMail first = undeliverable();

    assertThat(resends.resend(first.id(), request("right@example.com", "key-1")))
        .isEqualTo(new ResendMail.Answer.Due(2, "r…@example.com", null));
    assertThat(resends.resend(first.id(), request("right@example.com", "key-1")))
        .isEqualTo(new ResendMail.Answer.Due(2, "r…@example.com", null));
    assertThat(resends.resend(first.id(), request("other@example.com", "key-1")))
        .isEqualTo(new ResendMail.Answer.KeyReused());

    ClaimedMail second = claim(MailKind.CODE).getFirst();
    assertThat(code(second)).isEqualTo(CODE);
    assertThat(second.to()).isEqualTo("right@example.com");
    assertThat(second.messageId("example.com")).isNotEqualTo(first.messageId("example.com"));
    // the one that was thought to be refused comes late, and went to the wrong address
    queue.settle(List.of(sent(first)));
    assertThat(codeMails()).containsExactly("sending +code");
    queue.settle(List.of(sent(second)));
    assertThat(codeMails()).containsExactly("sent");
    assertThat(resends.resend(first.id(), request(null, null)))
        .isEqualTo(new ResendMail.Answer.Gone());
    assertThat(
            database.ask(
                "SELECT action || ' ' || edition || ' ' || by || ' ' || recipient || ' ' || was FROM mail_actions"))
        .containsExactly("resend 2 support r…@example.com undeliverable");
  }

  @Test
  void codeIsDiscardedByAnOperatorOnlyAndThatIsWrittenDown() throws SQLException {
    ClaimedMail mail = undeliverable();

    assertThat(resends.discard(mail.id(), request(null, null)))
        .isEqualTo(new ResendMail.Answer.Discarded());

    assertThat(codeMails()).containsExactly("undeliverable discarded");
    assertThat(database.one("SELECT action || ' ' || by FROM mail_actions"))
        .isEqualTo("discard support");
    assertThat(undeliverables.since(Shop.NOON).codes()).isZero();
    assertThat(resends.discard("cod_unknown", request(null, null)))
        .isEqualTo(new ResendMail.Answer.Unknown());
  }

  /// Somebody else has corrected its address since.
  @Test
  void codeWhoseMailIsOnItsWayAgainIsNotDiscarded() throws SQLException {
    ClaimedMail mail = undeliverable();
    resends.resend(mail.id(), request("right@example.com", "key-1"));

    assertThat(resends.discard(mail.id(), request(null, "key-2")))
        .isEqualTo(new ResendMail.Answer.UnderWay(MailStatus.DUE));

    assertThat(code(claim(MailKind.CODE).getFirst())).isEqualTo(CODE);
  }

  @Test
  void codeWithoutAnAddressIsSentByHand() throws SQLException {
    pay(shop.paidBy(0, 3000, null));
    hear(delivered("d1"));
    String id = database.one("SELECT id FROM mails WHERE kind = 'code'");

    assertThat(resends.resend(id, request(null, null)))
        .isEqualTo(new ResendMail.Answer.Addressless());
    assertThat(resends.resend(id, request("jane@example.com", null)))
        .isInstanceOf(ResendMail.Answer.Due.class);

    assertThat(code(claim(MailKind.CODE).getFirst())).isEqualTo(CODE);
  }

  @Test
  void erasureDeletesACodeThatWasKept() throws SQLException {
    ClaimedMail mail = undeliverable();
    resends.resend(mail.id(), request("jane2@example.com", "key"));

    hear(erased());

    assertThat(codeMails()).containsExactly("skipped erased");
    assertThat(resends.resend(mail.id(), request(null, null)))
        .isEqualTo(new ResendMail.Answer.Gone());
    nothingPersonalIsLeft();
  }

  @Test
  void allThatBecameUndeliverableSinceATimeIsSentAgain() throws SQLException {
    ClaimedMail code = undeliverable();
    ClaimedMail first = claim(MailKind.RECEIPT).getFirst();
    queue.settle(List.of(refused(first, "smtp_554")));
    clock.advance(Duration.ofHours(1));
    pay(Shop.order("pi_2").paid(0, 1000), Shop.order("pi_3").paid(0, 1000));
    List<ClaimedMail> later = claim(MailKind.RECEIPT);
    queue.settle(List.of(refused(later.get(0), "smtp_554"), sent(later.get(1))));

    assertThat(undeliverables.since(Shop.NOON)).isEqualTo(new ResendUndeliverable.Count(2, 1, 0));
    assertThat(undeliverables.resend(Shop.NOON.plusSeconds(60), "support"))
        .isEqualTo(new ResendUndeliverable.Count(1, 0, 0));
    assertThat(undeliverables.resend(Shop.NOON, "support"))
        .isEqualTo(new ResendUndeliverable.Count(1, 1, 0));
    assertThat(undeliverables.resend(Shop.NOON, "support"))
        .isEqualTo(new ResendUndeliverable.Count(0, 0, 0));

    assertThat(receipts()).containsExactlyInAnyOrder("payment due", "payment due", "payment sent");
    assertThat(codeMails()).containsExactly("due +code");
    assertThat(claim(MailKind.RECEIPT)).hasSize(2).allMatch(sending -> sending.edition() == 2);
    assertThat(claim(MailKind.CODE).getFirst().id()).isEqualTo(code.id());
    assertThat(database.ask("SELECT DISTINCT by || ' ' || was FROM mail_actions"))
        .containsExactly("support undeliverable");
  }

  @Test
  void eachSendingIsKeptAndTheFirstTimeIsNotOverwritten() throws SQLException {
    pay(shop.paid(0, 3000));
    ClaimedMail first = claim(MailKind.RECEIPT).getFirst();
    queue.settle(List.of(sent(first, "id-1@example.com")));
    Instant firstSent = clock.instant();
    clock.advance(Duration.ofHours(1));
    resends.resend(first.id(), request("other@example.com", null));
    ClaimedMail second = claim(MailKind.RECEIPT).getFirst();
    queue.settle(
        List.of(new MailOutcome.Undeliverable(second, new Reason("smtp_550", "550 5.1.1 no"))));
    Instant refused = clock.instant();
    clock.advance(Duration.ofHours(1));
    resends.resend(first.id(), request("third@example.com", null));

    assertThat(sendings.of(new ReceiptId(first.id())))
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
                new Reason("smtp_550", "550 5.1.1 no"),
                "support",
                refused),
            new Sendings.Sending(
                3, "due", "t…@example.com", 0, null, null, null, "support", clock.instant()));
    assertThat(database.one("SELECT first_sent_at = '" + firstSent + "' FROM mails"))
        .isEqualTo("t");
  }

  @Test
  void receiptThatWentOutOnceIsCorrectedThoughItsSecondSendingWasRefused() throws SQLException {
    pay(shop.paid(0, 3000));
    send();
    pay(shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    ClaimedMail refund = send();
    resends.resend(refund.id(), request("typo@example.com", null));
    ClaimedMail again = claim(MailKind.RECEIPT).getFirst();
    queue.settle(List.of(refused(again, "smtp_550")));

    pay(shop.refund(2, "re_1", RefundStatus.FAILED, 1000));

    assertThat(receipts())
        .containsExactly("correction due", "payment sent", "refund undeliverable smtp_550");
  }

  private ClaimedMail send() throws SQLException {
    ClaimedMail claimed = claim(MailKind.RECEIPT).getFirst();
    queue.settle(List.of(sent(claimed)));
    return claimed;
  }

  @Test
  void sameKeyIsTheSameSending() throws SQLException {
    pay(shop.paid(0, 3000));
    ClaimedMail first = claim(MailKind.RECEIPT).getFirst();
    queue.settle(List.of(sent(first, "id-1@example.com")));
    var answer = resends.resend(first.id(), request(null, "key-1"));
    ClaimedMail second = claim(MailKind.RECEIPT).getFirst();
    queue.settle(List.of(sent(second, "id-2@example.com")));

    assertThat(resends.resend(first.id(), request(null, "key-1"))).isEqualTo(answer);

    assertThat(receipts()).containsExactly("payment sent");
    assertThat(resends.resend(first.id(), request("o@example.com", "key-1")))
        .isEqualTo(new ResendMail.Answer.KeyReused());
    assertThat(resends.resend(first.id(), request(null, "key-2")))
        .isInstanceOf(ResendMail.Answer.Due.class)
        .isNotEqualTo(answer);
  }

  @Test
  void codeLetterThatThisVersionCannotReadIsPutAsideAndHoldsUpNoOther() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"), delivered("d2"));
    database.run("UPDATE mails SET content = '{\"kind\": \"poem\"}' WHERE subject = 'd1'");

    assertThat(claim(MailKind.CODE)).hasSize(1);

    assertThat(codeMails()).containsExactly("due unreadable +code", "sending +code");
    assertThat(database.one("SELECT attempts FROM mails WHERE subject = 'd1'")).isEqualTo("0");
  }

  @Test
  void codesItemsThatThisVersionCannotReadHoldUpNoPayment() {
    hear(delivered("d1"));
    database.run("UPDATE mails SET items = '{\"poem\": 1}' WHERE kind = 'code'");

    pay(shop.paid(0, 3000));

    assertThat(codeMails()).containsExactly("due +code");
    assertThat(receipts()).containsExactly("payment due");
  }

  @Test
  void erasureForgetsTheCustomerEverywhereAndSendsNoMore() {
    pay(shop.paid(0, 3000), shop.refund(1, "re_1", RefundStatus.SUCCEEDED, 1000));
    hear(delivered("d1"));

    assertThat(hear(erased())).containsExactly(APPLIED);
    assertThat(hear(erased())).containsExactly(DUPLICATE);

    assertThat(receipts()).containsExactly("payment skipped erased", "refund skipped erased");
    assertThat(codeMails()).containsExactly("skipped erased");
    nothingPersonalIsLeft();
  }

  private List<String> refundsInTheBooks() {
    return database.ask("SELECT subject || ' ' || status FROM mails WHERE kind = 'refund'");
  }

  /// First by a total, then by itself, as its details are looked up.
  @Test
  void anErasedCustomersRefundThatIsToldTwiceIsInTheBooksOnce() {
    pay(shop.paid(0, 3000));
    hear(erased());
    pay(shop.refundTotal(1, 1000));
    assertThat(refundsInTheBooks()).containsExactly("total:1000 skipped");

    pay(shop.refund(2, "re_1", RefundStatus.SUCCEEDED, 1000));

    assertThat(refundsInTheBooks()).containsExactly("re_1 skipped");
  }

  @Test
  void aReceiptUnderWayWhenItsCustomerIsErasedStandsForTheRefundThatItSays() throws SQLException {
    pay(shop.paid(0, 3000));
    queue.settle(List.of(sent(claim(MailKind.RECEIPT).getFirst())));
    pay(shop.refundTotal(1, 1000));
    clock.advance(new TestShop().totalsSettle());
    ClaimedMail underWay = claim(MailKind.RECEIPT).getFirst();
    hear(erased());

    pay(shop.refund(2, "re_1", RefundStatus.SUCCEEDED, 1000));
    assertThat(refundsInTheBooks()).containsExactly("total:1000 skipped");

    queue.settle(List.of(sent(underWay)));
    assertThat(refundsInTheBooks()).containsExactly("total:1000 sent");
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
    ClaimedMail sending = claim(MailKind.RECEIPT).getFirst();
    queue.settle(List.of(sent(sending)));
    resends.resend(sending.id(), request(Canaries.WORD + "@" + Canaries.WORD + ".org", "key-1"));
    assertThat(database.dump()).anyMatch(row -> row.contains(Canaries.WORD));

    hear(erased());
    nothingPersonalIsLeft();

    pay(personalFacts(30));
    nothingPersonalIsLeft();
  }

  /// As when the rest of a payment is captured after its customer was erased.
  @Test
  void booksOfAnErasedCustomersReceiptFollowTheMoneyUnlessItWasOnItsWay() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(erased());
    pay(shop.paid(5, 5000));

    assertThat(database.one("SELECT status || ' ' || amount_minor FROM mails"))
        .isEqualTo("skipped 5000");

    var other = Shop.order("pi_2");
    pay(other.paid(0, 3000));
    ClaimedMail tried = claim(MailKind.RECEIPT).getFirst();
    hear(new CustomerNotice.CustomerErased(other.order(), Shop.NOON.plusSeconds(60)));
    queue.settle(
        List.of(
            new MailOutcome.Retrying(
                tried, Reason.of("smtp_451"), clock.instant().plusSeconds(10))));
    pay(other.paid(5, 5000));

    assertThat(
            database.one(
                "SELECT status || ' ' || amount_minor FROM mails WHERE number IS NOT NULL"))
        .isEqualTo("skipped 3000");
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
                "SELECT kind || ' ' || status FROM mails WHERE order_id = 'stripe:pi_moved'"))
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
    assertThat(codeMails()).containsExactly("skipped erased");
    assertThat(claim(MailKind.RECEIPT)).isEmpty();
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
    List<String> one = codeMails();
    empty();
    pay(shop.paid(0, 3000));
    hear(erased(), delivered("d1"));

    assertThat(codeMails()).isEqualTo(one).containsExactly("skipped erased");
    nothingPersonalIsLeft();
  }

  @Test
  void sentReceiptKeepsItsNumberAndIsGoneForItsCustomer() throws SQLException {
    pay(shop.paid(0, 3000));
    ClaimedMail sending = claim(MailKind.RECEIPT).getFirst();
    queue.settle(List.of(sent(sending)));
    var token = UUID.fromString(database.one("SELECT token FROM mails"));
    assertThat(views.opened(token)).containsInstanceOf(CustomerViews.View.Shown.class);
    resends.resend(sending.id(), request("other-jane@example.com", "key-1"));

    hear(erased());

    assertThat(views.opened(token)).contains(new CustomerViews.View.Gone());
    assertThat(resends.resend(sending.id(), request("x@example.com", "key-2")))
        .isEqualTo(new ResendMail.Answer.Gone());
    assertThat(database.one("SELECT number FROM mails")).isEqualTo("ACME-2026-1");
    nothingPersonalIsLeft();
  }

  @Test
  void letterThatIsUnderWayDuringTheErasureCountsAsSentIfTheServerTookIt() throws SQLException {
    pay(shop.paid(0, 3000));
    hear(delivered("d1"));
    ClaimedMail sending = claim(MailKind.RECEIPT).getFirst();
    ClaimedMail code = claim(MailKind.CODE).getFirst();

    hear(erased());
    queue.settle(List.of(sent(sending)));
    queue.settle(List.of(sent(code)));

    assertThat(receipts()).containsExactly("payment sent");
    assertThat(codeMails()).containsExactly("sent");
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

    assertThat(database.one("SELECT recipient FROM mails WHERE order_id = 'stripe:pi_2'"))
        .isEqualTo(Shop.EMAIL);
  }

  @Test
  void typeThatIsNotKnownIsNoneOfOurBusinessAndNonsenseIsDead() {
    IncomingRecord known = TestShop.incoming(erased());
    assertThat(
            notices.decode(
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
            notices.decode(
                new IncomingRecord(
                    known.topic(), 0, 0, known.key(), known.headers(), new byte[] {'{'})))
        .isInstanceOf(UnreadableEvent.class);
    assertThatThrownBy(() ->
            notices.decode(
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
    assertThat(CodeRepository.mail(delivered("d1")).id()).matches("cod_[a-z2-7]{26}");
  }
}
