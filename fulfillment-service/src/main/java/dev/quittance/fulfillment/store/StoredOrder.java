package dev.quittance.fulfillment.store;

import dev.quittance.contracts.About;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.AcceptedCommand;
import dev.quittance.fulfillment.order.Decision;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.Refusal;
import dev.quittance.fulfillment.order.Told;
import dev.quittance.fulfillment.order.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An order whose row is locked: what is stored of it, and what a transaction adds.
final class StoredOrder {

  /// Something to tell others.
  record Happening(OrderId order, long sequence, FulfillmentEvent event, Instant at) {
    EventId id() {
      return new EventId(order + "#" + sequence);
    }
  }

  /// A command and what was decided about it.
  ///
  /// @param number its place among the accepted ones; absent for a refused one
  record Decided(
      OrderId order,
      EventId id,
      String source,
      FulfillmentCommand command,
      Instant at,
      @Nullable Long number,
      @Nullable Refusal refusal) {}

  private final OrderId id;
  private long version;
  private long sequence;
  private Told told;
  private Instant updatedAt;
  private byte @Nullable [] view;
  private @Nullable OrderView shown;
  private boolean viewChanged;
  private @Nullable String traceparent;

  private final List<PaymentFact> facts = new ArrayList<>();
  private final List<AcceptedCommand> commands = new ArrayList<>();
  private final Set<EventId> commandIds = new HashSet<>();
  private final List<Happening> happenings = new ArrayList<>();
  private final List<Decided> decided = new ArrayList<>();

  StoredOrder(
      OrderId id,
      long version,
      long sequence,
      byte @Nullable [] told,
      byte @Nullable [] view,
      @Nullable Instant updatedAt) {
    this.id = id;
    this.version = version;
    this.sequence = sequence;
    this.told = told == null ? Told.NOTHING : WireFormat.read(told, Told.class);
    this.view = view;
    this.updatedAt = updatedAt == null ? Instant.EPOCH : updatedAt;
  }

  void addFact(PaymentFact fact) {
    facts.add(fact);
  }

  void addCommand(AcceptedCommand command) {
    commands.add(command);
    commandIds.add(command.id());
  }

  void addRefused(EventId command) {
    commandIds.add(command);
  }

  /// Says which trace the changes belong to.
  void causedBy(@Nullable String trace) {
    if (trace != null) {
      traceparent = trace;
    }
  }

  /// Folds again after facts came in or went.
  void refold(Instant now) {
    OrderState state = state();
    apply(Transition.byFacts(told, state), state, now);
  }

  boolean knows(EventId command) {
    return commandIds.contains(command);
  }

  /// Takes a command, or refuses it and changes nothing.
  Decision take(EventId command, String source, FulfillmentCommand content, Instant now) {
    OrderState before = state();
    Decision decision = before.decide(content);
    switch (decision) {
      case Decision.Accepted() -> {
        long number = commands.size() + 1L;
        addCommand(new AcceptedCommand(number, command, source, now, content));
        decided.add(new Decided(id, command, source, content, now, number, null));
        OrderState after = state();
        apply(Transition.byCommand(told, before, after, content), after, now);
      }
      case Decision.Refused _ -> {}
    }
    return decision;
  }

  /// Remembers a refusal and tells it to whoever listens.
  void reject(
      EventId command, String source, FulfillmentCommand content, Refusal refusal, Instant now) {
    addRefused(command);
    decided.add(new Decided(id, command, source, content, now, null, refusal));
    OrderView order = state().view(version, updatedAt);
    tell(new FulfillmentEvent.Rejected(order, command, content.type(), refusal.reason()), now);
  }

  private OrderState state() {
    return OrderState.of(facts.isEmpty() ? List.of(superseded()) : facts, commands);
  }

  /// Corrected translations may move every fact of an order to another one. What stays is an order
  /// without payment, not a hole.
  private PaymentFact superseded() {
    if (view == null) {
      throw new IllegalStateException("an order without facts was never shown");
    }
    OrderView last = WireFormat.read(view, OrderView.class);
    var about =
        new About(
            id,
            last.provider(),
            last.account(),
            last.account(),
            last.livemode(),
            last.placedAt(),
            "superseded",
            "superseded");
    var details = PaymentDetails.of(PaymentDetails.Origin.CHARGE, false, last.amount());
    return new PaymentFact(
        new EventId("superseded"),
        0,
        new PaymentEvent.Canceled(about, details, Reason.of("superseded")));
  }

  private void apply(Transition transition, OrderState state, Instant now) {
    told = transition.told();
    boolean silent = transition.happenings().isEmpty();
    byte[] same = WireFormat.write(state.view(version, updatedAt));
    if (!silent || !Arrays.equals(same, view)) {
      version++;
      updatedAt = now;
      shown = state.view(version, now);
      view = WireFormat.write(shown);
      viewChanged = true;
    }
    if (shown != null) {
      OrderView current = shown;
      transition.events(current).forEach(event -> tell(event, now));
    }
  }

  private void tell(FulfillmentEvent event, Instant now) {
    sequence++;
    happenings.add(new Happening(id, sequence, event, now));
  }

  /// The command that was taken last.
  AcceptedCommand lastCommand() {
    return commands.getLast();
  }

  OrderId id() {
    return id;
  }

  long version() {
    return version;
  }

  long sequence() {
    return sequence;
  }

  Told told() {
    return told;
  }

  /// The order as others see it.
  OrderView view() {
    if (shown == null) {
      shown = state().view(version, updatedAt);
    }
    return shown;
  }

  byte @Nullable [] viewJson() {
    return view;
  }

  boolean viewChanged() {
    return viewChanged;
  }

  @Nullable String traceparent() {
    return traceparent;
  }

  Instant updatedAt() {
    return updatedAt;
  }

  /// Whether there is anything to write.
  boolean touched() {
    return viewChanged || !happenings.isEmpty() || !decided.isEmpty();
  }

  List<Happening> happenings() {
    return happenings;
  }

  List<Decided> decided() {
    return decided;
  }

  /// What of several orders is to be written.
  static <T> List<T> all(Collection<StoredOrder> orders, Function<StoredOrder, List<T>> what) {
    return orders.stream().map(what).flatMap(List::stream).toList();
  }
}
