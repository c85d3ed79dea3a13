package dev.quittance.fulfillment.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.FulfillmentEventType;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OrderLawsTest {

  private static final Facts FACTS = Facts.here();

  /// One step of an order's life.
  sealed interface Step {
    record Fact(PaymentFact fact) implements Step {}

    record Command(FulfillmentCommand command) implements Step {}
  }

  @Provide
  Arbitrary<PaymentFact> facts() {
    Arbitrary<PaymentFact> refunds =
        Combinators.combine(
                Arbitraries.of("re_1", "re_2"),
                Arbitraries.of(RefundStatus.class),
                Arbitraries.longs().between(1, 4000))
            .as((id, status, cents) -> FACTS.refund(id, status, cents % 3 == 0 ? 3000 : 1200));
    Arbitrary<PaymentFact> disputes =
        Combinators.combine(Arbitraries.of("dp_1", "dp_2"), Arbitraries.of(DisputeStatus.class))
            .as(FACTS::dispute);
    Arbitrary<PaymentFact> others =
        Arbitraries.of(
            FACTS.paid(),
            FACTS.paidItemsPending(),
            FACTS.uncarried(),
            FACTS.pending(),
            FACTS.attemptFailed(),
            FACTS.failed(),
            FACTS.expired(),
            FACTS.itemsKnown(),
            FACTS.itemsUnknown(),
            FACTS.attempt("py_1", 1),
            FACTS.attempt("py_2", 4),
            FACTS.bounced("py_1"),
            FACTS.bounced(null),
            FACTS.refundTotal(1500),
            FACTS.refundTotal(3000));
    return Arbitraries.oneOf(others, others, refunds, disputes);
  }

  @Provide
  Arbitrary<FulfillmentCommand> commands() {
    Arbitrary<FulfillmentCommand> items =
        Combinators.combine(
                Arbitraries.of("shirt", "mug", "hat"), Arbitraries.longs().between(1, 3))
            .as((line, quantity) ->
                new FulfillmentCommand.Complete(
                    List.of(new FulfilledItem(line, quantity)), null, null));
    return Arbitraries.oneOf(
        items,
        Arbitraries.of(
            new FulfillmentCommand.Complete(List.of(), null, null),
            new FulfillmentCommand.Hold(null),
            new FulfillmentCommand.Release(null),
            new FulfillmentCommand.Reverse(null)));
  }

  @Provide
  Arbitrary<List<Step>> lives() {
    Arbitrary<Step> fact = facts().map(Step.Fact::new);
    Arbitrary<Step> command = commands().map(Step.Command::new);
    return Arbitraries.oneOf(fact, fact, command).list().ofMinSize(1).ofMaxSize(14);
  }

  /// Lives the steps; impossible commands are refused, so that only accepted ones are replayed.
  private static List<Step> accepted(List<Step> steps, Story story) {
    var done = new ArrayList<Step>();
    boolean placed = false;
    for (Step step : steps) {
      switch (step) {
        case Step.Fact(var fact) -> {
          story.fact(fact);
          placed = true;
          done.add(step);
        }
        case Step.Command(var command) -> {
          if (placed && story.state().decide(command) instanceof Decision.Accepted) {
            story.command(command);
            done.add(step);
          }
        }
      }
    }
    return done;
  }

  @Property(tries = 3000)
  void theOrderAndRepetitionOfFactsDontMatter(
      @ForAll("lives") List<Step> steps, @ForAll Random random) {
    var lived = new Story();
    List<Step> done = accepted(steps, lived);
    if (lived.events().isEmpty() && done.isEmpty()) {
      return;
    }

    var replayed = new Story();
    shuffledFacts(done, random)
        .forEach(step -> {
          switch (step) {
            case Step.Fact(var fact) -> replayed.fact(fact);
            case Step.Command(var command) -> replayed.command(command);
          }
        });

    assertThat(replayed.state()).isEqualTo(lived.state());
    assertThat(replayed.announced().effect()).isEqualTo(lived.announced().effect());
    assertThat(replayed.announced().disputes()).isEqualTo(lived.announced().disputes());
  }

  /// Facts anywhere and some of them twice; commands in their order.
  private static List<Step> shuffledFacts(List<Step> steps, Random random) {
    var facts = new ArrayList<Step>();
    var commands = new ArrayList<Step>();
    steps.forEach(step -> (step instanceof Step.Fact ? facts : commands).add(step));
    List.copyOf(facts).stream().filter(_ -> random.nextInt(3) == 0).forEach(facts::add);
    Collections.shuffle(facts, random);
    var mixed = new ArrayList<Step>();
    while (!facts.isEmpty() || !commands.isEmpty()) {
      boolean fact = commands.isEmpty() || (!facts.isEmpty() && random.nextBoolean());
      mixed.add(fact ? facts.removeFirst() : commands.removeFirst());
    }
    return mixed;
  }

  @Property(tries = 2000)
  void anOrderIsRequestedAtMostOnceAndNeverWithoutMoney(@ForAll("lives") List<Step> steps) {
    var story = new Story();
    accepted(steps, story);

    assertThat(story.types().stream().filter(FulfillmentEventType.REQUESTED::equals).count())
        .isLessThanOrEqualTo(1);
    for (FulfillmentEvent event : story.events()) {
      if (event instanceof FulfillmentEvent.Requested(var order)) {
        assertThat(order.fulfillmentStatus())
            .isIn(FulfillmentStatus.DUE, FulfillmentStatus.PARTIALLY_FULFILLED);
        assertThat(order.itemsState().settled()).isTrue();
        assertThat(order.received()).isNotNull();
      }
    }
  }

  @Property(tries = 2000)
  void amountsAreNeverNegativeAndNeverMoreThanPaid(@ForAll("lives") List<Step> steps) {
    var story = new Story();
    accepted(steps, story);

    for (FulfillmentEvent event : story.events()) {
      var refunded = event.order().refunded();
      if (refunded != null) {
        assertThat(refunded.minorUnits()).isBetween(0L, Facts.PRICE.minorUnits());
      }
      event
          .order()
          .lineItems()
          .forEach(line -> assertThat(line.fulfilled()).isBetween(0L, line.quantity()));
    }
  }

  @Property(tries = 1000)
  void forgettingTheCustomerChangesNothingElse(@ForAll("lives") List<Step> steps) {
    var story = new Story();
    if (accepted(steps, story).isEmpty()) {
      return;
    }
    OrderState before = story.state();
    int announced = story.types().size();

    story.erase();

    assertThat(story.types().subList(announced, story.types().size()))
        .containsExactly(FulfillmentEventType.CUSTOMER_ERASED);
    assertThat(story.state().paymentStatus()).isEqualTo(before.paymentStatus());
    assertThat(story.state().fulfillmentStatus()).isEqualTo(before.fulfillmentStatus());
    assertThat(story.state().effect()).isEqualTo(before.effect());
    assertThat(story.state().payment().refunded()).isEqualTo(before.payment().refunded());
  }

  @Property(tries = 2000)
  void theLastEffectToldIsTheOneCalledFor(@ForAll("lives") List<Step> steps) {
    var story = new Story();
    if (accepted(steps, story).isEmpty()) {
      return;
    }

    assertThat(story.announced().effect()).isEqualTo(story.state().effect());
  }
}
