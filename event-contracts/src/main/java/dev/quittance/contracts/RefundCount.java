package dev.quittance.contracts;

import static java.math.BigInteger.ZERO;
import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toMap;

import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentEvent.RefundTotalUpdated;
import dev.quittance.contracts.PaymentEvent.RefundUpdated;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the refunds of one payment come to: rule 2 of the fold, the same for an order's state and
/// for its receipts. A pure function of the set of facts.
///
/// - A refund in the order's currency counts as it stands; one that is all of the payment counts as
///   all of it; one in the currency that was charged counts by its share of the charged amount,
///   half up on the running sum by time and id, so that the shares of all add up to the whole.
/// - One in any other currency counts as nothing, and is listed.
/// - The release of what was authorized and never captured is no refund. Stripe tells it as one of
///   exactly that amount: at most one is left out, and only where the single refunds come to more
///   than the total says (or, where no total is known, to more than was captured); of several the
///   earliest that names no transaction, else the earliest.
/// - Where a report says that nothing was let go when just that was captured, a total doesn't
///   contain a release, unless it is more than was paid; and only a refund that names no
///   transaction can be one.
/// - What only totals tell of counts for as much as no single refund explains. One that had failed
///   by then is in no total.
/// - No more can go back than was paid: by time and id, each refund that succeeded gives back what
///   those before it left. So the single amounts and what only totals tell of come to what was
///   refunded, always.
///
/// @param refunded all that went back, between nothing and what was paid
/// @param amounts what each single refund that counts gives back in the order's currency, by its
///   id, whatever its status: between nothing and what was paid
/// @param onlyInTotals what no single refund explains of what was refunded
/// @param release the refund that only lets go of what was never captured
/// @param uncounted what was told in a foreign currency and may have moved money
public record RefundCount(
    Money refunded,
    Map<String, Money> amounts,
    Money onlyInTotals,
    @Nullable String release,
    List<UncountedRefund> uncounted) {

  public RefundCount {
    amounts = Map.copyOf(amounts);
    uncounted = List.copyOf(uncounted);
  }

  /// Counts the refunds of a payment.
  ///
  /// @param paid what was paid; nothing where the funds aren't there
  /// @param charged what the means of payment was charged, where that is another currency
  /// @param released what was authorized and let go, as far as a report of the payment says
  /// @param refunds the last word on each refund
  /// @param facts all facts that count
  static RefundCount of(
      Money paid,
      @Nullable Money charged,
      @Nullable Money released,
      Collection<RefundUpdated> refunds,
      Collection<PaymentFact> facts) {
    return new Counting(paid, charged, released, refunds, facts).count();
  }

  /// What a single refund gives back; nothing known of one that doesn't count.
  public Optional<Money> amount(RefundUpdated refund) {
    return Optional.ofNullable(amounts.get(refund.refund()));
  }

  @Override
  public String toString() {
    return "RefundCount[" + refunded + "]";
  }

  private static final class Counting {

    private final Money paid;
    private final @Nullable Money charged;
    private final List<RefundUpdated> refunds;
    private final List<RefundTotalUpdated> totals;
    private final @Nullable Money released;
    private final boolean nothingLetGo;
    private final Set<String> withTransaction;
    private final Map<String, Money> amounts = new TreeMap<>();
    private BigInteger running = ZERO;

    Counting(
        Money paid,
        @Nullable Money charged,
        @Nullable Money released,
        Collection<RefundUpdated> lastWords,
        Collection<PaymentFact> facts) {
      this.paid = paid;
      this.charged = charged != null && charged.isPositive() ? charged : null;
      List<RefundUpdated> told =
          facts.stream()
              .map(PaymentFact::event)
              .filter(RefundUpdated.class::isInstance)
              .map(RefundUpdated.class::cast)
              .toList();
      // By when each was first told of: later news of a refund must not move the others' shares.
      Map<String, Instant> since =
          told.stream()
              .collect(
                  toMap(
                      RefundUpdated::refund,
                      refund -> refund.about().occurredAt(),
                      (one, other) -> one.isBefore(other) ? one : other));
      this.refunds =
          lastWords.stream()
              .sorted(
                  comparing((RefundUpdated refund) ->
                          since.getOrDefault(refund.refund(), refund.about().occurredAt()))
                      .thenComparing(RefundUpdated::refund))
              .toList();
      this.withTransaction =
          told.stream()
              .filter(refund -> refund.transaction() != null)
              .map(RefundUpdated::refund)
              .collect(Collectors.toSet());
      this.totals =
          facts.stream()
              .map(PaymentFact::event)
              .filter(RefundTotalUpdated.class::isInstance)
              .map(RefundTotalUpdated.class::cast)
              .toList();
      this.nothingLetGo =
          facts.stream().anyMatch(fact -> saysThatNothingWasLetGo(fact.event(), paid));
      this.released =
          Stream.concat(Stream.ofNullable(released), totals.stream().flatMap(Counting::releasedBy))
              .filter(let -> paid.comparableWith(let) && let.isPositive())
              .reduce(Money::min)
              .orElse(null);
    }

    /// When the money was taken a release would have been in it already, had there been one. That a
    /// total has one is told by the version of who tells, which isn't that of who captured: shops
    /// ask by newer ones than their endpoints are of.
    private static boolean saysThatNothingWasLetGo(PaymentEvent event, Money paid) {
      return event instanceof PaymentEvent.Succeeded(_, var details, _)
          && paid.equals(details.received())
          && details.released() != null
          && details.released().minorUnits() == 0;
    }

    private static Stream<Money> releasedBy(RefundTotalUpdated total) {
      return Stream.ofNullable(total.released());
    }

    RefundCount count() {
      var succeeded = new ArrayList<RefundUpdated>();
      var others = new ArrayList<RefundUpdated>();
      refunds.forEach(
          refund -> (refund.status() == RefundStatus.SUCCEEDED ? succeeded : others).add(refund));
      for (RefundUpdated refund : succeeded) {
        Money share = inCharged(refund);
        if (share == null) {
          inPaid(refund).ifPresent(amount -> amounts.put(refund.refund(), amount));
        } else {
          amounts.put(refund.refund(), next(units(share)));
        }
      }
      // What isn't there, or isn't there any more, takes no part in the running sum.
      for (RefundUpdated refund : others) {
        Money share = inCharged(refund);
        (share == null ? inPaid(refund) : Optional.of(whole(units(share))))
            .ifPresent(amount -> amounts.put(refund.refund(), amount));
      }
      RefundUpdated release = release();
      if (release != null) {
        amounts.remove(release.refund());
      }
      BigInteger told = onlyInTotals(); // of the amounts as they were told
      Money whole = paid.max(Money.zero(paid.currency()));
      others.forEach(refund -> bound(refund, whole));
      Money left = whole;
      for (RefundUpdated refund : succeeded) {
        left = left.minus(bound(refund, left));
      }
      Money onlyInTotals = money(told.min(units(left)));
      return new RefundCount(
          whole.minus(left).plus(onlyInTotals),
          amounts,
          onlyInTotals,
          release == null ? null : release.refund(),
          uncounted());
    }

    /// Lets a refund give back no more than that.
    private Money bound(RefundUpdated refund, Money most) {
      Money nothing = Money.zero(paid.currency());
      Money bounded = amounts.getOrDefault(refund.refund(), nothing).min(most).max(nothing);
      amounts.replace(refund.refund(), bounded);
      return bounded;
    }

    /// What a refund gives back as far as it says so in the order's currency.
    private Optional<Money> inPaid(RefundUpdated refund) {
      return refund.full()
          ? Optional.of(paid)
          : Stream.of(Optional.of(refund.amount()), Optional.ofNullable(refund.charged()))
              .flatMap(Optional::stream)
              .filter(paid::comparableWith)
              .findFirst();
    }

    /// What a refund gives back of what was charged, where it says nothing better.
    private @Nullable Money inCharged(RefundUpdated refund) {
      Money whole = charged;
      return whole != null && inPaid(refund).isEmpty() && whole.comparableWith(refund.amount())
          ? refund.amount()
          : null;
    }

    /// The share of the next part of what was charged.
    private Money next(BigInteger part) {
      Money before = whole(running);
      running = running.add(part);
      return whole(running).minus(before);
    }

    /// So much of what was charged, in the order's currency: half up, and no more than all of it.
    private Money whole(BigInteger ofCharged) {
      BigInteger all = units(charged);
      BigInteger part = ofCharged.min(all).max(ZERO);
      BigInteger doubled = units(paid).multiply(part).shiftLeft(1).add(all);
      return money(doubled.divide(all.shiftLeft(1)));
    }

    private @Nullable RefundUpdated release() {
      Money let = released;
      if (let == null) {
        return null;
      }
      BigInteger limit = totals().map(this::corrected).reduce(BigInteger::max).orElse(units(paid));
      return sum(refunds).compareTo(limit) <= 0
          ? null
          : refunds.stream()
              .filter(refund -> !refund.full() && refund.amount().equals(let))
              .filter(refund -> !nothingLetGo || !withTransaction.contains(refund.refund()))
              // Stable: of each kind the earliest.
              .min(comparing((RefundUpdated refund) -> withTransaction.contains(refund.refund())))
              .orElse(null);
    }

    /// In the order's currency.
    private Stream<RefundTotalUpdated> totals() {
      return totals.stream().filter(told -> paid.comparableWith(told.total()));
    }

    /// A total without what was only released. One that doesn't say what was wasn't corrected by
    /// whoever told it.
    private BigInteger corrected(RefundTotalUpdated told) {
      BigInteger total = units(told.total());
      BigInteger let = units(told.released());
      BigInteger whole = total.add(let);
      if (nothingLetGo && whole.compareTo(units(paid)) <= 0) {
        return whole;
      }
      return told.released() == null && released != null
          ? total.subtract(units(released)).max(ZERO)
          : total;
    }

    /// What no single refund explains.
    private BigInteger onlyInTotals() {
      BigInteger own =
          totals()
              .map(told -> corrected(told).subtract(sum(countedIn(told))))
              .reduce(ZERO, BigInteger::max);
      return own.max(onlyInChargedTotals());
    }

    /// Whatever their status, but for those that had failed when the total was told: Stripe takes
    /// these out of it.
    private List<RefundUpdated> countedIn(RefundTotalUpdated total) {
      return refunds.stream().filter(refund -> !failedBefore(refund, total)).toList();
    }

    private static boolean failedBefore(RefundUpdated refund, RefundTotalUpdated total) {
      return switch (refund.status()) {
        case CANCELED, FAILED -> refund.about().occurredAt().isBefore(total.about().occurredAt());
        case PENDING, REQUIRES_ACTION, SUCCEEDED -> false;
      };
    }

    private BigInteger onlyInChargedTotals() {
      Money whole = charged;
      if (whole == null || whole.comparableWith(paid)) {
        return ZERO;
      }
      BigInteger untold =
          totals.stream()
              .filter(told -> whole.comparableWith(told.total()))
              .map(told ->
                  countedIn(told).stream()
                      .map(this::partOfCharged)
                      .reduce(units(told.total()), BigInteger::subtract))
              .reduce(ZERO, BigInteger::max);
      return units(next(untold));
    }

    private BigInteger partOfCharged(RefundUpdated refund) {
      Money whole = charged;
      if (whole == null) {
        return ZERO;
      }
      if (refund.full()) {
        return units(whole);
      }
      return Stream.of(Optional.of(refund.amount()), Optional.ofNullable(refund.charged()))
          .flatMap(Optional::stream)
          .filter(whole::comparableWith)
          .findFirst()
          .map(Counting::units)
          .orElseGet(() -> inPaid(refund).map(amount -> part(amount, whole)).orElse(ZERO));
    }

    private BigInteger part(Money ofPaid, Money whole) {
      return paid.isPositive() ? units(whole).multiply(units(ofPaid)).divide(units(paid)) : ZERO;
    }

    private BigInteger sum(Collection<RefundUpdated> some) {
      return some.stream()
          .map(refund -> amounts.get(refund.refund()))
          .map(Counting::units)
          .reduce(ZERO, BigInteger::add);
    }

    private List<UncountedRefund> uncounted() {
      var foreign = new ArrayList<UncountedRefund>();
      if (!paid.isPositive()) {
        return foreign; // what was charged may not have been told yet
      }
      for (RefundUpdated refund : refunds) {
        switch (refund.status()) {
          case PENDING, REQUIRES_ACTION, SUCCEEDED -> {
            if (!refund.full() && foreign(refund.amount()) && inPaid(refund).isEmpty()) {
              foreign.add(new UncountedRefund(refund.refund(), refund.amount()));
            }
          }
          case CANCELED, FAILED -> {}
        }
      }
      totals.stream()
          .map(RefundTotalUpdated::total)
          .filter(total -> total.isPositive() && foreign(total))
          .max(
              comparing((Money total) -> total.currency().getCurrencyCode())
                  .thenComparingLong(Money::minorUnits))
          .ifPresent(total -> foreign.add(new UncountedRefund(null, total)));
      return foreign;
    }

    private boolean foreign(Money amount) {
      return !amount.comparableWith(paid) && (charged == null || !amount.comparableWith(charged));
    }

    private Money money(BigInteger units) {
      return new Money(units.longValueExact(), paid.currency());
    }

    private static BigInteger units(@Nullable Money money) {
      return money == null ? ZERO : BigInteger.valueOf(money.minorUnits());
    }
  }
}
