package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/// The payment facts form a join-semilattice: what holds for every set of them. The values are few
/// on purpose, so that equal moments, shared refunds and other currencies meet all the time.
class PaymentPictureLawsTest {

  @Property
  void theOrderOfFactsDoesNotMatter(@ForAll("facts") List<PaymentFact> facts, @ForAll Random luck) {
    var shuffled = new ArrayList<>(facts);
    Collections.shuffle(shuffled, luck);

    assertThat(PaymentPicture.of(shuffled)).isEqualTo(PaymentPicture.of(facts));
  }

  @Property
  void factsThatAreToldTwiceChangeNothing(
      @ForAll("facts") List<PaymentFact> facts, @ForAll Random luck) {
    var repeated = new ArrayList<>(facts);
    facts.stream().filter(_ -> luck.nextBoolean()).forEach(repeated::add);
    Collections.shuffle(repeated, luck);

    assertThat(PaymentPicture.of(repeated)).isEqualTo(PaymentPicture.of(facts));
  }

  @Property
  void refundedIsBetweenNothingAndWhatWasPaid(@ForAll("facts") List<PaymentFact> facts) {
    PaymentPicture picture = PaymentPicture.of(facts);
    Money paid = picture.paid();
    Money refunded = picture.refunded();

    Statistics.label("refunded")
        .collect(paid == null || refunded == null ? "unknown" : refunded.compareTo(paid));
    if (paid != null && refunded != null) {
      assertThat(refunded.minorUnits()).isBetween(0L, paid.minorUnits());
      assertThat(picture.fullyRefunded()).isEqualTo(paid.isPositive() && refunded.equals(paid));
    } else {
      assertThat(paid).isNull();
      assertThat(refunded).isNull();
      assertThat(picture.fullyRefunded()).isFalse();
    }
  }

  @Property
  void whatIsCountedOfRefundsIsAllInTheOrdersCurrencyAndTheReleaseIsNoneOfIt(
      @ForAll("facts") List<PaymentFact> facts) {
    PaymentPicture picture = PaymentPicture.of(facts);
    Money paid = picture.paid();
    RefundCount count = picture.refundCount();
    if (paid == null || count == null) {
      return;
    }

    Statistics.label("release").collect(count.release() != null);
    Statistics.label("uncounted").collect(count.uncounted().size());
    assertThat(picture.refunds().keySet()).containsAll(count.amounts().keySet());
    assertThat(count.amounts().values()).allMatch(paid::comparableWith);
    if (count.release() != null) {
      assertThat(count.amounts()).doesNotContainKey(count.release());
    }
    assertThat(count.uncounted())
        .allMatch(uncounted -> !paid.comparableWith(uncounted.amount()))
        .allMatch(uncounted ->
            uncounted.refund() == null || !count.amounts().containsKey(uncounted.refund()));
  }

  /// So nobody can be sent receipts for more than what was refunded, nor for less.
  @Property
  void theSingleAmountsAndWhatOnlyTotalsTellComeToWhatWasRefunded(
      @ForAll("facts") List<PaymentFact> facts) {
    PaymentPicture picture = PaymentPicture.of(facts);
    Money paid = picture.paid();
    RefundCount count = picture.refundCount();
    if (paid == null || count == null) {
      return;
    }

    Money single =
        picture.refunds().values().stream()
            .filter(refund -> refund.status() == RefundStatus.SUCCEEDED)
            .flatMap(refund -> count.amount(refund).stream())
            .reduce(Money.zero(paid.currency()), Money::plus);

    assertThat(single.plus(count.onlyInTotals())).isEqualTo(count.refunded());
    assertThat(count.onlyInTotals().minorUnits()).isNotNegative();
    assertThat(count.amounts().values())
        .allMatch(amount -> amount.minorUnits() >= 0 && amount.compareTo(paid) <= 0);
  }

  /// What bounced changes nothing of what was refunded, nor of anything else that is known.
  @Property
  void aReversalTakesTheMoneyAndNothingElse(
      @ForAll("facts") List<PaymentFact> facts, @ForAll Random luck) {
    var without =
        facts.stream().filter(fact -> !(fact.event() instanceof PaymentEvent.Reversed)).toList();
    if (without.isEmpty()) {
      return;
    }
    PaymentPicture before = PaymentPicture.of(without);
    var all = new ArrayList<>(without);
    all.add(
        Facts.fact(
            "bounced",
            new PaymentEvent.Reversed(Facts.at(9), null, Reason.of("debit_not_authorized"))));
    Collections.shuffle(all, luck);

    PaymentPicture after = PaymentPicture.of(all);

    Statistics.label("bounced").collect(after.reversed());
    assertThat(after.reversed()).isEqualTo(before.funded());
    assertThat(after.funded()).isFalse();
    assertThat(after.reversal() != null).isEqualTo(before.funded());
    assertThat(after.paid()).isEqualTo(before.paid());
    assertThat(after.refundCount()).isEqualTo(before.refundCount());
    assertThat(after.details()).isEqualTo(before.details());
    assertThat(after.complete()).isEqualTo(before.complete());
    assertThat(before.funded() || after.standing() == before.standing()).isTrue();
  }

