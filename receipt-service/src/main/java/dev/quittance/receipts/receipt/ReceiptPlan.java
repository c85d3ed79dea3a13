package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.RefundUpdated;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.RefundCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What has to be done about an order's receipts: the difference between those that its facts call
/// for and those that exist. What was attempted once is never changed.
///
/// - One receipt for the payment, once the funds are there. It waits for the fact that carries the
///   order and for the items.
/// - A correction where the payment bounced after its receipt went out; a receipt that nobody tried
///   to send yet is withdrawn instead. Where another attempt pays after all, that payment has a
///   receipt of its own; as long as the correction is untouched, the first is true again.
/// - One for each refund that succeeded. What is known from a total only gets a receipt for the
///   rise that no single refund explains; single refunds reported after such a receipt went out are
///   covered by it, so that the receipts' sum is what was refunded, in whatever order it was
///   reported. Both wait a moment where another report is likely to say otherwise.
/// - A correction for each refund that failed after its receipt went out.
///
/// Corrections of what a receipt said are made by operators alone ([SupportedAmounts]); the plan
/// leaves them as they are, and takes what they say for what was announced.
///
/// @param written receipts to be created, or replaced where they are untouched
/// @param withdrawn receipts that nobody tried to send and nothing calls for any more, those among
///   them that were written down for the books alone
public record ReceiptPlan(List<Receipt> written, List<ReceiptKey> withdrawn) {

  /// Why a receipt is skipped when the order's facts name nobody.
  public static final Reason NO_ADDRESS =
      new Reason("no_address", "The order carries no e-mail address.");

  /// Why a receipt is skipped when the shop doesn't want it.
  public static final Reason RECEIPTS_OFF =
      new Reason("receipts_off", "Receipts are switched off for this endpoint.");

  /// Why a receipt is skipped when its customer is to be forgotten.
  public static final Reason ERASED = new Reason("erased", "The customer was erased.");

  public ReceiptPlan {
    written = List.copyOf(written);
    withdrawn = List.copyOf(withdrawn);
  }

  /// Compares one order's facts with its receipts.
  ///
  /// @param facts all facts of the order; none when a corrected translation took the last one away
  /// @param existing all its receipts
  public static ReceiptPlan of(
      Collection<PaymentFact> facts,
      Map<ReceiptKey, ReceiptSummary> existing,
      ReceiptPolicy policy,
      Instant now) {
    return of(facts, existing, false, policy, now);
  }

  /// Compares one order's facts with its receipts.
  ///
  /// @param facts all facts of the order; none when a corrected translation took the last one away
  /// @param existing all its receipts
  /// @param erased whether its customer was erased: what comes now is written down for the books,
  ///   and sent to nobody
  public static ReceiptPlan of(
      Collection<PaymentFact> facts,
      Map<ReceiptKey, ReceiptSummary> existing,
      boolean erased,
      ReceiptPolicy policy,
      Instant now) {
    var planning = new Planning(existing, erased, policy, now);
    if (!facts.isEmpty()) {
      planning.consider(facts, PaymentPicture.of(facts));
    }
    return planning.done();
  }

  private static final class Planning {

    private final Map<ReceiptKey, ReceiptSummary> existing;
    private final Map<ReceiptKey, ReceiptSummary> standings;
    private final AnnouncedAmounts announced;
    private final Map<ReceiptKey, Receipt> written = new HashMap<>();
    private final List<ReceiptKey> calledFor = new ArrayList<>();
    private final boolean erased;
    private final ReceiptPolicy policy;
    private final Instant now;

    Planning(
        Map<ReceiptKey, ReceiptSummary> existing,
        boolean erased,
        ReceiptPolicy policy,
        Instant now) {
      this.erased = erased;
      this.existing = existing;
      this.standings = new HashMap<>(existing);
      this.announced = new AnnouncedAmounts(existing);
      this.policy = policy;
      this.now = now;
    }

    void consider(Collection<PaymentFact> facts, PaymentPicture picture) {
      Money paid = picture.paid();
      RefundCount count = picture.refundCount();
      if (!picture.everFunded() || paid == null || count == null) {
        return;
      }
      var contents = new ReceiptContents(facts, picture, paid, count.refunded());
      OrderId order = picture.about().order();
      payment(order, contents, picture);
      refunds(order, contents, picture, count);
    }

    private void payment(OrderId order, ReceiptContents contents, PaymentPicture picture) {
      int nth = 1;
      while (leftThePlan(existing.get(ReceiptKey.bounced(order, nth)))) {
        nth++;
      }
      ReceiptKey payment = ReceiptKey.payment(order, nth);
      ReceiptSummary receipt = existing.get(payment);
      PaymentEvent.Reversed reversal = picture.reversal();
      if (picture.funded()) {
        call(payment, contents, contents.payment(nth), Duration.ZERO);
      } else if (reversal != null && receipt != null && !receipt.status().untouched()) {
        ReceiptKey correction = ReceiptKey.bounced(order, nth);
        if (SendTurn.of(correction, standings) != SendTurn.NEVER) {
          Money said = announced.amount(payment, receipt);
          call(correction, contents, contents.bounced(reversal, said), Duration.ZERO);
        }
      } else {
        standings.remove(payment); // it is withdrawn, so nothing waits for it
      }
    }

