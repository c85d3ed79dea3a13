package dev.quittance.contracts;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a set of facts says about one payment: rules 1, 2, 4 and 5 of the fold. A pure function of
/// the set: order and repetition of the facts don't matter.
///
/// @param standing how the payment stands by its best report
/// @param carried whether a report says who bought what
/// @param failure why it failed or bounced, when it did
/// @param reversal the last that took back money that had been there, also where another attempt
///   brought it since; absent where none did
/// @param amount what was agreed, once a report said it
/// @param paid what was paid: once the funds are there what was received, be it less than what was
///   agreed or more, and that stays once it bounced; else nothing
/// @param refundCount what its refunds come to; absent as long as no amount is known
/// @param details the reports' fields, each from the first source that has it: checkout, payment,
///   charge; line items and totals included
/// @param refunds the last word on each refund, by its id
/// @param disputes the last word on each dispute, by its id
/// @param since when the first of it happened
/// @param about whom it concerns, by the earliest fact
public record PaymentPicture(
    Standing standing,
    boolean carried,
    @Nullable Reason failure,
    PaymentEvent.@Nullable Reversed reversal,
    @Nullable Money amount,
    @Nullable Money paid,
    @Nullable RefundCount refundCount,
    PaymentDetails details,
    Map<String, PaymentEvent.RefundUpdated> refunds,
    Map<String, PaymentEvent.DisputeUpdated> disputes,
    Instant since,
    About about) {

  /// How a payment stands; later constants outweigh earlier ones.
  public enum Standing {
    NONE,
    ATTEMPT_FAILED,
    PENDING,
    FAILED,
    CANCELED,
    REVERSED,
    SUCCEEDED
  }

  /// Folds the facts of one order.
  ///
  /// @throws IllegalArgumentException when there is no fact, or they concern several orders
  public static PaymentPicture of(Collection<PaymentFact> facts) {
    List<PaymentFact> sorted = current(facts);
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("an order has at least one fact");
    }
    About first = sorted.getFirst().event().about();
    if (!sorted.stream().allMatch(fact -> fact.event().about().order().equals(first.order()))) {
      throw new IllegalArgumentException("facts of several orders");
    }
    Reversals reversals = Reversals.of(sorted);
    List<PaymentFact> reports =
        sorted.stream()
            .filter(fact -> fact.event() instanceof PaymentEvent.Report)
            .sorted(
                comparing((PaymentFact fact) -> standing(fact.event(), reversals))
                    .thenComparing(PaymentFact.BY_TIME)
                    .reversed())
            .toList();
    Standing standing =
        reports.isEmpty() ? Standing.NONE : standing(reports.getFirst().event(), reversals);
    PaymentEvent.Reversed reversal = reversals.last();
    boolean carried = reports.stream().anyMatch(fact -> details(fact).carriesOrder());
    var merged = details(reports, sorted);
    Money amount = merged.amount();
    Money paid =
        amount == null
            ? null
            : wasThere(standing)
                ? taken(
                    reports.stream()
                        .filter(fact -> standing(fact.event(), reversals) == standing)
                        .toList(),
                    amount)
                : Money.zero(amount.currency());
    var refunds =
        lastWords(
            sorted,
            PaymentEvent.RefundUpdated.class,
            PaymentEvent.RefundUpdated::refund,
            refund -> refund.status().rank(),
            _ -> 0);
    var disputes =
        lastWords(
            sorted,
            PaymentEvent.DisputeUpdated.class,
            PaymentEvent.DisputeUpdated::dispute,
            dispute -> dispute.status().rank(),
            // providers tell time in seconds: what was closed as it was opened is closed
            dispute -> dispute.status() == PaymentEvent.DisputeStatus.WARNING_CLOSED ? 1 : 0);
    return new PaymentPicture(
        standing,
        carried,
        reports.isEmpty() ? null : failure(reports.getFirst().event(), standing, reversal),
        reversal,
        amount,
        paid,
        paid == null
            ? null
            : RefundCount.of(paid, merged.charged(), merged.released(), refunds.values(), sorted),
        merged,
        refunds,
        disputes,
        first.occurredAt(),
        first);
  }

  /// What was received, by the first source that says so: the checkout, by the last word of one
  /// that succeeded; the payment, then the charge, each by the most, since it grows with further
  /// captures. Where none does, it is the amount that the first of them names: a payment that was
  /// only authorized at the checkout may be captured in part, which the checkout, having ended
  /// unpaid, never learns.
  ///
  /// @param bestFirst the reports of success that count
  private static Money taken(List<PaymentFact> bestFirst, Money amount) {
    List<Money> received = taken(bestFirst, amount, PaymentDetails::received);
    return received.stream()
        .filter(Money::isPositive)
        .findFirst() // what came in later goes before a checkout's word that nothing did
        .or(() -> received.stream().findFirst())
        .or(() -> taken(bestFirst, amount, PaymentDetails::amount).stream().findFirst())
        .orElse(amount);
  }

  private static List<Money> taken(
      List<PaymentFact> bestFirst, Money amount, Function<PaymentDetails, @Nullable Money> said) {
    return Stream.of(PaymentDetails.Origin.values())
        .flatMap(origin -> {
          List<PaymentDetails> reports =
              bestFirst.stream()
                  .map(PaymentPicture::details)
                  .filter(details -> details.origin() == origin)
                  .toList();
          return switch (origin) {
            case CHECKOUT ->
                reports.stream()
                    .limit(1)
                    .flatMap(details -> Stream.ofNullable(said.apply(details)))
                    .filter(amount::comparableWith);
            // Nothing of something is what isn't told yet.
            case PAYMENT, CHARGE ->
                reports.stream()
                    .flatMap(details -> Stream.ofNullable(said.apply(details)))
                    .filter(money -> money.comparableWith(amount) && money.isPositive())
                    .reduce(Money::max)
                    .stream();
          };
        })
        .toList();
  }

  /// All that went back, in the order's currency, between nothing and what was paid; absent as long
  /// as no amount is known.
  public @Nullable Money refunded() {
    return refundCount == null ? null : refundCount.refunded();
  }

  /// Whether the money is there (also when nothing was to pay).
  public boolean funded() {
    return standing == Standing.SUCCEEDED;
  }

  /// Whether the money was there, be it that it bounced since.
  public boolean everFunded() {
    return wasThere(standing);
  }

  /// Whether all of the money that was there bounced, and no other attempt brought it since.
  public boolean reversed() {
    return standing == Standing.REVERSED;
  }

  private static boolean wasThere(Standing standing) {
    return switch (standing) {
      case REVERSED, SUCCEEDED -> true;
      case NONE, ATTEMPT_FAILED, PENDING, FAILED, CANCELED -> false;
    };
  }

  /// Whether all that was paid went back. An order that cost nothing is never refunded.
  public boolean fullyRefunded() {
    Money refunded = refunded();
    return paid != null && refunded != null && paid.isPositive() && refunded.compareTo(paid) >= 0;
  }

  /// Whether everything is there, or was, that a fulfillment and a receipt wait for: the money, how
  /// much it is, who bought what, and the line items as far as they can be known. It only ever
  /// grows with the facts: money that bounced doesn't lower it.
  public boolean complete() {
    return everFunded() && amount != null && carried && details.itemsState().settled();
  }

  /// Whether all is there but the line items, which the provider is being asked for.
  public boolean lacksItemsOnly() {
    return everFunded() && amount != null && carried && !details.itemsState().settled();
  }

  /// What counts of the facts, each once and by time: see [SourceEventState].
  private static List<PaymentFact> current(Collection<PaymentFact> facts) {
    if (facts.size() == 1) {
      return List.copyOf(facts); // as most are, and it is the costliest part of the fold
    }
    Map<String, SourceEventState> states =
        facts.stream()
            .collect(
                toMap(
                    fact -> fact.id().sourceEvent(),
                    fact -> SourceEventState.ofFact(fact.translation(), fact.lookUp()),
                    SourceEventState::merge));
    List<PaymentFact> counted =
        facts.stream()
            .filter(fact ->
                states
                    .getOrDefault(fact.id().sourceEvent(), SourceEventState.NOTHING)
                    .counts(fact.translation(), fact.lookUp()))
            .distinct()
            .toList();
    Map<EventId, PaymentFact> best =
        counted.stream()
            .collect(
                toMap(
                    PaymentFact::id,
                    Function.identity(),
                    (one, other) -> other.outranks(one) ? other : one));
    return counted.stream()
        .filter(fact -> !best.getOrDefault(fact.id(), fact).outranks(fact))
        .sorted(PaymentFact.BY_TIME)
        .toList();
  }

  /// Rule 1 for what has an id of its own: by rank, then the provider's time, then the event's id.
  ///
  /// @param tie decides before the id does, at one time
  private static <T extends PaymentEvent> Map<String, T> lastWords(
      List<PaymentFact> facts,
      Class<T> shape,
      Function<T, String> id,
      Function<T, Integer> rank,
      Function<T, Integer> tie) {
    Comparator<PaymentFact> byRank =
        comparingInt((PaymentFact fact) -> rank.apply(shape.cast(fact.event())))
            .thenComparing(fact -> fact.event().about().occurredAt())
            .thenComparing(fact -> tie.apply(shape.cast(fact.event())))
            .thenComparing(PaymentFact::id);
    Map<String, PaymentFact> last =
        facts.stream()
            .filter(fact -> shape.isInstance(fact.event()))
            .collect(
                toMap(
                    fact -> id.apply(shape.cast(fact.event())),
                    Function.identity(),
                    BinaryOperator.maxBy(byRank),
                    TreeMap::new));
    var words = new TreeMap<String, T>();
    last.forEach((key, fact) -> words.put(key, shape.cast(fact.event())));
    return words;
  }

  /// Rule 4 and 5: each field from the first source that has it; reports come best first.
  private static PaymentDetails details(List<PaymentFact> bestFirst, List<PaymentFact> facts) {
    List<PaymentDetails> sources =
        bestFirst.stream()
            .map(PaymentPicture::details)
            .sorted(comparing(PaymentDetails::origin))
            .toList();
    ItemsState itemsState =
        sources.stream()
            .map(PaymentDetails::itemsState)
            .reduce(ItemsState.PENDING, ItemsState::merge);
    Optional<PaymentEvent.ItemsKnown> told =
        facts.stream()
            .map(PaymentFact::event)
            .filter(PaymentEvent.ItemsKnown.class::isInstance)
            .map(PaymentEvent.ItemsKnown.class::cast)
            .reduce((a, b) -> b.itemsState().merge(a.itemsState()) == b.itemsState() ? b : a);
    itemsState = told.map(PaymentEvent.ItemsKnown::itemsState).orElse(itemsState).merge(itemsState);
    List<LineItem> items =
        told.map(PaymentEvent.ItemsKnown::lineItems)
            .filter(Predicate.not(List::isEmpty))
            .or(() -> first(sources, s -> s.lineItems().isEmpty() ? null : s.lineItems()))
            .orElse(List.of());
    Totals totals =
        told.map(PaymentEvent.ItemsKnown::totals)
            .or(() -> first(sources, PaymentDetails::totals))
            .orElse(null);
    var metadata = new HashMap<String, String>();
    sources.reversed().forEach(source -> metadata.putAll(source.metadata()));
    return new PaymentDetails(
        sources.isEmpty() ? PaymentDetails.Origin.CHARGE : sources.getFirst().origin(),
        sources.stream().anyMatch(PaymentDetails::carriesOrder),
        first(sources, PaymentDetails::amount).orElse(null),
        first(sources, PaymentDetails::charged).orElse(null),
        first(sources, PaymentDetails::received).orElse(null),
        released(sources),
        itemsState,
        items,
        totals,
        sources.stream().map(PaymentDetails::customer).reduce(Customer.UNKNOWN, Customer::orElse),
        first(sources, PaymentDetails::checkoutSession).orElse(null),
        first(sources, PaymentDetails::reference).orElse(null),
        first(sources, PaymentDetails::description).orElse(null),
        first(sources, PaymentDetails::locale).orElse(null),
        first(sources, PaymentDetails::zone).orElse(null),
        first(sources, PaymentDetails::method).orElse(null),
        metadata);
  }

  /// Each further capture leaves less to be released.
  private static @Nullable Money released(List<PaymentDetails> sources) {
    return sources.stream()
        .flatMap(source -> Stream.ofNullable(source.released()))
        .reduce((a, b) -> a.comparableWith(b) ? a.min(b) : a)
        .orElse(null);
  }

  private static <T> Optional<T> first(
      List<PaymentDetails> sources, Function<PaymentDetails, @Nullable T> field) {
    return sources.stream()
        .<@Nullable T>map(field)
        .filter(Objects::nonNull)
        .<T>map(Objects::requireNonNull)
        .findFirst();
  }

  private static PaymentDetails details(PaymentFact fact) {
    return ((PaymentEvent.Report) fact.event()).details();
  }

  private static Standing standing(PaymentEvent event, Reversals reversals) {
    return switch (event) {
      case PaymentEvent.AttemptFailed _ -> Standing.ATTEMPT_FAILED;
      case PaymentEvent.Pending _ -> Standing.PENDING;
      case PaymentEvent.Failed _ -> Standing.FAILED;
      case PaymentEvent.Canceled _ -> Standing.CANCELED;
      case PaymentEvent.Succeeded success ->
          reversals.takeBack(success) ? Standing.REVERSED : Standing.SUCCEEDED;
      case PaymentEvent.Reversed _,
          PaymentEvent.ItemsKnown _,
          PaymentEvent.RefundUpdated _,
          PaymentEvent.RefundTotalUpdated _,
          PaymentEvent.DisputeUpdated _ ->
          Standing.NONE;
    };
  }

  private static @Nullable Reason failure(
      PaymentEvent best, Standing standing, PaymentEvent.@Nullable Reversed reversal) {
    return switch (best) {
      case PaymentEvent.AttemptFailed(_, _, var reason) -> reason;
      case PaymentEvent.Failed(_, _, var reason) -> reason;
      case PaymentEvent.Canceled(_, _, var reason) -> reason;
      case PaymentEvent.Succeeded _ ->
          standing == Standing.REVERSED && reversal != null ? reversal.reason() : null;
      case PaymentEvent.Pending _,
          PaymentEvent.Reversed _,
          PaymentEvent.ItemsKnown _,
          PaymentEvent.RefundUpdated _,
          PaymentEvent.RefundTotalUpdated _,
          PaymentEvent.DisputeUpdated _ ->
          null;
    };
  }
}
