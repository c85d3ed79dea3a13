package dev.quittance.fulfillment.order;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
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

/// What has to be announced when an order's state changed: the difference between what was
/// announced and what the state calls for.
///
/// @param announced what was announced once these are
/// @param announcements in the order in which they are published; each makes its event from the
///   order as it is right after
public record Transition(
    AnnouncedState announced, List<Function<OrderView, FulfillmentEvent>> announcements) {

  public Transition {
    announcements = List.copyOf(announcements);
  }

  /// What became of an order's claim to its reference.
  public enum Claim {
    /// Nothing new.
    UNCHANGED,
    /// Another order has it: this one is held, or held on.
    LOST,
    /// The order that had it was canceled, so this one has it now.
    TAKEN_OVER
  }

  /// After facts came in, or were replaced.
  public static Transition byFacts(AnnouncedState announced, OrderState now) {
    return byFacts(announced, now, Claim.UNCHANGED);
  }

  /// The same, where the order's claim was settled besides.
  public static Transition byFacts(AnnouncedState announced, OrderState now, Claim claim) {
    return new Difference(announced, now, null, claim).all();
  }

  /// After the customer was erased.
  ///
  /// @param now the state without them
  public static Transition byErasure(AnnouncedState announced, OrderState now) {
    var difference = new Difference(announced, now, null, Claim.UNCHANGED);
    difference.announce(FulfillmentEvent.CustomerErased::new);
    return difference.all();
  }

  /// After a command was accepted.
  ///
  /// @param before the state in which it was accepted
  /// @param now the state with it
  public static Transition byCommand(
      AnnouncedState announced, OrderState before, OrderState now, FulfillmentCommand command) {
    return byCommand(announced, before, now, command, Claim.UNCHANGED);
  }

  /// The same, where the order's claim was settled with the command.
  public static Transition byCommand(
      AnnouncedState announced,
      OrderState before,
      OrderState now,
      FulfillmentCommand command,
      Claim claim) {
    var difference = new Difference(announced, now, command, claim);
    switch (command) {
      case FulfillmentCommand.Complete(var items, var tracking, _) -> {
        List<FulfilledItem> what = items.isEmpty() ? before.remaining() : items;
        boolean whole = now.fulfilled().whole(now.payment().details().lineItems());
        difference.announce(view -> new FulfillmentEvent.Completed(view, what, tracking, whole));
      }
      case FulfillmentCommand.Reverse(var message) -> {
        var reason = new Reason("by_hand", message);
        difference.announce(view -> new FulfillmentEvent.Reversed(view, reason));
      }
      case FulfillmentCommand.Hold _, FulfillmentCommand.Release _ -> {}
    }
    return difference.all();
  }

  /// The events, given the order as it is right after.
  public List<FulfillmentEvent> events(OrderView view) {
    return announcements.stream().map(announcement -> announcement.apply(view)).toList();
  }

  private static final class Difference {

    private final AnnouncedState announced;
    private final OrderState now;
    private final @Nullable FulfillmentCommand command;
    private final Claim claim;
    private final List<Function<OrderView, FulfillmentEvent>> announcements = new ArrayList<>();

    Difference(
        AnnouncedState announced,
        OrderState now,
        @Nullable FulfillmentCommand command,
        Claim claim) {
      this.announced = announced;
      this.now = now;
      this.command = command;
      this.claim = claim;
    }

    void announce(Function<OrderView, FulfillmentEvent> announcement) {
      announcements.add(announcement);
    }

    Transition all() {
      payment();
      refunds();
      disputes();
      Effect effect = effect();
      var disputes = new HashMap<String, PaymentEvent.DisputeStatus>();
      now.payment().disputes().forEach((id, dispute) -> disputes.put(id, dispute.status()));
      return new Transition(
          new AnnouncedState(
              effect,
              announced.requested() || effect == Effect.ACTIVE,
              now.payment().standing(),
              now.payment().refunded(),
              disputes,
              uncounted()),
          announcements);
    }

    /// All that ever were, so that one that comes and goes alarms nobody twice.
    private Set<String> uncounted() {
      var ids = new TreeSet<String>();
      if (announced.uncounted() != null) {
        ids.addAll(announced.uncounted());
      }
      RefundCount count = now.payment().refundCount();
      if (count != null) {
        count.uncounted().forEach(refund -> ids.add(String.valueOf(refund.refund())));
      }
      return ids;
    }

    private void payment() {
      PaymentPicture payment = now.payment();
      if (payment.standing() == announced.standing()) {
        return;
      }
      switch (payment.standing()) {
        case NONE -> {}
        case PENDING -> announce(FulfillmentEvent.PaymentPending::new);
        case SUCCEEDED -> announce(FulfillmentEvent.Paid::new);
        case REVERSED -> {
          if (announced.standing() != PaymentPicture.Standing.SUCCEEDED) {
            announce(FulfillmentEvent.Paid::new); // whoever adds up hears of both
          }
          Reason reason = failure(payment);
          announce(view -> new FulfillmentEvent.PaymentReversed(view, reason));
        }
        case ATTEMPT_FAILED, FAILED, CANCELED -> {
          Reason reason = failure(payment);
          announce(view -> new FulfillmentEvent.PaymentFailed(view, reason));
        }
      }
    }

    private static Reason failure(PaymentPicture payment) {
      return payment.failure() != null ? payment.failure() : Reason.of("unknown");
    }

    private void refunds() {
      Money refunded = now.payment().refunded();
      if (refunded == null || refunded.equals(announced.refunded())) {
        return;
      }
      if (refunded.isPositive()
          || (announced.refunded() != null && announced.refunded().isPositive())) {
        boolean full = now.payment().fullyRefunded();
        announce(view -> new FulfillmentEvent.Refunded(view, refunded, full));
      }
    }

    private void disputes() {
      Map<String, PaymentEvent.DisputeUpdated> disputes = new TreeMap<>(now.payment().disputes());
      disputes.forEach((id, dispute) -> {
        if (isAnnounced(dispute.status()) && dispute.status() != announced.disputes().get(id)) {
          announce(view -> new FulfillmentEvent.Disputed(view, id, dispute.status()));
        }
      });
    }

    /// Inquiries hold nothing and end without consequence, so nobody is alarmed.
    private static boolean isAnnounced(PaymentEvent.DisputeStatus status) {
      return switch (status) {
        case INQUIRY, WARNING_CLOSED -> false;
        case OPEN, WON, LOST -> true;
      };
    }

    /// Announces what leads from the last effect to the one called for, and gives the last effect
    /// then.
    private Effect effect() {
      Effect last = announced.effect();
      Effect next = now.effect();
      if (last == next) {
        if (next == Effect.HELD && claim == Claim.LOST) {
          hold(); // for another reason than before, or for another order
        }
        return last;
      }
      switch (next) {
        case NONE -> {
          // where only the items are asked for anew, nothing that was announced has lost its ground
          return now.payment().lacksItemsOnly() ? last : takenBack(last);
        }
        case ACTIVE -> {
          if (announced.requested()) {
            release();
          } else {
            announce(FulfillmentEvent.Requested::new);
          }
        }
        case HELD -> hold();
        case CANCELED -> {
          Reason reason = goneBecause();
          announce(view -> new FulfillmentEvent.Canceled(view, reason));
        }
        case DONE -> {
          if (command == null && tookBack(last)) {
            release();
          }
        }
        case REVERSAL -> {
          Reason reason = goneBecause();
          announce(view -> new FulfillmentEvent.ReversalRequested(view, reason));
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
          announce(view -> new FulfillmentEvent.ReversalRequested(view, reason));
        }
        return Effect.REVERSAL;
      }
      if (last != Effect.CANCELED) {
        announce(view -> new FulfillmentEvent.Canceled(view, reason));
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

    private void hold() {
      Reason reason = heldBecause();
      OrderId first = now.heldAsDuplicate() ? now.duplicateOf() : null;
      announce(view -> new FulfillmentEvent.Held(view, reason, first));
    }

    private void release() {
      Reason reason = releasedBecause();
      announce(view -> new FulfillmentEvent.Released(view, reason));
    }

    private Reason releasedBecause() {
      if (claim == Claim.TAKEN_OVER) {
        return Reason.of("first_canceled");
      }
      if (command instanceof FulfillmentCommand.Release(var message)) {
        return new Reason("by_hand", message);
      }
      if (command != null) {
        return Reason.of("by_hand");
      }
      if (announced.standing() == PaymentPicture.Standing.REVERSED) {
        // by another attempt; or it was never true
        return Reason.of(now.payment().reversal() != null ? "paid_again" : "corrected");
      }
      if (announced.disputes().values().stream().anyMatch(Difference::threatens)) {
        return Reason.of("dispute_won");
      }
      Money before = announced.refunded();
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
      if (now.heldAsDuplicate()) {
        return Reason.of("duplicate_payment");
      }
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
      if (now.payment().reversed()) {
        return Reason.of("payment_reversed");
      }
      return Reason.of(now.payment().fullyRefunded() ? "refunded" : "corrected");
    }
  }
}
