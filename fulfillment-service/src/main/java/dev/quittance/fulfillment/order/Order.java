package dev.quittance.fulfillment.order;

import static java.util.Objects.requireNonNull;

import dev.quittance.contracts.About;
import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.PersonalDataErasure;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An order whose row is locked: what is known of it, and what a transaction adds.
public final class Order {

  /// The author of commands that nobody gave.
  public static final String SYSTEM = "/quittance/system";

  /// An event to be published.
  ///
  /// @param by who erased the customer, where that is what happened
  public record Event(
      OrderId order, long sequence, FulfillmentEvent content, Instant at, @Nullable String by) {

    public EventId id() {
      return new EventId(order + "#" + sequence);
    }
  }

  /// Something that only whoever writes to the customer may know.
  ///
  /// @param sequence of the event that it goes with
  public record Notice(long sequence, CustomerNotice content, Instant at) {

    public EventId id() {
      return new EventId(content.order() + "!" + sequence);
    }
  }

  /// A command and what was decided about it. Without the code that it delivered: that leaves in a
  /// notice and is kept nowhere.
  ///
  /// @param number its place among the accepted ones; absent for a refused one
  /// @param duplicateOf see [AcceptedCommand#duplicateOf()]
  public record DecidedCommand(
      OrderId order,
      EventId id,
      String source,
      FulfillmentCommand command,
      Instant at,
      @Nullable Long number,
      @Nullable Refusal refusal,
      @Nullable OrderId duplicateOf) {

    public DecidedCommand {
      command =
          command instanceof FulfillmentCommand.Complete(var items, var tracking, _)
              ? new FulfillmentCommand.Complete(items, tracking, null)
              : command;
    }
  }

  private final OrderId id;
  private final boolean stored;
  private long version;
  private long sequence;
  private AnnouncedState announced;
  private Instant updatedAt;
  private byte @Nullable [] json;
  private @Nullable OrderView view;
  private @Nullable OrderState state;
  private boolean viewChanged;
  private int newlyUncounted;
  private @Nullable String traceparent;
  private @Nullable Instant receivedAt;
  private @Nullable Erasure erasure;
  private boolean newlyErased;
  private @Nullable OrderId first;
  private boolean claimAnswered;
  private boolean newlyDuplicate;
  private @Nullable AcceptedCommand taken;

  private final List<PaymentFact> facts = new ArrayList<>();
  private final List<AcceptedCommand> commands = new ArrayList<>();
  private final Set<EventId> commandIds = new HashSet<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private final List<DecidedCommand> decided = new ArrayList<>();
  private final List<PaymentFact> erasedFacts = new ArrayList<>();

  /// An order as it is stored; its facts and commands are added to it.
  ///
  /// @param json the order as others see it
  public Order(
      OrderId id,
      long version,
      long sequence,
      AnnouncedState announced,
      byte @Nullable [] json,
      @Nullable Instant updatedAt,
      @Nullable Erasure erasure) {
    this(id, true, version, sequence, announced, json, updatedAt, erasure);
  }

  private Order(
      OrderId id,
      boolean stored,
      long version,
      long sequence,
      AnnouncedState announced,
      byte @Nullable [] json,
      @Nullable Instant updatedAt,
      @Nullable Erasure erasure) {
    this.id = id;
    this.stored = stored;
    this.version = version;
    this.sequence = sequence;
    this.announced = announced;
    this.json = json;
    this.updatedAt = updatedAt == null ? Instant.EPOCH : updatedAt;
    this.erasure = erasure;
  }

  /// An order that nothing is stored of.
  public static Order unknown(OrderId id) {
    return new Order(id, false, 0, 0, AnnouncedState.NOTHING, null, null, null);
  }

  /// Adds a fact. Of an order whose customer was erased it is taken, and stored from now on,
  /// without them: facts come late, come again, and come corrected.
  ///
  /// @param data as it is stored
  public void addFact(PaymentFact fact, byte[] data) {
    state = null;
    if (erasure == null) {
      facts.add(fact);
      return;
    }
    PaymentFact left = PersonalDataErasure.in(fact);
    facts.add(left);
    if (!Arrays.equals(WireFormat.write(left.event()), data)) {
      erasedFacts.add(left);
    }
  }

  /// Adds a command that it took.
  public void addCommand(AcceptedCommand command) {
    state = null;
    commands.add(command);
    commandIds.add(command.id());
  }

  /// Adds a command that it refused.
  public void addRefused(EventId command) {
    commandIds.add(command);
  }

  /// Says what the changes follow from: of which trace they are, and since when the edge has it.
  public void causedBy(@Nullable String trace, @Nullable Instant received) {
    if (trace != null) {
      traceparent = trace;
    }
    if (received != null && (receivedAt == null || received.isBefore(receivedAt))) {
      receivedAt = received;
    }
  }