  /// However a sum is cut into refunds in the charged currency, and in whatever order they are
  /// told, the shares come to what the sum itself comes to, and those of all of it to all.
  @Property
  void sharesOfWhatWasChargedAddUp(
      @ForAll @LongRange(min = 1, max = 100_000) long paid,
      @ForAll @Size(min = 1, max = 8) List<@LongRange(min = 1, max = 50_000) Long> parts,
      @ForAll @LongRange(max = 100_000) long rest,
      @ForAll Random luck) {
    long refunded = parts.stream().mapToLong(Long::longValue).sum();
    Money charged = Money.ofMinor(refunded + rest, "JPY");
    PaymentDetails details = Facts.said(Facts.session(Facts.usd(paid)), charged, null, null);
    var facts = new ArrayList<PaymentFact>();
    facts.add(Facts.fact("paid", new PaymentEvent.Succeeded(Facts.at(0), details)));
    for (int i = 0; i < parts.size(); i++) {
      facts.add(
          Facts.fact(
              "refund-" + i,
              new PaymentEvent.RefundUpdated(
                  Facts.at(luck.nextInt(3)),
                  "re_" + i,
                  RefundStatus.SUCCEEDED,
                  Money.ofMinor(parts.get(i), "JPY"),
                  null,
                  false,
                  null,
                  null)));
    }
    Collections.shuffle(facts, luck);

    PaymentPicture picture = PaymentPicture.of(facts);
    RefundCount count = Objects.requireNonNull(picture.refundCount());

    long halfUp = (2 * paid * refunded + refunded + rest) / (2 * (refunded + rest));
    assertThat(count.amounts().values().stream().mapToLong(Money::minorUnits).sum())
        .isEqualTo(halfUp);
    assertThat(count.refunded()).isEqualTo(Facts.usd(halfUp));
    assertThat(rest > 0 || picture.fullyRefunded()).isTrue();
  }

  /// Only a reversal does, and only of money that had been there.
  @Property
  void knowingMoreNeverLowersAStanding(
      @ForAll("facts") List<PaymentFact> facts, @ForAll("facts") List<PaymentFact> more) {
    PaymentPicture before = PaymentPicture.of(facts);
    var later =
        more.stream()
            .map(fact -> new PaymentFact(new EventId("more" + fact.id()), 1, fact.event()))
            .toList();

    PaymentPicture after =
        PaymentPicture.of(Stream.concat(facts.stream(), later.stream()).toList());

    boolean bounced =
        later.stream().anyMatch(fact -> fact.event() instanceof PaymentEvent.Reversed);
    if (!bounced || !before.everFunded()) {
      assertThat(after.standing()).isGreaterThanOrEqualTo(before.standing());
    }
    assertThat(after.everFunded() || !before.everFunded()).isTrue();
    assertThat(after.complete() || !before.complete() || after.amount() == null).isTrue();
    assertThat(after.carried() || !before.carried()).isTrue();
    assertThat(after.details().itemsState()).isGreaterThanOrEqualTo(before.details().itemsState());
    before
        .disputes()
        .forEach((id, dispute) ->
            assertThat(after.disputes().get(id))
                .matches(word -> word != null && word.status().rank() >= dispute.status().rank()));
    before
        .refunds()
        .forEach((id, refund) ->
            assertThat(after.refunds().get(id))
                .matches(word -> word != null && word.status().rank() >= refund.status().rank()));
  }

  @Property
  void theWireChangesNothingOfThePicture(@ForAll("facts") List<PaymentFact> facts) {
    var read =
        facts.stream()
            .map(fact ->
                PaymentFact.read(
                    new CloudEvent(
                        fact.id(),
                        "/quittance/ingest",
                        fact.event().type(),
                        fact.event().about().order(),
                        fact.event().about().occurredAt(),
                        CloudEvent.Origin.WEBHOOK,
                        fact.translation(),
                        null,
                        null,
                        WireFormat.write(fact.event()))))
            .toList();

    assertThat(PaymentPicture.of(read)).isEqualTo(PaymentPicture.of(facts));
  }

