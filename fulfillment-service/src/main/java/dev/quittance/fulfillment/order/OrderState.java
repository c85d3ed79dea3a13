package dev.quittance.fulfillment.order;

import static dev.quittance.contracts.PaymentEvent.DisputeStatus.LOST;
import static dev.quittance.contracts.PaymentEvent.DisputeStatus.OPEN;

import dev.quittance.contracts.About;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.PaymentStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An order's state: a pure function of the set of payment facts and the list of accepted commands.
///
/// @param payment what the facts say
/// @param fulfilled what is out, net of what came back
/// @param heldByHand whether somebody put it on hold and nobody released it; the system counts
/// @param reference what a single payment may go out for; absent where its reference is any text
/// @param duplicateOf the order that was found to be paid before under the same reference
/// @param heldAsDuplicate whether it is on hold for that. An order that somebody released from it
///   may go out, whatever else was paid
/// @param paymentStatus by rule 3 of the fold
/// @param fulfillmentStatus how the fulfillment stands
/// @param effect what this state calls for, by rule 6
public record OrderState(
    PaymentPicture payment,
    Fulfilled fulfilled,
    boolean heldByHand,
    @Nullable ReferenceKey reference,
    @Nullable OrderId duplicateOf,
    boolean heldAsDuplicate,
    PaymentStatus paymentStatus,
    FulfillmentStatus fulfillmentStatus,
    Effect effect) {

  /// Folds an order.
  ///
  /// @param facts in any order, repetitions allowed; at least one
  /// @param commands in the order of their numbers
  public static OrderState of(Collection<PaymentFact> facts, List<AcceptedCommand> commands) {
    PaymentPicture payment = PaymentPicture.of(facts);
    Fulfilled fulfilled = Fulfilled.NOTHING;
    boolean held = false;
    boolean heldAsDuplicate = false;
    OrderId duplicateOf = null;
    for (AcceptedCommand accepted : commands) {
      switch (accepted.command()) {
        case FulfillmentCommand.Complete(var items, _, _) -> fulfilled = fulfilled.plus(items);
        case FulfillmentCommand.Hold _ -> {
          held = true;
          if (accepted.duplicateOf() != null) {
            heldAsDuplicate = true;
            duplicateOf = accepted.duplicateOf();
          }
        }
        case FulfillmentCommand.Release _ -> {
          held = false;
          heldAsDuplicate = false;
          if (accepted.duplicateOf() != null) {
            duplicateOf = null;
          }
        }
        case FulfillmentCommand.Reverse _ -> fulfilled = fulfilled.back();
      }
    }
    FulfillmentStatus status = fulfillmentStatus(payment, fulfilled, held);
    // Completeness only ever grows with the facts: so nothing announced has to be taken back
    // because a
    // fact came late. (Only a translation that asks for the items anew opens them again, and that
    // takes nothing back either: see Transition.)
    Effect effect = payment.complete() ? effectCalledForBy(status) : Effect.NONE;
    return new OrderState(
        payment,
        fulfilled,
        held,
        reference(payment, facts),
        duplicateOf,
        heldAsDuplicate,
        paymentStatus(payment),
        status,
        effect);
  }

  /// One fact that says so is enough: several endpoints may tell of one payment.
  private static @Nullable ReferenceKey reference(
      PaymentPicture payment, Collection<PaymentFact> facts) {
    String reference = payment.details().reference();
    boolean namesAnOrder =
        facts.stream()
            .anyMatch(fact -> fact.event().about().references() == About.References.ORDER);
    if (!namesAnOrder || reference == null || reference.isBlank()) {
      return null;
    }
    About about = payment.about();
    return new ReferenceKey(about.account(), about.livemode(), about.connectedAccount(), reference);
  }

  /// Whether somebody let it go out though it was paid twice.
  public boolean releasedAsDuplicate() {
    return duplicateOf != null && !heldAsDuplicate;
  }

  /// Rule 3: what is worst for the shop outweighs the rest.
  private static PaymentStatus paymentStatus(PaymentPicture payment) {
    if (has(payment, LOST)) {
      return PaymentStatus.CHARGED_BACK;
    }
    if (has(payment, OPEN)) {
      return PaymentStatus.DISPUTED;
    }
    if (payment.reversed()) {
      return PaymentStatus.REVERSED;
    }
    if (payment.fullyRefunded()) {
      return PaymentStatus.REFUNDED;
    }
    Money refunded = payment.refunded();
    if (refunded != null && refunded.isPositive()) {
      return PaymentStatus.PARTIALLY_REFUNDED;
    }
    return switch (payment.standing()) {
      case SUCCEEDED -> PaymentStatus.PAID;
      case REVERSED -> PaymentStatus.REVERSED;
      case CANCELED -> PaymentStatus.CANCELED;
      case FAILED, ATTEMPT_FAILED -> PaymentStatus.FAILED;
      case PENDING, NONE -> PaymentStatus.PENDING;
    };
  }

  private static FulfillmentStatus fulfillmentStatus(
      PaymentPicture payment, Fulfilled fulfilled, boolean heldByHand) {
    if (!payment.everFunded() || !payment.carried()) {
      // Only a corrected translation can take money away again that goods were sent for.
      return fulfilled.any() ? FulfillmentStatus.REVERSAL_DUE : FulfillmentStatus.NOT_DUE;
    }
    if (payment.reversed() || payment.fullyRefunded() || has(payment, LOST)) {
      if (fulfilled.any()) {
        return FulfillmentStatus.REVERSAL_DUE;
      }
      return fulfilled.reversed() ? FulfillmentStatus.REVERSED : FulfillmentStatus.CANCELED;
    }
    if (fulfilled.whole(payment.details().lineItems())) {
      return FulfillmentStatus.FULFILLED;
    }
    if (!payment.complete()) {
      return FulfillmentStatus.NOT_DUE;
    }
    if (heldByHand || has(payment, OPEN)) {
      return FulfillmentStatus.ON_HOLD;
    }
    return fulfilled.any() ? FulfillmentStatus.PARTIALLY_FULFILLED : FulfillmentStatus.DUE;
  }

  private static Effect effectCalledForBy(FulfillmentStatus status) {
    return switch (status) {
      case NOT_DUE -> Effect.NONE;
      case DUE, PARTIALLY_FULFILLED -> Effect.ACTIVE;
      case ON_HOLD -> Effect.HELD;
      case CANCELED -> Effect.CANCELED;
      case FULFILLED, REVERSED -> Effect.DONE;
      case REVERSAL_DUE -> Effect.REVERSAL;
    };
  }

  /// Whether the order takes a command now.
  public Decision decide(FulfillmentCommand command) {
    return switch (command) {
      case FulfillmentCommand.Complete(var items, _, _) -> decideComplete(items);
      case FulfillmentCommand.Hold _ -> decideHold();
      case FulfillmentCommand.Release _ ->
          heldByHand ? new Decision.Accepted() : new Decision.Refused(Refusal.NOT_HELD);
      case FulfillmentCommand.Reverse _ ->
          switch (fulfillmentStatus) {
            case REVERSAL_DUE -> new Decision.Accepted();
            case REVERSED -> new Decision.Refused(Refusal.ALREADY_REVERSED);
            case NOT_DUE, DUE, ON_HOLD, PARTIALLY_FULFILLED, FULFILLED, CANCELED ->
                new Decision.Refused(Refusal.REVERSAL_NOT_DUE);
          };
    };
  }

  private Decision decideComplete(List<FulfilledItem> items) {
    return switch (fulfillmentStatus) {
      case DUE, PARTIALLY_FULFILLED -> decideItems(items);
      case NOT_DUE -> new Decision.Refused(Refusal.NOT_DUE);
      case ON_HOLD -> new Decision.Refused(Refusal.ON_HOLD);
      case FULFILLED -> new Decision.Refused(Refusal.ALREADY_FULFILLED);
      case CANCELED -> new Decision.Refused(Refusal.CANCELED);
      case REVERSAL_DUE -> new Decision.Refused(Refusal.REVERSAL_DUE);
      case REVERSED -> new Decision.Refused(Refusal.ALREADY_REVERSED);
    };
  }

  private Decision decideItems(List<FulfilledItem> items) {
    Map<String, Long> remaining = fulfilled.remaining(lines());
    var asked = new HashMap<String, Long>();
    for (FulfilledItem item : items) {
      if (lines().stream().noneMatch(line -> line.id().equals(item.id()))) {
        return new Decision.Refused(Refusal.UNKNOWN_LINE);
      }
      long before = asked.getOrDefault(item.id(), 0L);
      if (item.quantity() > remaining.getOrDefault(item.id(), 0L) - before) {
        return new Decision.Refused(Refusal.MORE_THAN_REMAINS);
      }
      asked.put(item.id(), before + item.quantity());
    }
    return new Decision.Accepted();
  }

  /// A hold may come early, before anything is due; it is pointless once nothing can be stopped.
  private Decision decideHold() {
    if (heldByHand) {
      return new Decision.Refused(Refusal.ALREADY_HELD);
    }
    return switch (fulfillmentStatus) {
      case NOT_DUE, DUE, PARTIALLY_FULFILLED, ON_HOLD -> new Decision.Accepted();
      case FULFILLED -> new Decision.Refused(Refusal.ALREADY_FULFILLED);
      case CANCELED -> new Decision.Refused(Refusal.CANCELED);
      case REVERSAL_DUE -> new Decision.Refused(Refusal.REVERSAL_DUE);
      case REVERSED -> new Decision.Refused(Refusal.ALREADY_REVERSED);
    };
  }

  /// What remains to be fulfilled, line by line; empty when the lines are unknown.
  public List<FulfilledItem> remaining() {
    var items = new ArrayList<FulfilledItem>();
    fulfilled
        .remaining(lines())
        .forEach((id, quantity) -> items.add(new FulfilledItem(id, quantity)));
    return items;
  }

  /// Whether a dispute stands like this.
  static boolean has(PaymentPicture payment, PaymentEvent.DisputeStatus status) {
    return payment.disputes().values().stream().anyMatch(dispute -> dispute.status() == status);
  }

  private List<LineItem> lines() {
    return payment.details().lineItems();
  }

  /// The order as others see it.
  ///
  /// @param version see [OrderView#version()]
  /// @param updatedAt see [OrderView#updatedAt()]
  public OrderView view(long version, Instant updatedAt) {
    var about = payment.about();
    var details = payment.details();
    List<Long> perLine = fulfilled.perLine(lines());
    var shown = new ArrayList<OrderView.Line>(perLine.size());
    for (int i = 0; i < perLine.size(); i++) {
      shown.add(OrderView.Line.of(lines().get(i), perLine.get(i)));
    }
    return new OrderView(
        about.order(),
        about.provider(),
        about.account(),
        about.connectedAccount(),
        details.checkoutSession(),
        paymentStatus,
        fulfillmentStatus,
        duplicateOf,
        details.amount(),
        details.charged(),
        payment.funded() ? payment.paid() : null,
        payment.refunded(),
        payment.refundCount() == null ? null : payment.refundCount().uncounted(),
        details.itemsState(),
        details.customer(),
        shown,
        details.totals(),
        details.reference(),
        details.description(),
        details.locale(),
        details.method(),
        details.metadata(),
        about.livemode(),
        payment.since(),
        updatedAt,
        version);
  }

  /// Without details, which hold personal data.
  @Override
  public String toString() {
    return "OrderState[" + paymentStatus + ", " + fulfillmentStatus + "]";
  }
}