  /// Takes over that the customer was erased: facts of theirs moved here from that order.
  public void followErasure(Order origin) {
    if (erasure == null && origin.erasure != null) {
      withoutCustomer(origin.erasure);
    }
  }

  /// Erases the customer, for good.
  public void erase(Erasure by) {
    withoutCustomer(by);
    refold(by.at());
  }

  private void withoutCustomer(Erasure by) {
    erasure = by;
    newlyErased = true;
    state = null;
    facts.replaceAll(fact -> {
      PaymentFact erased = PersonalDataErasure.in(fact);
      if (!erased.equals(fact)) {
        erasedFacts.add(erased);
      }
      return erased;
    });
  }

  /// What the order has to claim before it is folded, or released: where a single payment may go
  /// out for its reference, and it would be this one's turn. An order that is out goes on, and one
  /// that somebody let go though it was paid twice needs no claim.
  ///
  /// @param releasing whether it is about to be asked to end its hold
  public @Nullable ReferenceKey toBeClaimed(boolean releasing) {
    OrderState now = state();
    if (now.reference() == null || now.releasedAsDuplicate()) {
      return null;
    }
    boolean goesOut;
    if (now.heldAsDuplicate()) {
      goesOut = !releasing && released(now).effect() == Effect.ACTIVE;
    } else {
      OrderState then = releasing && now.heldByHand() ? released(now) : now;
      goesOut = then.effect() == Effect.ACTIVE && announced.effect() != Effect.ACTIVE;
    }
    return goesOut ? now.reference() : null;
  }

  private OrderState released(OrderState held) {
    var with = new ArrayList<>(commands);
    with.add(bySystem(new FulfillmentCommand.Release(null), held.duplicateOf(), Instant.EPOCH));
    return OrderState.of(factsOrWhatIsLeft(), with);
  }

  /// Says who has the claim that this order asked for.
  ///
  /// @param other the order that has it; absent where this one has it
  public void claimed(@Nullable OrderId other) {
    claimAnswered = true;
    first = other;
  }

  /// Folds again after facts came in or went.
  public void refold(Instant now) {
    Transition.Claim claim = settleClaim(now);
    if (newlyErased) {
      announceErasure(now);
    } else {
      OrderState folded = state();
      apply(Transition.byFacts(announced, folded, claim), folded, now);
    }
  }

  /// Which of two payments came first is no fact of either: whoever lost is held by a command, and
  /// released by one, so that folding again gives the same for ever.
  private Transition.Claim settleClaim(Instant now) {
    OrderState folded = state();
    OrderId before = folded.heldAsDuplicate() ? folded.duplicateOf() : null;
    if (first != null) {
      if (!first.equals(before)) {
        command(new FulfillmentCommand.Hold(null), first, now);
        newlyDuplicate = true;
        return Transition.Claim.LOST;
      }
    } else if (before != null && (claimAnswered || folded.reference() == null)) {
      command(new FulfillmentCommand.Release(null), before, now);
      return claimAnswered ? Transition.Claim.TAKEN_OVER : Transition.Claim.UNCHANGED;
    }
    return Transition.Claim.UNCHANGED;
  }

  /// A command of the system itself.
  private void command(FulfillmentCommand content, OrderId duplicateOf, Instant now) {
    AcceptedCommand accepted = bySystem(content, duplicateOf, now);
    addCommand(accepted);
    decided.add(
        new DecidedCommand(
            id, accepted.id(), SYSTEM, content, now, accepted.number(), null, duplicateOf));
  }

  private AcceptedCommand bySystem(
      FulfillmentCommand content, @Nullable OrderId duplicateOf, Instant now) {
    return new AcceptedCommand(
        commands.size() + 1L,
        new EventId("system:" + UUID.randomUUID()),
        SYSTEM,
        now,
        content,
        duplicateOf);
  }

  private void announceErasure(Instant now) {
    OrderState folded = state();
    apply(Transition.byErasure(announced, folded), folded, now);
    notices.add(new Notice(sequence, new CustomerNotice.CustomerErased(id, now), now));
  }

  /// Whether a command was decided before.
  public boolean knows(EventId command) {
    return commandIds.contains(command);
  }