  @Provide
  Arbitrary<List<PaymentFact>> facts() {
    return events()
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(events ->
            IntStream.range(0, events.size())
                .mapToObj(i ->
                    new PaymentFact(EventId.canonical("stripe", "evt_" + i, 0), 1, events.get(i)))
                .toList());
  }

  private static Arbitrary<PaymentEvent> events() {
    Arbitrary<Reason> reasons = Arbitraries.of("one", "other").map(Reason::of);
    Arbitrary<String> ids = Arbitraries.of("1", "2");
    return Arbitraries.oneOf(
        Combinators.combine(abouts(), details()).as(PaymentEvent.Pending::new),
        Combinators.combine(abouts(), details()).as(PaymentEvent.Succeeded::new),
        Combinators.combine(abouts(), details()).as(PaymentEvent.Succeeded::new),
        Combinators.combine(abouts(), details(), ids).as(PaymentEvent.Succeeded::new),
        Combinators.combine(abouts(), ids.injectNull(0.4), reasons).as(PaymentEvent.Reversed::new),
        Combinators.combine(abouts(), details(), reasons).as(PaymentEvent.AttemptFailed::new),
        Combinators.combine(abouts(), details(), reasons).as(PaymentEvent.Failed::new),
        Combinators.combine(abouts(), details(), reasons).as(PaymentEvent.Canceled::new),
        Combinators.combine(abouts(), Arbitraries.of(ItemsState.class), items())
            .as((about, state, items) -> new PaymentEvent.ItemsKnown(about, state, items, null)),
        Combinators.combine(
                abouts(),
                ids,
                Arbitraries.of(RefundStatus.class),
                amounts(),
                amounts().injectNull(0.8),
                Arbitraries.of(false, false, false, true),
                Arbitraries.just("txn_1").injectNull(0.7))
            .as((about, id, status, amount, charged, full, transaction) ->
                new PaymentEvent.RefundUpdated(
                    about, id, status, amount, charged, full, transaction, null)),
        Combinators.combine(abouts(), amounts(), amounts().injectNull(0.5))
            .as(PaymentEvent.RefundTotalUpdated::new),
        Combinators.combine(abouts(), ids, Arbitraries.of(DisputeStatus.class))
            .as((about, id, status) ->
                new PaymentEvent.DisputeUpdated(about, id, status, null, null)));
  }

  private static Arbitrary<About> abouts() {
    return Combinators.combine(Arbitraries.longs().between(0, 2), Arbitraries.of("a", "b"))
        .as((minute, type) -> {
          About at = Facts.at(minute);
          return new About(
              at.order(),
              at.provider(),
              at.account(),
              at.endpoint(),
              at.livemode(),
              at.occurredAt(),
              at.sourceEvent(),
              type);
        });
  }

  private static Arbitrary<PaymentDetails> details() {
    Arbitrary<@Nullable String> texts = Arbitraries.of("one", "other").injectNull(0.5);
    return Combinators.combine(
            reported(texts),
            amounts().injectNull(0.6),
            amounts().injectNull(0.5),
            amounts().injectNull(0.6))
        .as(Facts::said);
  }

  private static Arbitrary<PaymentDetails> reported(Arbitrary<@Nullable String> texts) {
    return Combinators.combine(
            Arbitraries.of(Origin.class),
            Arbitraries.of(true, false),
            amounts().injectNull(0.2),
            Arbitraries.of(ItemsState.class),
            items(),
            texts,
            texts,
            Arbitraries.of("one", "other").map(value -> Map.of("key", value)).injectNull(0.5))
        .as((origin, carries, amount, state, items, email, reference, metadata) ->
            PaymentDetails.of(origin, carries, amount)
                .with(report -> {
                  report.itemsState = state;
                  report.lineItems = items;
                  report.customer = new Customer(email, null, null, null, null, null, null);
                  report.reference = reference;
                  report.metadata = metadata == null ? Map.of() : metadata;
                }));
  }

  private static Arbitrary<List<LineItem>> items() {
    return Arbitraries.of("Mug", "Book")
        .map(name -> LineItem.of("li_1", name, 1, Facts.usd(1)))
        .list()
        .ofMaxSize(1);
  }

  private static Arbitrary<Money> amounts() {
    return Combinators.combine(
            Arbitraries.of(0L, 1L, 1000L, 1500L, 2500L, 3000L, Long.MAX_VALUE),
            Arbitraries.of("USD", "USD", "USD", "USD", "EUR", "EUR", "GBP"))
        .as(Money::ofMinor);
  }
}
