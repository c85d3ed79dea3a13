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
  private static final int SEQUENCES_MIN = 390_000;

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
          FACTS.dispute("dp_1", DisputeStatus.LOST),
          FACTS.bounced(null));

  /// Attempts that bounce and attempts that don't, with what else takes money away.
  private static final List<PaymentFact> BOUNCES =
      List.of(
          FACTS.pending(),
          FACTS.paid(),
          FACTS.attempt("py_1", 1),
          FACTS.bounced("py_1"),
          FACTS.attempt("py_2", 4),
          FACTS.bounced("py_2"),
          FACTS.bounced(null),
          FACTS.captured(Origin.CHARGE, 1000),
          FACTS.refund("re_1", RefundStatus.SUCCEEDED, 3000),
          FACTS.refund("re_1", RefundStatus.CANCELED, 3000),
          FACTS.dispute("dp_1", DisputeStatus.OPEN),
          FACTS.dispute("dp_1", DisputeStatus.WON));

  /// What is announced of captures, releases and refunds in other currencies.
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
  private record Outcome(OrderState state, AnnouncedState announced) {
    boolean same(Outcome other) {
      return state.equals(other.state)
          && announced.effect() == other.announced.effect()
          && announced.standing() == other.announced.standing()
          && Objects.equals(announced.refunded(), other.announced.refunded())
          && announced.disputes().equals(other.announced.disputes());
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

    void on(int set, AnnouncedState announced, int factsMax) {
      for (int i = 0; i < alphabet.size(); i++) {
        int next = set | 1 << i;
        if (next != set) {
          path.add(alphabet.get(i));
          step(next, announced, factsMax);
          path.removeLast();
        }
      }
    }

    private void step(int set, AnnouncedState announced, int factsMax) {
      sequences++;
      OrderState state = OrderState.of(path, commands);
      Transition transition = Transition.byFacts(announced, state);
      holds(state, announced, transition);
      var outcome = new Outcome(state, transition.announced());
      var before = bySet.putIfAbsent(set, outcome);
      if (before != null && !before.same(outcome)) {
        throw new AssertionError("the order of " + path + " matters: " + before + ", " + outcome);
      }
      if (path.size() < factsMax) {
        on(set, transition.announced(), factsMax);
      } else {
        repeat(outcome);
      }
    }

    private void repeat(Outcome outcome) {
      var repeated = new ArrayList<>(path);
      repeated.add(path.getFirst());
      OrderState again = OrderState.of(repeated, commands);
      if (!again.equals(outcome.state)
          || !Transition.byFacts(outcome.announced, again).announcements().isEmpty()) {
        throw new AssertionError("repeating a fact of " + path + " matters");
      }
    }

    private void holds(OrderState state, AnnouncedState before, Transition transition) {
      // the view is dear, and most steps announce nothing
      List<FulfillmentEventType> announced =
          transition.announcements().isEmpty()
              ? List.of()
              : transition.events(state.view(1, Facts.START)).stream()
                  .map(FulfillmentEventType::of)
                  .toList();
      int requested = Collections.frequency(announced, FulfillmentEventType.REQUESTED);
      must(requested == 0 || !before.requested(), "requested at most once");
      must(requested <= 1, "requested at most once");
      if (requested == 1) {
        must(state.payment().funded(), "no request before the money is there");
        must(state.payment().carried(), "no request before it is known who bought what");
        must(state.payment().details().itemsState().settled(), "no request before the items are");
        must(!state.payment().fullyRefunded(), "no request once fully refunded");
      }
      if (state.payment().reversed()) {
        must(
            switch (state.effect()) {
              case NONE, CANCELED, DONE, REVERSAL -> true;
              case ACTIVE, HELD -> false;
            },
            "nothing ships for money that bounced");
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

    walk.on(0, AnnouncedState.NOTHING, FACTS_MAX);

    assertThat(walk.sequences).isGreaterThan(SEQUENCES_MIN);
  }

  @Test
  void theSameHoldsForMoneyThatBounces() {
    var walk = new Walk(BOUNCES, List.of());

    walk.on(0, AnnouncedState.NOTHING, FACTS_MAX);

    assertThat(walk.sequences).isGreaterThan(770_000);
  }

  @Test
  void theSameHoldsForCapturesReleasesAndForeignRefunds() {
    var walk = new Walk(CAPTURES, List.of());

    walk.on(0, AnnouncedState.NOTHING, 5);

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
      for (List<PaymentFact> alphabet : List.of(ALPHABET, BOUNCES)) {
        var walk = new Walk(alphabet, commands);
        walk.on(0, AnnouncedState.NOTHING, 4);
        assertThat(walk.sequences).isGreaterThan(5_000);
      }
    }
  }
}
