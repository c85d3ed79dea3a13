package dev.quittance.fulfillment.order;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.RefundCount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What has to be told when an order's state changed: the difference between what was told and what
/// the state calls for.
///
/// @param told what was told once these are
/// @param happenings in the order in which they are told; each makes its event from the order as it
///   is right after
public record Transition(Told told, List<Function<OrderView, FulfillmentEvent>> happenings) {

  public Transition {
    happenings = List.copyOf(happenings);
  }

  /// After facts came in, or were replaced.
  public static Transition byFacts(Told told, OrderState now) {
    return new Telling(told, now, null).all();
  }

  /// After the customer was erased.
  ///
  /// @param now the state without them
  public static Transition byErasure(Told told, OrderState now) {
    var telling = new Telling(told, now, null);
    telling.tell(FulfillmentEvent.CustomerErased::new);
    return telling.all();
  }

  /// After a command was accepted.
  ///
  /// @param before the state in which it was accepted
  /// @param now the state with it
  public static Transition byCommand(
      Told told, OrderState before, OrderState now, FulfillmentCommand command) {
    var telling = new Telling(told, now, command);
    switch (command) {
      case FulfillmentCommand.Complete(var items, var tracking, _) -> {
        List<FulfilledItem> what = items.isEmpty() ? before.remaining() : items;
        boolean whole = now.fulfilled().whole(now.payment().details().lineItems());
        telling.tell(view -> new FulfillmentEvent.Completed(view, what, tracking, whole));
      }
      case FulfillmentCommand.Reverse(var message) -> {
        var reason = new Reason("by_hand", message);
        telling.tell(view -> new FulfillmentEvent.Reversed(view, reason));
      }
      case FulfillmentCommand.Hold _, FulfillmentCommand.Release _ -> {}
    }
    return telling.all();
  }

  /// The events, given the order as it is right after.
  public List<FulfillmentEvent> events(OrderView view) {
    return happenings.stream().map(happening -> happening.apply(view)).toList();
  }

  private static final class Telling {

    private final Told told;
    private final OrderState now;
    private final @Nullable FulfillmentCommand command;
    private final List<Function<OrderView, FulfillmentEvent>> happenings = new ArrayList<>();

    Telling(Told told, OrderState now, @Nullable FulfillmentCommand command) {
      this.told = told;
      this.now = now;
      this.command = command;
    }

    void tell(Function<OrderView, FulfillmentEvent> happening) {
      happenings.add(happening);
    }

    Transition all() {
      payment();
      refunds();
      disputes();
      Effect effect = effect();
      var disputes = new HashMap<String, PaymentEvent.DisputeStatus>();
      now.payment().disputes().forEach((id, dispute) -> disputes.put(id, dispute.status()));
      return new Transition(
          new Told(
              effect,
              told.requested() || effect == Effect.ACTIVE,
              now.payment().standing(),
              now.payment().refunded(),
              disputes,
              uncounted()),
          happenings);
    }

    /// All that ever were, so that one that comes and goes alarms nobody twice.
    private Set<String> uncounted() {
      var ids = new TreeSet<String>();
      if (told.uncounted() != null) {
        ids.addAll(told.uncounted());
      }
      RefundCount count = now.payment().refundCount();
      if (count != null) {
        count.uncounted().forEach(refund -> ids.add(String.valueOf(refund.refund())));
      }
      return ids;
    }

    private void payment() {
      PaymentPicture payment = now.payment();
      if (payment.standing() == told.standing()) {
        return;
      }
      switch (payment.standing()) {
        case NONE -> {}
        case PENDING -> tell(FulfillmentEvent.PaymentPending::new);
        case SUCCEEDED -> tell(FulfillmentEvent.Paid::new);
        case ATTEMPT_FAILED, FAILED, CANCELED -> {
          Reason reason = payment.failure() != null ? payment.failure() : Reason.of("unknown");
          tell(view -> new FulfillmentEvent.PaymentFailed(view, reason));
        }
      }
    }

    private void refunds() {
      Money refunded = now.payment().refunded();
      if (refunded == null || refunded.equals(told.refunded())) {
        return;
      }
      if (refunded.isPositive() || (told.refunded() != null && told.refunded().isPositive())) {
        boolean full = now.payment().fullyRefunded();
        tell(view -> new FulfillmentEvent.Refunded(view, refunded, full));
      }
    }

