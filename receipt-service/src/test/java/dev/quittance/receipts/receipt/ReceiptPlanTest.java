package dev.quittance.receipts.receipt;

import static dev.quittance.contracts.PaymentEvent.RefundStatus.FAILED;
import static dev.quittance.contracts.PaymentEvent.RefundStatus.PENDING;
import static dev.quittance.contracts.PaymentEvent.RefundStatus.SUCCEEDED;
import static dev.quittance.receipts.Shop.NOON;
import static dev.quittance.receipts.Shop.usd;
import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.receipts.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReceiptPlanTest {

  private static final Duration SETTLE = Duration.ofSeconds(10);
  static final ReceiptPolicy ON = policy(true);

  private final Shop shop = Shop.order("pi_1");
  private final ReceiptKey payment = ReceiptKey.payment(shop.order());

  private static ReceiptPolicy policy(boolean sends) {
    return new ReceiptPolicy() {
      @Override
      public boolean sends(String endpoint) {
        return sends;
      }

      @Override
      public boolean sendsCodes(String endpoint) {
        return sends;
      }

      @Override
      public String series(Seller seller, String account) {
        return account;
      }

      @Override
      public Duration totalsSettle() {
        return SETTLE;
      }
    };
  }

  private static ReceiptPlan plan(Map<ReceiptKey, ReceiptSummary> existing, PaymentFact... facts) {
    return ReceiptPlan.of(List.of(facts), existing, ON, NOON);
  }

  private static Money eur(long cents) {
    return Money.ofMinor(cents, "EUR");
  }

  private static ReceiptSummary standing(MailStatus status, long cents) {
    return new ReceiptSummary(status, usd(cents), true, null);
  }

  @Test
  void paymentWithEverythingIsDueAtOnce() {
    var plan = plan(Map.of(), shop.paid(0, 3000));

    assertThat(plan.written()).hasSize(1);
    Receipt.Due due = (Receipt.Due) plan.written().getFirst();
    assertThat(due.key()).isEqualTo(payment);
    assertThat(due.draft().to()).isEqualTo(Shop.EMAIL);
    assertThat(due.draft().series()).isEqualTo("stripe");
    assertThat(due.draft().content().amount()).isEqualTo(usd(3000));
    assertThat(due.draft().content().customer().email()).isNull();
    assertThat(due.since()).isEqualTo(NOON);
  }

  @Test
  void nothingIsCalledForBeforeTheFundsAreThere() {
    assertThat(plan(Map.of(), shop.pending(0, 3000)).written()).isEmpty();
  }

  @Test
  void fundsWithoutTheCarryingFactWait() {
    assertThat(plan(Map.of(), shop.fundsOnly(0, 3000)).written())
        .singleElement()
        .isEqualTo(new Receipt.Waiting(payment, usd(3000), null, NOON));
  }

  @Test
  void itemsThatAreStillAskedForAreWaitedFor() {
    assertThat(plan(Map.of(), shop.paidItemsPending(0, 3000)).written())
        .singleElement()
        .isInstanceOf(Receipt.Waiting.class);

    var plan =
        plan(
            Map.of(payment, new ReceiptSummary(MailStatus.WAITING, usd(3000), false, null)),
            shop.paidItemsPending(0, 3000),
            shop.itemsKnown(1, LineItem.of("li_1", "A thing", 1, usd(3000))));

    assertThat(plan.written()).singleElement().isInstanceOf(Receipt.Due.class);
  }

  @Test
  void freeOrderGetsOneConfirmationOfNothing() {
    Receipt.Due due = (Receipt.Due) plan(Map.of(), shop.paid(0, 0)).written().getFirst();

    assertThat(due.draft().content().amount()).isEqualTo(usd(0));
  }

  @Test
  void whatWasAttemptedIsNeverTouchedAgain() {
    for (MailStatus status :
        List.of(
            MailStatus.SENDING, MailStatus.SENT, MailStatus.RETRYING, MailStatus.UNDELIVERABLE)) {
      var plan = plan(Map.of(payment, standing(status, 3000)), shop.paid(0, 3000));

      assertThat(plan.written()).isEmpty();
      assertThat(plan.withdrawn()).isEmpty();
    }
  }

  @Test
  void orderWithoutAddressIsSkippedUntilOneTurnsUp() {
    var skipped = plan(Map.of(), shop.paidBy(0, 3000, null)).written().getFirst();
    assertThat(((Receipt.Skipped) skipped).reason()).isEqualTo(ReceiptPlan.NO_ADDRESS);

    var existing =
        Map.of(payment, new ReceiptSummary(MailStatus.SKIPPED, usd(3000), false, "no_address"));
    assertThat(plan(existing, shop.paidBy(0, 3000, " ")).written())
        .singleElement()
        .isInstanceOf(Receipt.Skipped.class);
    assertThat(plan(existing, shop.paid(0, 3000)).written())
        .singleElement()
        .isInstanceOf(Receipt.Due.class);
  }

  @Test
  void receiptsThatAreOffAreSkippedForGood() {
    var plan = ReceiptPlan.of(List.of(shop.paid(0, 3000)), Map.of(), policy(false), NOON);
    assertThat(((Receipt.Skipped) plan.written().getFirst()).reason())
        .isEqualTo(ReceiptPlan.RECEIPTS_OFF);

    var existing =
        Map.of(payment, new ReceiptSummary(MailStatus.SKIPPED, usd(3000), false, "receipts_off"));
    assertThat(plan(existing, shop.paid(0, 3000)).written()).isEmpty();
  }

  @Test
  void refundWaitsForThePaymentsReceipt() {
    var refund = ReceiptKey.refund(shop.order(), "re_1");
    PaymentFact[] facts = {shop.refund(1, "re_1", SUCCEEDED, 1000), shop.paid(0, 3000)};

    var both = plan(Map.of(), facts).written();
    assertThat(both).extracting(Receipt::key).containsExactly(payment, refund);
    assertThat(both.get(1).status()).isEqualTo(MailStatus.WAITING);

    var after = plan(Map.of(payment, standing(MailStatus.SENT, 3000)), facts).written();
    assertThat(after).singleElement().isInstanceOf(Receipt.Due.class);
  }

  @Test
  void refundOfAPaymentThatIsNotCarriedWaitsWithoutDraft() {
    var plan = plan(Map.of(), shop.fundsOnly(0, 3000), shop.refund(1, "re_1", SUCCEEDED, 1000));

    assertThat(plan.written())
        .allSatisfy(receipt -> assertThat(((Receipt.Waiting) receipt).draft()).isNull())
        .hasSize(2);
  }

  @Test
  void refundSaysWhatRemains() {
    var plan =
        plan(
            Map.of(payment, standing(MailStatus.SENT, 3000)),
            shop.paid(0, 3000),
            shop.refund(1, "re_1", SUCCEEDED, 1000));

    ReceiptContent content = ((Receipt.Due) plan.written().getFirst()).draft().content();
    assertThat(content.amount()).isEqualTo(usd(1000));
    assertThat(content.remaining()).isEqualTo(usd(2000));
  }

  @Test
  void refundUnderWayGetsNothing() {
    assertThat(
            plan(
                    Map.of(payment, standing(MailStatus.SENT, 3000)),
                    shop.paid(0, 3000),
                    shop.refund(1, "re_1", PENDING, 1000))
                .written())
        .isEmpty();
  }

  @Test
  void refundThatFailsBeforeItsReceiptWasTriedIsWithdrawn() {
    var refund = ReceiptKey.refund(shop.order(), "re_1");

    var plan =
        plan(
            Map.of(
                payment, standing(MailStatus.SENT, 3000), refund, standing(MailStatus.DUE, 1000)),
            shop.paid(0, 3000),
            shop.refund(1, "re_1", SUCCEEDED, 1000),
            shop.refund(2, "re_1", FAILED, 1000));

    assertThat(plan.written()).isEmpty();
    assertThat(plan.withdrawn()).containsExactly(refund);
  }

  @Test
  void refundThatFailsAfterItsReceiptIsCorrectedOnce() {
    var refund = ReceiptKey.refund(shop.order(), "re_1");
    var correction = ReceiptKey.correction(shop.order(), "re_1");
    PaymentFact[] facts = {
      shop.paid(0, 3000),
      shop.refund(1, "re_1", SUCCEEDED, 1000),
      shop.refund(2, "re_1", FAILED, 1000)
    };
    var existing = new HashMap<ReceiptKey, ReceiptSummary>();
    existing.put(payment, standing(MailStatus.SENT, 3000));

    existing.put(refund, standing(MailStatus.SENDING, 1000));
    assertThat(plan(existing, facts).written())
        .singleElement()
        .satisfies(receipt -> assertThat(receipt.key()).isEqualTo(correction))
        .satisfies(receipt -> assertThat(receipt.status()).isEqualTo(MailStatus.WAITING));

    existing.put(refund, standing(MailStatus.SENT, 1000));
    assertThat(plan(existing, facts).written()).singleElement().isInstanceOf(Receipt.Due.class);

    existing.put(correction, standing(MailStatus.SENT, 1000));
    assertThat(plan(existing, facts).written()).isEmpty();

    existing.remove(correction);
    existing.put(refund, standing(MailStatus.UNDELIVERABLE, 1000));
    assertThat(plan(existing, facts).written()).isEmpty();
  }

  @Test
  void totalAloneGetsAReceiptForItsRise() {
    var existing = new HashMap<ReceiptKey, ReceiptSummary>();
    existing.put(payment, standing(MailStatus.SENT, 3000));

    Receipt.Due first =
        (Receipt.Due)
            plan(existing, shop.paid(0, 3000), shop.refundTotal(1, 1000)).written().getFirst();
    assertThat(first.draft().content().amount()).isEqualTo(usd(1000));
    assertThat(first.since()).isEqualTo(NOON.plus(SETTLE));

    existing.put(first.key(), standing(MailStatus.SENT, 1000));
    Receipt.Due second =
        (Receipt.Due)
            plan(existing, shop.paid(0, 3000), shop.refundTotal(1, 1000), shop.refundTotal(2, 2500))
                .written()
                .getFirst();
    assertThat(second.draft().content().amount()).isEqualTo(usd(1500));
  }

  @Test
  void totalThatASingleRefundExplainsIsWithdrawn() {
    var total = ReceiptKey.refundTotal(shop.order(), 1000);

    var plan =
        plan(
            Map.of(payment, standing(MailStatus.SENT, 3000), total, standing(MailStatus.DUE, 1000)),
            shop.paid(0, 3000),
            shop.refundTotal(1, 1000),
            shop.refund(2, "re_1", SUCCEEDED, 1000));

    assertThat(plan.withdrawn()).containsExactly(total);
    assertThat(plan.written())
        .singleElement()
        .satisfies(receipt ->
            assertThat(receipt.key()).isEqualTo(ReceiptKey.refund(shop.order(), "re_1")));
  }

  @Test
  void singleRefundThatATotalsReceiptCoversGetsNoSecondOne() {
    var total = ReceiptKey.refundTotal(shop.order(), 1000);
    var existing =
        Map.of(payment, standing(MailStatus.SENT, 3000), total, standing(MailStatus.SENT, 1000));

    assertThat(
            plan(
                    existing,
                    shop.paid(0, 3000),
                    shop.refundTotal(1, 1000),
                    shop.refund(2, "re_1", SUCCEEDED, 1000))
                .written())
        .isEmpty();
    assertThat(
            plan(
                    existing,
                    shop.paid(0, 3000),
                    shop.refundTotal(1, 1000),
                    shop.refund(2, "re_1", FAILED, 1000))
                .written())
        .singleElement()
        .satisfies(receipt -> assertThat(receipt.key().kind()).isEqualTo(Kind.CORRECTION));
  }

  @Test
  void receiptSaysWhatWasReceivedAlsoBelowAndAboveWhatWasAgreed() {
    for (long received : List.of(4_000L, 11_500L)) {
      var plan = plan(Map.of(), shop.pending(0, 10_000), shop.captured(1, 10_000, received));

      assertThat(plan.written())
          .singleElement()
          .isInstanceOfSatisfying(
              Receipt.Due.class,
              due -> assertThat(due.draft().content().amount()).isEqualTo(usd(received)));
    }
  }

  @Test
  void releaseGetsNoReceiptAndTheRefundBesideItOnlyItsOwn() {
    var refund = ReceiptKey.refund(shop.order(), "re_1");

    var plan =
        plan(
            Map.of(payment, standing(MailStatus.SENT, 4_000)),
            shop.pending(0, 10_000),
            shop.captured(1, 10_000, 4_000),
            shop.refund(2, "re_release", SUCCEEDED, 6_000),
            shop.refund(3, "re_1", SUCCEEDED, 500));

    assertThat(plan.written())
        .singleElement()
        .isInstanceOfSatisfying(
            Receipt.Due.class,
            due -> {
              assertThat(due.key()).isEqualTo(refund);
              assertThat(due.draft().content().amount()).isEqualTo(usd(500));
              assertThat(due.draft().content().remaining()).isEqualTo(usd(3_500));
            });
  }

  /// Of two captures: what the second leaves is let go before the second is told.
  @Test
  void refundThatMayBeTheReleaseOfWhatIsNotCapturedYetWaitsForTheCapture() {
    Map<ReceiptKey, ReceiptSummary> existing = Map.of(payment, standing(MailStatus.SENT, 4_000));
    PaymentFact[] first = {
      shop.pending(0, 10_000),
      shop.captured(1, 10_000, 4_000),
      shop.refund(2, "re_1", SUCCEEDED, 3_000)
    };

    assertThat(plan(existing, first).written())
        .singleElement()
        .isInstanceOfSatisfying(
            Receipt.Due.class, due -> assertThat(due.since()).isEqualTo(NOON.plus(SETTLE)));
    assertThat(
            plan(
                    existing,
                    first[0],
                    shop.captured(1, 10_000, 4_000),
                    shop.captured(3, 10_000, 7_000),
                    shop.refund(2, "re_1", SUCCEEDED, 3_000),
                    shop.refund(4, "re_2", SUCCEEDED, 6_000))
                .written())
        .singleElement()
        .isInstanceOfSatisfying(
            Receipt.Due.class,
            due -> {
              assertThat(due.key()).isEqualTo(ReceiptKey.refund(shop.order(), "re_2"));
              assertThat(due.since()).isEqualTo(NOON);
            });
    assertThat(
            plan(existing, shop.paid(0, 4_000), shop.refund(2, "re_1", SUCCEEDED, 3_000)).written())
        .singleElement()
        .isInstanceOfSatisfying(Receipt.Due.class, due -> assertThat(due.since()).isEqualTo(NOON));
  }

  /// The first was only known from its total, and its failure by itself.
  @Test
  void refundAfterOneThatFailedGetsAReceiptThoughTheTotalIsTheSame() {
    var plan =
        plan(
            Map.of(payment, standing(MailStatus.SENT, 3_000)),
            shop.paid(0, 3_000),
            shop.refundTotal(1, 1_000),
            shop.refund(2, "re_1", FAILED, 1_000),
            shop.refundTotal(3, 1_000));

    assertThat(plan.written())
        .singleElement()
        .isInstanceOfSatisfying(
            Receipt.Due.class,
            due -> assertThat(due.draft().content().amount()).isEqualTo(usd(1_000)));
  }

  @Test
  void receiptThatWasMadeForWhatTurnsOutToBeTheReleaseIsWithdrawn() {
    var release = ReceiptKey.refund(shop.order(), "re_release");

    var plan =
        plan(
            Map.of(
                payment,
                standing(MailStatus.SENT, 4_000),
                release,
                standing(MailStatus.WAITING, 6_000)),
            shop.pending(0, 10_000),
            shop.captured(1, 10_000, 4_000),
            shop.refund(2, "re_release", SUCCEEDED, 6_000));

    assertThat(plan.written()).isEmpty();
    assertThat(plan.withdrawn()).containsExactly(release);
  }

  @Test
  void refundInTheChargedCurrencyGetsAReceiptOfItsShare() {
    var plan =
        plan(
            Map.of(payment, standing(MailStatus.SENT, 10_000)),
            shop.paid(0, 10_000, eur(9_000)),
            shop.refund(1, "re_1", SUCCEEDED, eur(4_500)));

    ReceiptContent content = ((Receipt.Due) plan.written().getFirst()).draft().content();
    assertThat(content.amount()).isEqualTo(usd(5_000));
    assertThat(content.charged()).isEqualTo(eur(4_500));
    assertThat(content.refunded()).isEqualTo(usd(5_000));
  }

  @Test
  void refundInAForeignCurrencyGetsNone() {
    assertThat(
            plan(
                    Map.of(payment, standing(MailStatus.SENT, 10_000)),
                    shop.paid(0, 10_000, eur(9_000)),
                    shop.refund(1, "re_1", SUCCEEDED, Money.ofMinor(4_500, "GBP")))
                .written())
        .isEmpty();
  }

  @Test
  void correctionTakesBackWhatTheReceiptSaidWhateverTheShareIsNow() {
    var refund = ReceiptKey.refund(shop.order(), "re_2");

    var plan =
        plan(
            Map.of(
                payment,
                standing(MailStatus.SENT, 10_000),
                refund,
                standing(MailStatus.SENT, 3_334)),
            shop.paid(0, 10_000, eur(9_000)),
            shop.refund(1, "re_1", SUCCEEDED, eur(3_000)),
            shop.refund(2, "re_2", SUCCEEDED, eur(3_000)),
            shop.refund(3, "re_2", FAILED, eur(3_000)));

    assertThat(plan.written())
        .filteredOn(receipt -> receipt.key().kind() == Kind.CORRECTION)
        .singleElement()
        .isInstanceOfSatisfying(
            Receipt.Due.class,
            due -> assertThat(due.draft().content().amount()).isEqualTo(usd(3_334)));
  }

  @Test
  void absurdAmountsAddUpToo() {
    var plan =
        plan(
            Map.of(payment, standing(MailStatus.SENT, Long.MAX_VALUE)),
            shop.paid(0, Long.MAX_VALUE),
            shop.refund(1, "re_1", SUCCEEDED, Long.MAX_VALUE),
            shop.refund(2, "re_2", SUCCEEDED, Long.MAX_VALUE),
            shop.refundTotal(3, Long.MAX_VALUE));

    assertThat(plan.written())
        .extracting(receipt -> ((Receipt.Due) receipt).draft().content().amount())
        .containsExactly(usd(Long.MAX_VALUE));
  }

  @Test
  void receiptsOfRefundsSayNoMoreThanIsLeftOfThePayment() {
    var plan =
        plan(
            Map.of(payment, standing(MailStatus.SENT, 2000)),
            shop.paid(0, 2000),
            shop.refund(1, "re_1", SUCCEEDED, 1500),
            shop.refund(2, "re_2", SUCCEEDED, 1500),
            shop.refund(3, "re_3", SUCCEEDED, 1500));

    assertThat(plan.written())
        .extracting(receipt -> ((Receipt.Due) receipt).draft().content().amount())
        .containsExactly(usd(1500), usd(500));
  }

  @Test
  void aWrongReceiptOfATotalSwallowsNoTrueRefund() {
    var total = ReceiptKey.refundTotal(shop.order(), 6000);
    var existing =
        Map.of(
            payment,
            standing(MailStatus.SENT, 9000),
            total,
            new ReceiptSummary(MailStatus.SENT, usd(6000), true, null, usd(0), true));

    var plan =
        plan(
            existing,
            shop.paid(0, 9000),
            shop.refundTotal(1, 4000),
            shop.refund(2, "re_1", SUCCEEDED, 4000));

    assertThat(plan.written())
        .extracting(Receipt::key)
        .containsExactly(ReceiptKey.refund(shop.order(), "re_1"));
  }

  /// Its total's receipt was taken back for the first; the second is another one.
  @Test
  void theRefundThatReplacesOneThatFailedGetsAReceiptOfItsOwn() {
    var existing =
        Map.of(
            payment,
            standing(MailStatus.SENT, 3000),
            ReceiptKey.refundTotal(shop.order(), 1000),
            standing(MailStatus.SENT, 1000),
            ReceiptKey.correction(shop.order(), "re_9"),
            standing(MailStatus.SENT, 1000));

    var plan =
        plan(
            existing,
            shop.paid(0, 3000),
            shop.refundTotal(1, 1000),
            shop.refund(2, "re_9", FAILED, 1000),
            shop.refund(3, "re_1", SUCCEEDED, 1000));

    assertThat(plan.written())
        .extracting(Receipt::key)
        .containsExactly(ReceiptKey.refund(shop.order(), "re_1"));
  }

  @Test
  void aTotalThatWasSkippedForLackOfAnAddressGoesOutOnceThereIsOne() {
    var total = ReceiptKey.refundTotal(shop.order(), 1000);

    var plan =
        plan(
            Map.of(
                payment,
                standing(MailStatus.SENT, 3000),
                total,
                new ReceiptSummary(MailStatus.SKIPPED, usd(1000), false, "no_address")),
            shop.paid(0, 3000),
            shop.refundTotal(1, 1000));

    assertThat(plan.written()).extracting(Receipt::key).containsExactly(total);
  }

  @Test
  void untouchedReceiptsGoWhenACorrectedTranslationTakesTheFactsAway() {
    var plan = ReceiptPlan.of(List.of(), Map.of(payment, standing(MailStatus.DUE, 1)), ON, NOON);

    assertThat(plan.withdrawn()).containsExactly(payment);
  }

  @Test
  void whatWasOnlyWrittenDownForTheBooksGoesWhenSomethingElseSaysTheSame() {
    var total = ReceiptKey.refundTotal(shop.order(), 1000);
    for (var reason : List.of(ReceiptPlan.ERASED, ReceiptPlan.NO_ADDRESS)) {
      var existing =
          Map.of(
              payment,
              standing(MailStatus.SENT, 3000),
              total,
              new ReceiptSummary(MailStatus.SKIPPED, usd(1000), true, reason.code()));

      var plan =
          plan(
              existing,
              shop.paid(0, 3000),
              shop.refundTotal(1, 1000),
              shop.refund(2, "re_1", SUCCEEDED, 1000));

      assertThat(plan.withdrawn()).containsExactly(total);
      assertThat(plan.written())
          .extracting(Receipt::key)
          .containsExactly(ReceiptKey.refund(shop.order(), "re_1"));
    }
  }

  @Test
  void whatAReceiptOfATotalSaidIsNotSaidAgainWhenTheTotalRises() {
    var total = ReceiptKey.refundTotal(shop.order(), 2500);
    var existing =
        Map.of(
            payment,
            standing(MailStatus.SENT, 5000),
            ReceiptKey.refundTotal(shop.order(), 1000),
            standing(MailStatus.SENT, 1000));
    PaymentFact[] facts = {
      shop.paid(0, 5000),
      shop.refund(1, "re_1", SUCCEEDED, 1000),
      shop.refundTotal(2, 1000),
      shop.refundTotal(3, 2500)
    };

    List<Receipt> written = plan(existing, facts).written();

    assertThat(written).extracting(Receipt::key).containsExactly(total);
    assertThat(written).extracting(Receipt::amount).containsExactly(usd(1500));
  }

  /// It was on its way when its customer was erased, and may have arrived.
  @Test
  void whatHasANumberStandsForItsRefundThoughItsCustomerWasErased() {
    var existing =
        Map.of(
            payment,
            standing(MailStatus.SENT, 3000),
            ReceiptKey.refundTotal(shop.order(), 1000),
            new ReceiptSummary(MailStatus.SKIPPED, usd(1000), true, "erased", null, true));

    var plan =
        plan(
            existing,
            shop.paid(0, 3000),
            shop.refundTotal(1, 1000),
            shop.refund(2, "re_1", SUCCEEDED, 1000));

    assertThat(plan.written()).isEmpty();
    assertThat(plan.withdrawn()).isEmpty();
  }

  private final List<PaymentFact> toldTwice =
      List.of(
          shop.fundsOnly(0, 5000),
          shop.paid(1, 5000),
          shop.refund(2, "re_1", PENDING, 1000),
          shop.refund(3, "re_1", SUCCEEDED, 1000),
          shop.refundTotal(4, 1000),
          shop.refundTotal(5, 2500),
          shop.refund(6, "re_2", SUCCEEDED, 1500));

  private List<PaymentFact> shuffled(Random random) {
    var shuffled = new ArrayList<>(toldTwice);
    shuffled.addAll(toldTwice.subList(0, random.nextInt(toldTwice.size())));
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  /// The same where the customer is erased on the way, with mails under way at that moment: what
  /// wasn't sent is in the books once, and the receipts of both come to what was refunded.
  @Test
  void sumsAreRightWheneverACustomerIsErased() {
    for (int seed = 0; seed < 5_000; seed++) {
      var random = new Random(seed);
      List<PaymentFact> shuffled = shuffled(random);
      int last = random.nextInt(shuffled.size());

      var book = new TreeMap<ReceiptKey, ReceiptSummary>(comparing(key -> key.id().value()));
      var known = new ArrayList<PaymentFact>();
      for (int i = 0; i < shuffled.size(); i++) {
        known.add(shuffled.get(i));
        apply(book, ReceiptPlan.of(known, book, i > last, ON, NOON));
        if (random.nextBoolean()) {
          sendAll(book);
        }
        if (i == last) {
          erase(book, random);
        }
      }

      assertThat(sum(book, Kind.PAYMENT)).as("seed %d", seed).isEqualTo(5000);
      assertThat(sum(book, Kind.REFUND)).as("seed %d", seed).isEqualTo(2500);
      assertThat(book.values()).as("seed %d", seed).allMatch(one -> one.status().settled());
    }
  }

  private static void erase(Map<ReceiptKey, ReceiptSummary> book, Random random) {
    book.replaceAll((_, was) -> {
      boolean underWay = was.status() == MailStatus.DUE && random.nextBoolean();
      return was.status() == MailStatus.SENT
          ? was
          : new ReceiptSummary(
              MailStatus.SKIPPED,
              was.amount(),
              was.drafted(),
              ReceiptPlan.ERASED.code(),
              null,
              underWay || was.numbered());
    });
  }

  /// Whatever the order in which facts come in, and however often, and whenever the mails go out in
  /// between: in the end the receipts' sums are what was paid and what was refunded.
  @Test
  void sumsAreRightInWhateverOrderItIsTold() {
    for (int seed = 0; seed < 5_000; seed++) {
      var random = new Random(seed);
      List<PaymentFact> shuffled = shuffled(random);

      var book = new HashMap<ReceiptKey, ReceiptSummary>();
      var known = new ArrayList<PaymentFact>();
      for (PaymentFact fact : shuffled) {
        known.add(fact);
        apply(book, ReceiptPlan.of(known, book, ON, NOON));
        if (random.nextBoolean()) {
          sendAll(book);
        }
      }
      sendAll(book);
      sendAll(book);

      assertThat(sum(book, Kind.PAYMENT)).as("seed %d", seed).isEqualTo(5000);
      assertThat(sum(book, Kind.REFUND)).as("seed %d", seed).isEqualTo(2500);
      assertThat(sum(book, Kind.CORRECTION)).as("seed %d", seed).isEqualTo(0);
      assertThat(book.values()).allMatch(standing -> standing.status() == MailStatus.SENT);
    }
  }

  private static long sum(Map<ReceiptKey, ReceiptSummary> book, Kind kind) {
    return book.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .mapToLong(entry -> entry.getValue().amount().minorUnits())
        .sum();
  }

  static void apply(Map<ReceiptKey, ReceiptSummary> book, ReceiptPlan plan) {
    plan.withdrawn().forEach(book::remove);
    for (Receipt receipt : plan.written()) {
      book.put(
          receipt.key(),
          switch (receipt) {
            case Receipt.Waiting(_, var amount, var draft, _) ->
                new ReceiptSummary(MailStatus.WAITING, amount, draft != null, null);
            case Receipt.Due(_, var draft, _) ->
                new ReceiptSummary(MailStatus.DUE, draft.content().amount(), true, null);
            case Receipt.Skipped(_, var amount, var reason, _, _) ->
                new ReceiptSummary(MailStatus.SKIPPED, amount, false, reason.code());
          });
    }
  }

  static void sendAll(Map<ReceiptKey, ReceiptSummary> book) {
    book.replaceAll((_, standing) ->
        standing.status() == MailStatus.DUE
            ? new ReceiptSummary(MailStatus.SENT, standing.amount(), true, null)
            : standing);
    var turns = SendTurn.after(book);
    turns.now().forEach(key -> book.computeIfPresent(key, (_, was) -> due(was)));
    turns.never().forEach(book::remove);
  }

  private static ReceiptSummary due(ReceiptSummary was) {
    return new ReceiptSummary(MailStatus.DUE, was.amount(), true, null);
  }
}
