package dev.quittance.receipts.receipt;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.toSet;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent.RefundUpdated;
import dev.quittance.contracts.RefundCount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What those of an order's receipts stand for that went out on totals alone: first for the single
/// refunds that were reported later, then for what still only totals say, so that a total that
/// rises makes no refund's receipt go out once more. The one rule for the plan, which makes no
/// second receipt for those, and for what such a receipt is found to say wrongly.
///
/// - What the facts didn't support when they were looked at last stands for nothing: a wrong
///   receipt doesn't swallow the next true refund.
/// - A refund that failed and whose correction was made for such a receipt stays covered by it.
///
/// @param supported what the facts support of each
/// @param covered the single refunds that they stand for
/// @param rise what only totals say and no receipt does yet; nothing where an operator has to say
///   it, by a correction of a receipt that was corrected to less before
/// @param total what they are to come to, which names the receipt of the rise
record TotalReceipts(
    Map<ReceiptKey, Money> supported, Set<String> covered, Money rise, Money total) {

  TotalReceipts {
    supported = Map.copyOf(supported);
    covered = Set.copyOf(covered);
  }

  /// @param refunds the last word on each
  /// @param existing all receipts of the order
  static TotalReceipts of(
      OrderId order,
      RefundCount count,
      Collection<RefundUpdated> refunds,
      Map<ReceiptKey, ReceiptSummary> existing) {
    Money none = Money.zero(count.refunded().currency());
    List<Issued> issued = issued(existing, none);
    Money stands = issued.stream().map(Issued::stands).reduce(none, Money::plus);
    Map<String, Long> untold = untold(order, refunds, count, existing);
    Set<String> corrected = corrected(order, untold.keySet(), existing);
    Money takenBack = money(sum(untold, corrected), none);
    var others = new HashMap<>(untold);
    others.keySet().removeAll(corrected);
    Set<String> chosen = CoveredRefunds.of(stands.minus(takenBack).max(none).minorUnits(), others);
    var covered = new HashSet<>(corrected);
    covered.addAll(chosen);
    Money owed = count.onlyInTotals().plus(money(sum(untold, covered), none));

    var supported = new HashMap<ReceiptKey, Money>();
    Money left = owed;
    for (Issued one : issued) {
      Money gives = one.stands().min(left);
      supported.put(one.key(), gives);
      left = left.minus(gives);
    }
    Money rise = owed.minus(stands).max(none);
    if (raised(issued, ReceiptKey.refundTotal(order, owed.minorUnits()))) {
      rise = raise(issued, supported, rise);
    }
    return new TotalReceipts(supported, covered, rise, owed);
  }

  /// @param said what it said at first
  /// @param stands what it may stand for
  private record Issued(ReceiptKey key, Money said, Money stands, MailStatus status) {}

  /// The smallest total first, which is the earliest.
  private static List<Issued> issued(Map<ReceiptKey, ReceiptSummary> existing, Money none) {
    var announced = new AnnouncedAmounts(existing);
    var issued = new ArrayList<Issued>();
    existing.forEach((key, standing) -> {
      Money amount = announced.amount(key, standing);
      if (key.ofTotal() && !standing.open() && none.comparableWith(amount)) {
        Money supported = standing.supported();
        Money stands =
            supported != null && none.comparableWith(supported) ? amount.min(supported) : amount;
        issued.add(new Issued(key, standing.amount(), stands.max(none), standing.status()));
      }
    });
    issued.sort(comparingLong(one -> one.key().totalMinorUnits()));
    return issued;
  }

  /// The refunds that have no receipt of their own, whatever their status: a total counts them all.
  private static Map<String, Long> untold(
      OrderId order,
      Collection<RefundUpdated> refunds,
      RefundCount count,
      Map<ReceiptKey, ReceiptSummary> existing) {
    var amounts = new HashMap<String, Long>();
    for (RefundUpdated refund : refunds) {
      ReceiptSummary own = existing.get(ReceiptKey.refund(order, refund.refund()));
      if (own == null || own.open()) {
        count
            .amount(refund)
            .filter(Money::isPositive)
            .ifPresent(amount -> amounts.put(refund.refund(), amount.minorUnits()));
      }
    }
    return amounts;
  }

  private static Set<String> corrected(
      OrderId order, Collection<String> untold, Map<ReceiptKey, ReceiptSummary> existing) {
    return untold.stream()
        .filter(refund -> {
          ReceiptSummary correction = existing.get(ReceiptKey.correction(order, refund));
          return correction != null && !correction.open();
        })
        .collect(toSet());
  }

  /// There is one receipt for each total: one that was corrected to less can't be made once more.
  private static boolean raised(List<Issued> issued, ReceiptKey key) {
    return issued.stream().anyMatch(one -> one.key().equals(key));
  }

  /// @return what remains
  private static Money raise(List<Issued> issued, Map<ReceiptKey, Money> supported, Money rise) {
    Money left = rise;
    for (Issued one : issued) {
      if (one.status() == MailStatus.SENT) {
        Money now = supported.getOrDefault(one.key(), one.stands());
        Money more = one.said().minus(now).max(Money.zero(left.currency())).min(left);
        supported.put(one.key(), now.plus(more));
        left = left.minus(more);
      }
    }
    return left;
  }

  private static Money money(long minorUnits, Money like) {
    return new Money(minorUnits, like.currency());
  }

  /// What some of the refunds come to: at most each the whole payment.
  private static long sum(Map<String, Long> amounts, Set<String> some) {
    return amounts.entrySet().stream()
        .filter(refund -> some.contains(refund.getKey()))
        .map(Map.Entry::getValue)
        .reduce(0L, Math::addExact);
  }
}
