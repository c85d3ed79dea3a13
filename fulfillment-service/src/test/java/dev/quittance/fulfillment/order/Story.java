package dev.quittance.fulfillment.order;

import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.FulfillmentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PersonalDataErasure;
import java.util.ArrayList;
import java.util.List;

/// An order's life, step by step, and all that was announced about it.
final class Story {

  private final List<PaymentFact> facts = new ArrayList<>();
  private final List<AcceptedCommand> commands = new ArrayList<>();
  private final List<FulfillmentEvent> events = new ArrayList<>();
  private AnnouncedState announced = AnnouncedState.NOTHING;

  Story fact(PaymentFact fact) {
    facts.add(fact);
    apply(Transition.byFacts(announced, state()));
    return this;
  }

  Story replace(PaymentFact old, PaymentFact corrected) {
    facts.removeIf(fact -> fact.id().equals(old.id()));
    return fact(corrected);
  }

  /// Erases the customer.
  Story erase() {
    facts.replaceAll(PersonalDataErasure::in);
    apply(Transition.byErasure(announced, state()));
    return this;
  }

  /// Applies a command whether the order would take it or not.
  Story command(FulfillmentCommand command) {
    if (facts.isEmpty()) {
      commands.add(Facts.accepted(commands.size() + 1, command));
      return this;
    }
    OrderState before = state();
    commands.add(Facts.accepted(commands.size() + 1, command));
    apply(Transition.byCommand(announced, before, state(), command));
    return this;
  }

  private void apply(Transition transition) {
    announced = transition.announced();
    events.addAll(transition.events(state().view(1, Facts.START)));
  }

  OrderState state() {
    return OrderState.of(facts, commands);
  }

  AnnouncedState announced() {
    return announced;
  }

  List<FulfillmentEvent> events() {
    return events;
  }

  List<FulfillmentEventType> types() {
    return events.stream().map(FulfillmentEventType::of).toList();
  }
}