  /// Takes a command, or refuses it and changes nothing.
  public Decision take(EventId command, String source, FulfillmentCommand content, Instant now) {
    OrderState before = state();
    Decision decision = before.decide(content);
    switch (decision) {
      case Decision.Accepted() -> {
        long number = commands.size() + 1L;
        taken = new AcceptedCommand(number, command, source, now, content);
        addCommand(taken);
        decided.add(new DecidedCommand(id, command, source, content, now, number, null, null));
        Transition.Claim claim =
            content instanceof FulfillmentCommand.Release && !before.heldAsDuplicate()
                ? settleClaim(now)
                : Transition.Claim.UNCHANGED;
        OrderState after = state();
        apply(Transition.byCommand(announced, before, after, content, claim), after, now);
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
      notices.add(
          new Notice(
              sequence, new CustomerNotice.CodeDelivered(id, command, what, code, now), now));
    }
  }

  /// Remembers a refusal and announces it.
  public void reject(
      EventId command, String source, FulfillmentCommand content, Refusal refusal, Instant now) {
    addRefused(command);
    decided.add(new DecidedCommand(id, command, source, content, now, null, refusal, null));
    OrderView order = state().view(version, updatedAt);
    announce(new FulfillmentEvent.Rejected(order, command, content.type(), refusal.reason()), now);
  }

  /// Folded once for all who ask, until facts or commands are added.
  private OrderState state() {
    OrderState folded = state;
    if (folded == null) {
      folded = OrderState.of(factsOrWhatIsLeft(), commands);
      state = folded;
    }
    return folded;
  }

  private List<PaymentFact> factsOrWhatIsLeft() {
    return facts.isEmpty() ? List.of(superseded()) : facts;
  }

  /// Corrected translations may move every fact of an order to another one, or withdraw it. What
  /// stays is an order without payment, canceled as corrected, not a hole.
  private PaymentFact superseded() {
    if (json == null) {
      throw new IllegalStateException("an order without facts was never shown");
    }
    OrderView last = WireFormat.read(json, OrderView.class);
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
            last.connectedAccount(),
            null);
    var details = PaymentDetails.of(PaymentDetails.Origin.CHARGE, false, last.amount());
    return new PaymentFact(
        new EventId("superseded"),
        0,
        new PaymentEvent.Canceled(about, details, Reason.of("corrected")));
  }

  private void apply(Transition transition, OrderState folded, Instant now) {
    newlyUncounted += transition.announced().uncountedBeyond(announced);
    announced = transition.announced();
    if (!transition.announcements().isEmpty() || !isShownAs(folded)) {
      version++;
      updatedAt = now;
      view = folded.view(version, now);
      json = WireFormat.write(view);
      viewChanged = true;
    }
    if (view != null) {
      transition.events(view).forEach(event -> announce(event, now));
    }
  }

  /// Whether others see the order so already.
  private boolean isShownAs(OrderState folded) {
    return json != null && Arrays.equals(WireFormat.write(folded.view(version, updatedAt)), json);
  }

  private void announce(FulfillmentEvent event, Instant now) {
    sequence++;
    String by =
        erasure != null && event instanceof FulfillmentEvent.CustomerErased ? erasure.by() : null;
    events.add(new Event(id, sequence, event, now, by));
  }

  public OrderId id() {
    return id;
  }

  /// Whether it has a row.
  public boolean stored() {
    return stored;
  }

  public long version() {
    return version;
  }

  /// Of the last event.
  public long sequence() {
    return sequence;
  }

  public AnnouncedState announced() {
    return announced;
  }

  /// The order as others see it.
  public OrderView view() {
    if (view == null) {
      view = state().view(version, updatedAt);
    }
    return view;
  }

  /// The same as JSON, as it is written down.
  public byte @Nullable [] json() {
    return json;
  }

  /// Whether others are to see it otherwise than before.
  public boolean viewChanged() {
    return viewChanged;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  public @Nullable Erasure erasure() {
    return erasure;
  }

  /// Whether the customer was erased just now.
  public boolean newlyErased() {
    return newlyErased;
  }

  /// The command that somebody gave last, and that was taken just now.
  public AcceptedCommand lastCommand() {
    return requireNonNull(taken);
  }

  /// The order that was found just now to be paid before under the same reference.
  public @Nullable OrderId newlyDuplicateOf() {
    return newlyDuplicate ? state().duplicateOf() : null;
  }

  /// When its first fact happened, by the provider's clock.
  public Instant placedAt() {
    return state().payment().since();
  }

  /// The ids of the order's refunds and disputes.
  public List<String> providerIds() {
    PaymentPicture payment = state().payment();
    return Stream.concat(payment.refunds().keySet().stream(), payment.disputes().keySet().stream())
        .toList();
  }

  /// How many more refunds turned out to be in a foreign currency.
  public int newlyUncounted() {
    return newlyUncounted;
  }

  public @Nullable String traceparent() {
    return traceparent;
  }

  /// When the edge had the first webhook of what is changing now.
  public @Nullable Instant receivedAt() {
    return receivedAt;
  }

  /// Whether there is anything to write.
  public boolean changed() {
    return viewChanged || !events.isEmpty() || !decided.isEmpty() || !erasedFacts.isEmpty();
  }

  public List<Event> events() {
    return events;
  }

  public List<Notice> notices() {
    return notices;
  }

  public List<DecidedCommand> decided() {
    return decided;
  }

  /// Facts that are to be stored again, without the customer.
  public List<PaymentFact> erasedFacts() {
    return erasedFacts;
  }
}