    /// An attempt was made, or it was skipped.
    private static boolean leftThePlan(@Nullable ReceiptSummary standing) {
      return standing != null && !standing.status().untouched();
    }

    /// What the fold doesn't count (a release, a refund in a foreign currency, more than was paid)
    /// gets no receipt.
    private void refunds(
        OrderId order, ReceiptContents contents, PaymentPicture picture, RefundCount count) {
      Collection<RefundUpdated> refunds = picture.refunds().values();
      TotalReceipts totals = TotalReceipts.of(order, count, refunds, existing);
      Money none = Money.zero(count.refunded().currency());
      for (RefundUpdated refund : byTime(refunds)) {
        refund(
            ReceiptKey.refund(order, refund.refund()),
            contents,
            refund,
            count.amount(refund).orElse(none),
            totals.covered().contains(refund.refund()),
            mayLetGo(refund, picture, count) ? policy.totalsSettle() : Duration.ZERO);
      }
      if (totals.rise().isPositive()) {
        call(
            ReceiptKey.refundTotal(order, totals.total().minorUnits()),
            contents,
            contents.refundTotal(totals.rise()),
            policy.totalsSettle());
      }
    }

    /// Whether it may turn out to be no refund: as long as less was captured than agreed, one can
    /// be the release of the rest, reported before whatever says so.
    private static boolean mayLetGo(
        RefundUpdated refund, PaymentPicture picture, RefundCount count) {
      Money agreed = picture.amount();
      Money paid = picture.paid();
      return agreed != null
          && paid != null
          && count.release() == null
          && !refund.full()
          && refund.amount().comparableWith(agreed)
          && refund.amount().compareTo(agreed.minus(paid)) <= 0;
    }

    private void refund(
        ReceiptKey key,
        ReceiptContents contents,
        RefundUpdated refund,
        Money amount,
        boolean covered,
        Duration settleTime) {
      switch (refund.status()) {
        case PENDING, REQUIRES_ACTION -> {}
        case SUCCEEDED -> {
          if (!covered && amount.isPositive()) {
            call(key, contents, contents.refund(refund, amount), settleTime);
          }
        }
        case CANCELED, FAILED -> {
          ReceiptSummary receipt = existing.get(key);
          if (covered || (receipt != null && !receipt.status().untouched())) {
            ReceiptKey correction = ReceiptKey.correction(key.order(), refund.refund());
            if (SendTurn.of(correction, standings) != SendTurn.NEVER) {
              // It takes back what was said, also where the share was another one then.
              Money said = covered || receipt == null ? amount : announced.amount(key, receipt);
              if (said.isPositive()) {
                call(correction, contents, contents.correction(refund, said), Duration.ZERO);
              }
            }
          }
        }
      }
    }

    /// A receipt is called for: it is written unless an attempt was made already.
    private void call(
        ReceiptKey key, ReceiptContents contents, ReceiptContent content, Duration settleTime) {
      calledFor.add(key);
      ReceiptSummary standing = existing.get(key);
      if (standing != null && !standing.open()) {
        return;
      }
      Receipt receipt = receipt(key, contents, content, now.plus(settleTime));
      boolean drafted = !(receipt instanceof Receipt.Waiting(_, _, var draft, _) && draft == null);
      standings.put(
          key,
          new ReceiptSummary(
              receipt.status(),
              content.amount(),
              drafted,
              receipt instanceof Receipt.Skipped(_, _, var reason, _, _) ? reason.code() : null));
      written.put(key, receipt);
    }

    private Receipt receipt(
        ReceiptKey key, ReceiptContents contents, ReceiptContent content, Instant notBefore) {
      var waiting = new Receipt.Waiting(key, content.amount(), null, notBefore);
      String series = policy.series(content.seller(), key.order().account());
      if (erased) {
        return waiting.skip(ERASED, content, series);
      }
      if (!policy.sends(content.endpoint())) {
        return waiting.skip(RECEIPTS_OFF, content, series);
      }
      if (!contents.complete()) {
        return waiting;
      }
      Optional<String> to = contents.address();
      if (to.isEmpty()) {
        return waiting.skip(NO_ADDRESS, content, series);
      }
      var draft = new ReceiptDraft(content, to.get(), series);
      return SendTurn.of(key, standings) == SendTurn.NOW
          ? waiting.ready(draft)
          : new Receipt.Waiting(key, content.amount(), draft, notBefore);
    }

    ReceiptPlan done() {
      List<ReceiptKey> withdrawn =
          existing.entrySet().stream()
              .filter(entry -> entry.getValue().open())
              .map(Map.Entry::getKey)
              .filter(key -> !calledFor.contains(key) && key.correctsAmountOf().isEmpty())
              .toList();
      return new ReceiptPlan(
          calledFor.stream().filter(written::containsKey).map(written::get).toList(), withdrawn);
    }

    private static List<RefundUpdated> byTime(Collection<RefundUpdated> refunds) {
      return refunds.stream()
          .sorted(
              Comparator.comparing((RefundUpdated refund) -> refund.about().occurredAt())
                  .thenComparing(RefundUpdated::refund))
          .toList();
    }
  }
}
