package dev.quittance.fulfillment.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEventType;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Walks every sequence of up to six different facts from an alphabet, folding and telling after
/// each step, and repeats a fact at each end: the laws hold on all of them, not on samples.
class EveryOrderOfFactsTest {

  private static final int FACTS_MAX = 6;
  private static final int SEQUENCES_MIN = 100_000;

  private static final Facts FACTS = Facts.here();
  private static final List<PaymentFact> ALPHABET =
      List.of(
          FACTS.pending(),
          FACTS.paidItemsPending(),
          FACTS.itemsKnown(),
          FACTS.uncarried(),
          FACTS.attemptFailed(),
          FACTS.refund("re_1", RefundStatus.SUCCEEDED, 3000),
          FACTS.refund("re_1", RefundStatus.FAILED, 3000),
          FACTS.refundTotal(3000),
          FACTS.dispute("dp_1", DisputeStatus.OPEN),
          FACTS.dispute("dp_1", DisputeStatus.LOST));

  /// What is told of captures, releases and refunds in other currencies.
  private static final List<PaymentFact> CAPTURES =
      List.of(
          FACTS.pending(),
          FACTS.captured(Origin.CHARGE, 1000),
          FACTS.captured(Origin.PAYMENT, 1500),
          FACTS.captured(Origin.PAYMENT, 3500),
          FACTS.refund("re_release", RefundStatus.SUCCEEDED, 2000),
          FACTS.refund("re_1", RefundStatus.SUCCEEDED, 500),
          FACTS.refund("re_1", RefundStatus.FAILED, 500),
          FACTS.refundTotal(500, 2000),
          FACTS.refundTotal(2500),
          FACTS.refundIn(Money.ofMinor(700, "EUR"), "re_2"));

  private static final Money NOTHING = Facts.usd(0);

  /// What one set of facts leads to, whichever way it is reached. Only whether it was ever
  /// requested depends on the way.
  private record Outcome(OrderState state, Told told) {
    boolean same(Outcome other) {
      return state.equals(other.state)
          && told.effect() == other.told.effect()
          && told.standing() == other.told.standing()
          && Objects.equals(told.refunded(), other.told.refunded())
          && told.disputes().equals(other.told.disputes());
    }
  }

  private static final class Walk {
    private final List<PaymentFact> alphabet;
    private final List<AcceptedCommand> commands;
    private final Map<Integer, Outcome> bySet = new HashMap<>();
    private final List<PaymentFact> path = new ArrayList<>();
    private int sequences;

    Walk(List<PaymentFact> alphabet, List<AcceptedCommand> commands) {
      this.alphabet = alphabet;
      this.commands = commands;
    }

    void on(int set, Told told, int factsMax) {
      for (int i = 0; i < alphabet.size(); i++) {
        int next = set | 1 << i;
        if (next != set) {
          path.add(alphabet.get(i));
          step(next, told, factsMax);
          path.removeLast();
        }
      }
    }

    private void step(int set, Told told, int factsMax) {
      sequences++;
      OrderState state = OrderState.of(path, commands);
      Transition transition = Transition.byFacts(told, state);
      holds(state, told, transition);
      var outcome = new Outcome(state, transition.told());
      var before = bySet.putIfAbsent(set, outcome);
      if (before != null && !before.same(outcome)) {
        throw new AssertionError("the order of " + path + " matters: " + before + ", " + outcome);
      }
      if (path.size() < factsMax) {
        on(set, transition.told(), factsMax);
      } else {
        repeat(outcome);
      }
    }

    private void repeat(Outcome outcome) {
      var repeated = new ArrayList<>(path);
      repeated.add(path.getFirst());
      OrderState again = OrderState.of(repeated, commands);
      if (!again.equals(outcome.state)
          || !Transition.byFacts(outcome.told, again).happenings().isEmpty()) {
        throw new AssertionError("repeating a fact of " + path + " matters");
      }
    }

    private void holds(OrderState state, Told before, Transition transition) {
      List<FulfillmentEventType> told =
          transition.events(state.view(1, Facts.START)).stream()
              .map(FulfillmentEventType::of)
              .toList();
      int requested = Collections.frequency(told, FulfillmentEventType.REQUESTED);
      must(requested == 0 || !before.requested(), "requested at most once");
      must(requested <= 1, "requested at most once");
      if (requested == 1) {
        must(state.payment().funded(), "no request before the money is there");
        must(state.payment().carried(), "no request before it is known who bought what");
        must(state.payment().details().itemsState().settled(), "no request before the items are");
        must(!state.payment().fullyRefunded(), "no request once fully refunded");
      }
      Money refunded = state.payment().refunded();
      Money paid = state.payment().paid();
      if (refunded != null && paid != null) {
        must(refunded.compareTo(NOTHING) >= 0, "refunds are never negative");
        must(refunded.compareTo(paid) <= 0, "no more is refunded than was paid");
      }
    }

    private void must(boolean law, String name) {
      if (!law) {
        throw new AssertionError(name + ": " + path);
      }
    }
  }

  @Test
  void everySequenceOfUpToSixFactsLeadsToTheSameOrder() {
    var walk = new Walk(ALPHABET, List.of());

    walk.on(0, Told.NOTHING, FACTS_MAX);

    assertThat(walk.sequences).isGreaterThan(SEQUENCES_MIN);
  }

  @Test
  void theSameHoldsForCapturesReleasesAndForeignRefunds() {
    var walk = new Walk(CAPTURES, List.of());

    walk.on(0, Told.NOTHING, 5);

    assertThat(walk.sequences).isGreaterThan(30_000);
  }

  @Test
  void theSameHoldsWithCommandsAmongThem() {
    List<List<FulfillmentCommand>> lists =
        List.of(
            List.of(new FulfillmentCommand.Hold(null)),
            List.of(new FulfillmentCommand.Complete(List.of(), null, null)),
            List.of(
                new FulfillmentCommand.Complete(List.of(), null, null),
                new FulfillmentCommand.Reverse(null)));

    for (List<FulfillmentCommand> list : lists) {
      var commands = new ArrayList<AcceptedCommand>();
      list.forEach(command -> commands.add(Facts.accepted(commands.size() + 1, command)));
      var walk = new Walk(ALPHABET, commands);
      walk.on(0, Told.NOTHING, 4);
      assertThat(walk.sequences).isGreaterThan(5_000);
    }
  }
}
