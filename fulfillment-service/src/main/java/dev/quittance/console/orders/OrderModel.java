package dev.quittance.console.orders;

import dev.quittance.console.Labels;
import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.contracts.Totals;
import dev.quittance.contracts.UncountedRefund;
import dev.quittance.fulfillment.order.AcceptedCommand;
import dev.quittance.fulfillment.order.Decision;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.RefundRequest;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.ReceivedFact;
import dev.quittance.fulfillment.persistence.TimelineEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that the page of an order says, in its words.
///
/// @param path of the page, safe in an attribute
/// @param duplicateOf the order that was paid before under the same reference, if there is one
/// @param duplicates those that were paid after this one
/// @param waiting whether it is on hold for that
/// @param revealed whether the customer is shown in full
public record OrderModel(
    String id,
    String path,
    String payment,
    String paymentTone,
    String fulfillment,
    String fulfillmentTone,
    List<Link> duplicateOf,
    List<Link> duplicates,
    boolean waiting,
    List<Fact> amounts,
    List<Fact> facts,
    List<Fact> customer,
    boolean revealed,
    List<Item> items,
    String itemsNote,
    List<Latency> latencies,
    List<Delivery> deliveries,
    List<Intervention> interventions,
    List<Refund> refunds,
    List<Step> timeline,
    List<Done> audit,
    Moves moves) {

  /// A label and what there is to say.
  public record Fact(String label, String value) {}

  /// Another order.
  public record Link(String id, String path) {

    static Link to(OrderId order) {
      return new Link(order.value(), OrderPage.path(order));
    }
  }

  /// A line of the order.
  ///
  /// @param remaining how many can still be fulfilled
  public record Item(
      String id,
      String description,
      String sku,
      String quantity,
      String fulfilled,
      long remaining,
      String unit,
      String amount) {}

  /// How long one part of the way took.
  public record Latency(String from, String to, String took) {}

  /// What somebody reported as fulfilled.
  ///
  /// @param number empty where there is none, or it isn't shown
  public record Delivery(String at, String items, String carrier, String number, String by) {}

  /// A hold, a release or a return, with the words that were given to it.
  public record Intervention(String at, String what, String reason, String by) {}

  /// A refund that was asked for here.
  public record Refund(
      String at, String amount, String reason, String note, String by, String outcome, String id) {

    @Override
    public String toString() {
      return "Refund[" + id + "]";
    }
  }

  /// One thing that happened.
  public record Step(String at, String what, String detail, String tone, String source) {}

  /// One thing that somebody did.
  public record Done(
      String at, String who, String role, String what, String detail, String outcome) {}

  /// What the order would take now; whether its provider refunds is asked by itself.
  ///
  /// @param refundable the most that can be given back, as an amount to write; empty for nothing
  public record Moves(
      boolean fulfill,
      boolean hold,
      boolean release,
      boolean reverse,
      String refundable,
      String currency) {

    /// Whether money can be given back.
    public boolean refund() {
      return !refundable.isEmpty();
    }

    /// Whether there is anything to do.
    public boolean any() {
      return fulfill || hold || release || reverse || refund();
    }
  }

  /// How much can be given back: what was paid and isn't back yet. Empty where nothing can be.
  static Optional<Money> refundable(OrderView order) {
    Money received = order.received();
    if (received == null) {
      return Optional.empty();
    }
    return switch (order.paymentStatus()) {
      case PAID, PARTIALLY_REFUNDED -> {
        Money back = order.refunded();
        Money left = back == null ? received : received.minus(back);
        yield left.isPositive() ? Optional.of(left) : Optional.empty();
      }
      // the bank has the money, or nobody ever had it
      case PENDING, FAILED, CANCELED, REFUNDED, REVERSED, DISPUTED, CHARGED_BACK ->
          Optional.empty();
    };
  }

  /// What was typed in, as far as it may be seen.
  record Entered(List<AcceptedCommand> commands, List<RefundRequest> refunds) {}

  static OrderModel of(
      OrderView order,
      Optional<OrderState> state,
      List<OrderId> duplicates,
      String path,
      boolean revealed,
      Entered entered,
      List<TimelineEntry> timeline,
      List<ReceivedFact> facts,
      List<Audit.Entry> audit) {
    PaymentStatus payment = order.paymentStatus();
    FulfillmentStatus fulfillment = order.fulfillmentStatus();
    return new OrderModel(
        order.id().value(),
        path,
        Labels.payment(payment),
        Labels.tone(payment),
        Labels.fulfillment(fulfillment),
        Labels.tone(fulfillment),
        Stream.ofNullable(order.duplicateOf()).map(Link::to).toList(),
        duplicates.stream().map(Link::to).toList(),
        state.filter(OrderState::heldAsDuplicate).isPresent()
            && fulfillment == FulfillmentStatus.ON_HOLD,
        amounts(order),
        facts(order),
        customer(order.customer(), revealed),
        revealed,
        order.lineItems().stream().map(OrderModel::item).toList(),
        itemsNote(order),
        latencies(timeline, facts),
        entered.commands().stream().flatMap(taken -> delivery(order, taken).stream()).toList(),
        entered.commands().stream().flatMap(taken -> intervention(taken).stream()).toList(),
        entered.refunds().stream().map(OrderModel::refund).toList(),
        timeline.stream().map(OrderModel::step).toList(),
        audit.stream().map(OrderModel::done).toList(),
        moves(order, state));
  }

  private static List<Fact> amounts(OrderView order) {
    var amounts = new ArrayList<Fact>();
    Totals totals = order.totals();
    if (totals != null) {
      add(amounts, "Subtotal", totals.subtotal());
      add(amounts, "Discount", totals.discount());
      add(amounts, "Shipping", totals.shipping());
      add(amounts, totals.taxIncluded() ? "Tax, included" : "Tax", totals.tax());
    }
    amounts.add(new Fact("Amount", Labels.money(order.amount())));
    add(amounts, "Received", order.received());
    add(amounts, "Charged", order.charged());
    Money refunded = order.refunded();
    if (refunded != null && refunded.isPositive()) {
      add(amounts, "Refunded", refunded);
    }
    if (order.uncountedRefunds() != null) {
      order
          .uncountedRefunds()
          .forEach(refund ->
              amounts.add(new Fact("Refund in another currency, not counted", uncounted(refund))));
    }
    return amounts;
  }

  private static String uncounted(UncountedRefund refund) {
    return Labels.money(refund.amount()) + (refund.refund() == null ? "" : " · " + refund.refund());
  }

  private static void add(List<Fact> facts, String label, @Nullable Money money) {
    if (money != null) {
      facts.add(new Fact(label, Labels.money(money)));
    }
  }

  private static List<Fact> facts(OrderView order) {
    var facts = new ArrayList<Fact>();
    facts.add(new Fact("Placed", Labels.time(order.placedAt()) + " UTC"));
    facts.add(new Fact("Changed", Labels.time(order.updatedAt()) + " UTC"));
    facts.add(new Fact("Provider", order.provider() + ", account " + order.account()));
    if (order.connectedAccount() != null) {
      facts.add(new Fact("Connected account", order.connectedAccount()));
    }
    facts.add(new Fact("Mode", order.livemode() ? "live" : "test: no real money"));
    add(facts, "Reference", order.reference());
    add(facts, "Description", order.description());
    add(facts, "Checkout session", order.checkoutSession());
    PaymentMethod method = order.method();
    if (method != null) {
      add(
          facts,
          "Payment method",
          Labels.plain(method.type())
              + (method.brand() == null ? "" : ", " + method.brand())
              + (method.last4() == null ? "" : " …" + method.last4()));
    }
    order.metadata().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> add(facts, entry.getKey(), entry.getValue()));
    facts.add(new Fact("Version", Labels.number(order.version())));
    return facts;
  }

  private static void add(List<Fact> facts, String label, @Nullable String text) {
    if (text != null && !text.isBlank()) {
      facts.add(new Fact(label, text));
    }
  }

  /// Masked, only what is known is shown, and of it as little as says whether it is there.
  private static List<Fact> customer(Customer customer, boolean revealed) {
    var facts = new ArrayList<Fact>();
    String email = customer.email();
    if (email != null) {
      add(facts, "E-mail", revealed ? email : Customer.masked(email));
    }
    add(facts, "Name", shown(customer.name(), revealed));
    add(facts, "Phone", shown(customer.phone(), revealed));
    add(facts, "Address", shown(address(customer.address()), revealed));
    if (customer.shipping() != null) {
      add(facts, "Ship to", shown(customer.shipping().name(), revealed));
      add(facts, "Shipping address", shown(address(customer.shipping().address()), revealed));
      add(facts, "Shipping phone", shown(customer.shipping().phone(), revealed));
    }
    add(facts, "Shop's customer id", shown(customer.externalId(), revealed));
    add(facts, "Tax id", shown(customer.taxId(), revealed));
    return facts;
  }

  private static @Nullable String shown(@Nullable String text, boolean revealed) {
    return text == null || text.isBlank() || revealed ? text : "•••••";
  }

  private static @Nullable String address(@Nullable Address address) {
    return address == null
        ? null
        : Stream.of(
                address.line1(),
                address.line2(),
                address.postalCode(),
                address.city(),
                address.state(),
                address.country())
            .filter(Objects::nonNull)
            .filter(part -> !part.isBlank())
            .collect(Collectors.joining(", "));
  }

  private static Item item(OrderView.Line line) {
    return new Item(
        line.id(),
        line.description(),
        line.sku() == null ? "" : line.sku(),
        Labels.number(line.quantity()),
        Labels.number(line.fulfilled()),
        Math.max(0, line.quantity() - line.fulfilled()),
        Labels.money(line.unitAmount()),
        Labels.money(line.amount()));
  }

  private static Optional<Delivery> delivery(OrderView order, AcceptedCommand taken) {
    return switch (taken.command()) {
      case FulfillmentCommand.Complete(var items, var tracking, _) ->
          Optional.of(
              new Delivery(
                  Labels.time(taken.acceptedAt()),
                  items.isEmpty() ? "all that remained" : named(order, items),
                  text(tracking == null ? null : tracking.carrier()),
                  text(tracking == null ? null : tracking.number()),
                  Labels.author(taken.source())));
      case FulfillmentCommand.Hold _, FulfillmentCommand.Release _, FulfillmentCommand.Reverse _ ->
          Optional.empty();
    };
  }

  private static Optional<Intervention> intervention(AcceptedCommand taken) {
    return switch (taken.command()) {
      case FulfillmentCommand.Complete _ -> Optional.empty();
      case FulfillmentCommand.Hold(var reason) -> intervention(taken, "Put on hold", reason);
      case FulfillmentCommand.Release(var reason) -> intervention(taken, "Released", reason);
      case FulfillmentCommand.Reverse(var reason) ->
          intervention(taken, "Marked as returned", reason);
    };
  }

  private static Optional<Intervention> intervention(
      AcceptedCommand taken, String what, @Nullable String reason) {
    return Optional.of(
        new Intervention(
            Labels.time(taken.acceptedAt()),
            what,
            reason(taken).orElse(text(reason)),
            Labels.author(taken.source())));
  }

  /// Why the system did it by itself.
  private static Optional<String> reason(AcceptedCommand taken) {
    OrderId first = taken.duplicateOf();
    if (first == null) {
      return Optional.empty();
    }
    return Optional.of(
        (taken.command() instanceof FulfillmentCommand.Release
                ? "No longer paid twice with order "
                : "Paid before by order ")
            + first);
  }

  private static Refund refund(RefundRequest request) {
    return new Refund(
        Labels.time(request.at()),
        request.amount(),
        Labels.plain(request.reason()),
        text(request.note()),
        request.by(),
        Labels.plain(request.outcome()),
        text(request.refund()));
  }

  private static String text(@Nullable String text) {
    return text == null || text.isBlank() ? Labels.NOTHING : text;
  }

  /// Which items, for people.
  static String named(OrderView order, List<FulfilledItem> items) {
    return items.stream()
        .map(item ->
            item.quantity()
                + " × "
                + order.lineItems().stream()
                    .filter(line -> line.id().equals(item.id()))
                    .map(OrderView.Line::description)
                    .findFirst()
                    .orElse(item.id()))
        .collect(Collectors.joining(", "));
  }

  private static String itemsNote(OrderView order) {
    return switch (order.itemsState()) {
      case KNOWN -> order.lineItems().isEmpty() ? "The provider names no line items." : "";
      case PENDING -> "The line items are being asked for.";
      case UNKNOWN ->
          "The provider doesn't list the line items. The order can be fulfilled as a whole.";
    };
  }

  /// The way of the first payment fact, from the provider to what was published.
  private static List<Latency> latencies(List<TimelineEntry> timeline, List<ReceivedFact> facts) {
    var latencies = new ArrayList<Latency>();
    Optional<ReceivedFact> first =
        facts.stream()
            .filter(fact -> fact.type().equals("dev.quittance.payment.succeeded.v1"))
            .findFirst();
    if (first.isEmpty()) {
      return latencies;
    }
    Instant recorded = first.get().recordedAt();
    Instant received = first.get().receivedAt();
    if (received != null) {
      latencies.add(
          took("Payment at the provider", "webhook received", first.get().occurredAt(), received));
      latencies.add(took("Webhook received", "order updated", received, recorded));
    } else {
      latencies.add(
          took("Payment at the provider", "order updated", first.get().occurredAt(), recorded));
    }
    happened(timeline, "dev.quittance.fulfillment.requested.v1")
        .ifPresent(requested ->
            latencies.add(took("Order updated", "fulfillment requested", recorded, requested)));
    Optional<Instant> requested = happened(timeline, "dev.quittance.fulfillment.requested.v1");
    Optional<Instant> completed = happened(timeline, "dev.quittance.fulfillment.completed.v1");
    if (requested.isPresent() && completed.isPresent()) {
      latencies.add(took("Fulfillment requested", "fulfilled", requested.get(), completed.get()));
    }
    return latencies;
  }

  private static Optional<Instant> happened(List<TimelineEntry> timeline, String type) {
    return timeline.stream()
        .filter(entry -> entry.type().equals(type))
        .map(TimelineEntry::recordedAt)
        .min(Comparator.naturalOrder());
  }

  private static Latency took(String from, String to, Instant start, Instant end) {
    return new Latency(from, to, Labels.duration(Duration.between(start, end)));
  }

  private static Step step(TimelineEntry entry) {
    var detail = new ArrayList<String>();
    if (entry.amount() != null) {
      detail.add(Labels.money(entry.amount()));
    }
    if (entry.status() != null) {
      detail.add(Labels.plain(entry.status()));
    }
    if (entry.refund() != null) {
      detail.add(entry.refund());
    }
    if (entry.uncounted() != null) {
      detail.add(
          entry.uncounted().equals("release")
              ? "release of what was never captured, no refund"
              : "in another currency, not counted");
    }
    if (entry.dispute() != null) {
      detail.add(entry.dispute());
    }
    if (entry.reason() != null) {
      detail.add(Labels.plain(entry.reason().code()));
    }
    if (entry.detail() != null) {
      outcome(entry).ifPresent(detail::add);
    }
    return new Step(
        Labels.time(entry.occurredAt()),
        Labels.event(entry.type()),
        String.join(", ", detail),
        tone(entry.type()),
        entry.sourceType() == null
            ? "Published (event " + entry.sequence() + ")"
            : entry.sourceType() + (entry.origin() == null ? "" : ", " + entry.origin()));
  }

  private static Optional<String> outcome(TimelineEntry entry) {
    var detail = Objects.requireNonNull(entry.detail());
    String reason = detail.path("reason").path("code").asText("");
    if (reason.equals("by_hand")) {
      String words = detail.path("reason").path("message").asText("");
      return Optional.of("By an agent" + (words.isEmpty() ? "" : ": " + words));
    }
    String first = detail.path("duplicateOf").asText("");
    if (!first.isEmpty()) {
      return Optional.of("Paid before by order " + first);
    }
    if (!reason.isEmpty()) {
      return Optional.of(Labels.plain(reason));
    }
    if (detail.has("whole")) {
      return Optional.of(detail.path("whole").asBoolean() ? "all of it" : "a part");
    }
    return Optional.empty();
  }

  private static String tone(String type) {
    return switch (type) {
      case "dev.quittance.payment.succeeded.v1",
          "dev.quittance.fulfillment.completed.v1",
          "dev.quittance.order.paid.v1" ->
          "good";
      case "dev.quittance.payment.failed.v1",
          "dev.quittance.payment.attempt_failed.v1",
          "dev.quittance.payment.dispute_updated.v1",
          "dev.quittance.fulfillment.rejected.v1",
          "dev.quittance.fulfillment.held.v1",
          "dev.quittance.fulfillment.reversal_requested.v1" ->
          "bad";
      default -> "";
    };
  }

  private static Done done(Audit.Entry entry) {
    return new Done(
        Labels.time(entry.at()),
        entry.who().name(),
        entry.who().role() + (entry.who().door().equals(Audit.Person.API) ? ", by REST" : ""),
        Labels.action(entry.action()),
        entry.detail(),
        Labels.plain(entry.outcome()));
  }

  private static Moves moves(OrderView order, Optional<OrderState> state) {
    Optional<Money> refundable = refundable(order);
    return new Moves(
        takes(state, new FulfillmentCommand.Complete(List.of(), null, null)),
        takes(state, new FulfillmentCommand.Hold(null)),
        takes(state, new FulfillmentCommand.Release(null)),
        takes(state, new FulfillmentCommand.Reverse(null)),
        refundable.map(money -> money.major().toPlainString()).orElse(""),
        refundable.map(money -> money.currency().getCurrencyCode()).orElse(""));
  }

  /// Only what the order would take is offered.
  private static boolean takes(Optional<OrderState> state, FulfillmentCommand command) {
    return state.filter(now -> now.decide(command) instanceof Decision.Accepted).isPresent();
  }
}
