package dev.quittance.fulfillment.store;

import dev.quittance.contracts.About;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.Forgetting;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.LetterEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An order whose row is locked: what is stored of it, and what a transaction adds.
final class StoredOrder {

  /// Something to tell others.
  ///
  /// @param by who erased the customer, where that is what happened
  record Happening(
      OrderId order, long sequence, FulfillmentEvent event, Instant at, @Nullable String by) {
    EventId id() {
      return new EventId(order + "#" + sequence);
    }
  }

  /// Something that only whoever writes to the customer may know.
  ///
  /// @param sequence of the event that it goes with
  record Letter(long sequence, LetterEvent event, Instant at) {
    EventId id() {
      return new EventId(event.order() + "!" + sequence);
    }
  }

  /// A command and what was decided about it. Without the code that it delivered: that is told in a
  /// letter and kept nowhere.
  ///
  /// @param number its place among the accepted ones; absent for a refused one
  record Decided(
      OrderId order,
      EventId id,
      String source,
      FulfillmentCommand command,
      Instant at,
      @Nullable Long number,
      @Nullable Refusal refusal) {
    Decided {
      command = withoutCode(command);
    }
  }

  private final OrderId id;
  private long version;
  private long sequence;
  private Told told;
  private Instant updatedAt;
  private byte @Nullable [] view;
  private @Nullable OrderView shown;
  private @Nullable OrderState state;
  private boolean viewChanged;
  private int newlyUncounted;
  private @Nullable String traceparent;
  private @Nullable Erasure erasure;
  private boolean erasureIsNews;
  private final boolean known;

  private final List<PaymentFact> facts = new ArrayList<>();
  private final List<AcceptedCommand> commands = new ArrayList<>();
  private final Set<EventId> commandIds = new HashSet<>();
  private final List<Happening> happenings = new ArrayList<>();
  private final List<Decided> decided = new ArrayList<>();
  private final List<Letter> letters = new ArrayList<>();
  private final List<PaymentFact> cleaned = new ArrayList<>();

  StoredOrder(
      OrderId id,
      boolean known,
      long version,
      long sequence,
      byte @Nullable [] told,
      byte @Nullable [] view,
      @Nullable Instant updatedAt,
      @Nullable Erasure erasure) {
    this.id = id;
    this.erasure = erasure;
    this.version = version;
    this.sequence = sequence;
    this.known = known;
    this.told = told == null ? Told.NOTHING : WireFormat.read(told, Told.class);
    this.view = view;
    this.updatedAt = updatedAt == null ? Instant.EPOCH : updatedAt;
  }

  /// An order that nothing is stored of.
  static StoredOrder unknown(OrderId id) {
    return new StoredOrder(id, false, 0, 0, null, null, null, null);
  }

  /// Adds a stored fact. Of an order whose customer was erased it is taken, and stored from now on,
  /// without them: facts come late, come again, and come corrected.
  void addFact(PaymentFact fact, byte[] stored) {
    state = null;
    if (erasure == null) {
      facts.add(fact);
      return;
    }
    PaymentFact left = Forgetting.in(fact);
    facts.add(left);
    if (!Arrays.equals(WireFormat.write(left.event()), stored)) {
      cleaned.add(left);
    }
  }