    private void disputes() {
      Map<String, PaymentEvent.DisputeUpdated> disputes = new TreeMap<>(now.payment().disputes());
      disputes.forEach((id, dispute) -> {
        if (tellable(dispute.status()) && dispute.status() != told.disputes().get(id)) {
          tell(view -> new FulfillmentEvent.Disputed(view, id, dispute.status()));
        }
      });
    }

    /// Inquiries hold nothing and end without consequence, so nobody is alarmed.
    private static boolean tellable(PaymentEvent.DisputeStatus status) {
      return switch (status) {
        case INQUIRY, WARNING_CLOSED -> false;
        case OPEN, WON, LOST -> true;
      };
    }

    /// Tells what leads from the last effect to the one called for, and gives the last effect then.
    private Effect effect() {
      Effect last = told.effect();
      Effect next = now.effect();
      if (last == next) {
        return last;
      }
      switch (next) {
        case NONE -> {
          // where only the items are asked for anew, nothing that was told has lost its ground
          return now.payment().lacksItemsOnly() ? last : takenBack(last);
        }
        case ACTIVE -> {
          if (told.requested()) {
            release();
          } else {
            tell(FulfillmentEvent.Requested::new);
          }
        }
        case HELD -> {
          Reason reason = heldBecause();
          tell(view -> new FulfillmentEvent.Held(view, reason));
        }
        case CANCELED -> {
          Reason reason = goneBecause();
          tell(view -> new FulfillmentEvent.Canceled(view, reason));
        }
        case DONE -> {
          if (command == null && tookBack(last)) {
            release();
          }
        }
        case REVERSAL -> {
          Reason reason = goneBecause();
          tell(view -> new FulfillmentEvent.ReversalRequested(view, reason));
        }
      }
      return next;
    }

    /// Facts only add up; the ground of an effect goes away only when a corrected translation
    /// replaces them.
    private Effect takenBack(Effect last) {
      Reason reason = Reason.of("corrected");
      if (now.fulfilled().any()) {
        if (last != Effect.REVERSAL) {
          tell(view -> new FulfillmentEvent.ReversalRequested(view, reason));
        }
        return Effect.REVERSAL;
      }
      if (last != Effect.CANCELED) {
        tell(view -> new FulfillmentEvent.Canceled(view, reason));
      }
      return Effect.CANCELED;
    }

    /// Whether whoever fulfilled was told to stop or to get it back, and has to hear the end of it.
    private static boolean tookBack(Effect last) {
      return switch (last) {
        case HELD, CANCELED, REVERSAL -> true;
        case NONE, ACTIVE, DONE -> false;
      };
    }

    private void release() {
      Reason reason = releasedBecause();
      tell(view -> new FulfillmentEvent.Released(view, reason));
    }

    private Reason releasedBecause() {
      if (command instanceof FulfillmentCommand.Release(var message)) {
        return new Reason("by_hand", message);
      }
      if (command != null) {
        return Reason.of("by_hand");
      }
      if (told.disputes().values().stream().anyMatch(Telling::threatens)) {
        return Reason.of("dispute_won");
      }
      Money before = told.refunded();
      Money after = now.payment().refunded();
      boolean cameBack =
          before != null
              && after != null
              && before.comparableWith(after)
              && before.compareTo(after) > 0;
      return Reason.of(cameBack ? "refund_failed" : "corrected");
    }

    private static boolean threatens(PaymentEvent.DisputeStatus status) {
      return switch (status) {
        case OPEN, LOST -> true;
        case INQUIRY, WON, WARNING_CLOSED -> false;
      };
    }

    private Reason heldBecause() {
      if (command instanceof FulfillmentCommand.Hold(var message)) {
        return new Reason("by_hand", message);
      }
      return Reason.of(
          OrderState.has(now.payment(), PaymentEvent.DisputeStatus.OPEN)
              ? "dispute_opened"
              : "by_hand");
    }

    private Reason goneBecause() {
      if (OrderState.has(now.payment(), PaymentEvent.DisputeStatus.LOST)) {
        return Reason.of("dispute_lost");
      }
      return Reason.of(now.payment().fullyRefunded() ? "refunded" : "corrected");
    }
  }
}