  void addCommand(AcceptedCommand command) {
    state = null;
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

  /// Takes over that the customer was erased: facts of theirs moved here from that order. Before
  /// any fact is added.
  void follow(StoredOrder origin) {
    if (erasure == null && origin.erasure != null) {
      erasure = origin.erasure;
      erasureIsNews = true;
    }
  }

  /// Folds again after facts came in or went.
  void refold(Instant now) {
    if (erasureIsNews) {
      tellErased(now);
    } else {
      OrderState state = state();
      apply(Transition.byFacts(told, state), state, now);
    }
  }

  /// Forgets the customer, for good.
  void erase(Erasure by) {
    erasure = by;
    erasureIsNews = true;
    state = null;
    facts.replaceAll(Forgetting::in);
    cleaned.addAll(facts);
    tellErased(by.at());
  }

  private void tellErased(Instant now) {
    OrderState state = state();
    apply(Transition.byErasure(told, state), state, now);
    letters.add(new Letter(sequence, new LetterEvent.CustomerErased(id, now), now));
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
        deliver(command, content, before, now);
      }
      case Decision.Refused _ -> {}
    }
    return decision;
  }

  private void deliver(
      EventId command, FulfillmentCommand content, OrderState before, Instant now) {
    if (content instanceof FulfillmentCommand.Complete(var items, _, var code)
        && code != null
        && !code.isBlank()) {
      var what = items.isEmpty() ? before.remaining() : items;
      letters.add(
          new Letter(sequence, new LetterEvent.CodeDelivered(id, command, what, code, now), now));
    }
  }

  private static FulfillmentCommand withoutCode(FulfillmentCommand command) {
    return command instanceof FulfillmentCommand.Complete(var items, var tracking, _)
        ? new FulfillmentCommand.Complete(items, tracking, null)
        : command;
  }

  /// Remembers a refusal and tells it to whoever listens.
  void reject(
      EventId command, String source, FulfillmentCommand content, Refusal refusal, Instant now) {
    addRefused(command);
    decided.add(new Decided(id, command, source, content, now, null, refusal));
    OrderView order = state().view(version, updatedAt);
    tell(new FulfillmentEvent.Rejected(order, command, content.type(), refusal.reason()), now);
  }

  /// Folded once for all who ask, until facts or commands are added.
  private OrderState state() {
    OrderState folded = state;
    if (folded == null) {
      folded = OrderState.of(facts.isEmpty() ? List.of(superseded()) : facts, commands);
      state = folded;
    }
    return folded;
  }

  /// Corrected translations may move every fact of an order to another one, or withdraw it. What
  /// stays is an order without payment, canceled as corrected, not a hole.
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
            "superseded",
            last.connectedAccount());
    var details = PaymentDetails.of(PaymentDetails.Origin.CHARGE, false, last.amount());
    return new PaymentFact(
        new EventId("superseded"),
        0,
        new PaymentEvent.Canceled(about, details, Reason.of("corrected")));
  }

  private void apply(Transition transition, OrderState state, Instant now) {
    newlyUncounted += transition.told().uncountedBeyond(told);
    told = transition.told();
    if (!transition.happenings().isEmpty() || !showsAs(state)) {
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

  /// Whether others see the order so already.
  private boolean showsAs(OrderState state) {
    return view != null && Arrays.equals(WireFormat.write(state.view(version, updatedAt)), view);
  }

  private void tell(FulfillmentEvent event, Instant now) {
    sequence++;
    happenings.add(
        new Happening(
            id,
            sequence,
            event,
            now,
            erasure != null && event instanceof FulfillmentEvent.CustomerErased
                ? erasure.by()
                : null));
  }

  /// The command that was taken last.
  AcceptedCommand lastCommand() {
    return commands.getLast();
  }

  OrderId id() {
    return id;
  }

  /// Whether it has a row.
  boolean known() {
    return known;
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

  /// How many more refunds turned out to be in a foreign currency.
  int newlyUncounted() {
    return newlyUncounted;
  }

  /// The ids of the order's refunds and disputes.
  List<String> providerIds() {
    PaymentPicture payment = state().payment();
    return Stream.concat(payment.refunds().keySet().stream(), payment.disputes().keySet().stream())
        .toList();
  }

  byte @Nullable [] viewJson() {
    return view;
  }

  /// An event as it is told. Most hold the order as it was just written down anyway, and it is the
  /// most of them. What was written down earlier may be an older version's, and isn't told again.
  byte[] json(FulfillmentEvent event) {
    return viewChanged && view != null && event.order().equals(shown)
        ? EventJson.write(event, view)
        : WireFormat.write(event);
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
    return viewChanged || !happenings.isEmpty() || !decided.isEmpty() || !cleaned.isEmpty();
  }

  List<Happening> happenings() {
    return happenings;
  }

  List<Decided> decided() {
    return decided;
  }

  List<Letter> letters() {
    return letters;
  }

  /// Facts that are to be stored again, without the customer.
  List<PaymentFact> cleaned() {
    return cleaned;
  }

  @Nullable Erasure erasure() {
    return erasure;
  }

  /// Whether the customer was erased just now.
  boolean erasureIsNews() {
    return erasureIsNews;
  }

  /// What of several orders is to be written.
  static <T> List<T> all(Collection<StoredOrder> orders, Function<StoredOrder, List<T>> what) {
    return orders.stream().map(what).flatMap(List::stream).toList();
  }
}
