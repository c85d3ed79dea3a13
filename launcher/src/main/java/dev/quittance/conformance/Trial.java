package dev.quittance.conformance;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.FulfillmentCommandType;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.UnreadableEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One case with its order: takes what the subscriber commands as fulfillment-service would, and
/// judges it.
final class Trial {

  private final Case played;
  private final Publisher order;
  private final Set<EventId> commands = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Long> completed = new HashMap<>();
  private boolean whole;
  private @Nullable EventId crossed;

  Trial(Case played, String run, Instant now) {
    this.played = played;
    this.order = new Publisher(OrderId.of("conform", run + "-" + played.title()), now);
  }

  Case played() {
    return played;
  }

  Publisher order() {
    return order;
  }

  void first() {
    played.first(order);
  }

  /// Answers what was commanded in the first act, and goes on.
  void second() {
    if (whole) {
      order.tell(
          FulfillmentStatus.FULFILLED,
          view -> new FulfillmentEvent.Completed(view, List.of(), null, true));
    }
    EventId rejected = crossed;
    if (rejected != null) {
      order.tell(
          order.status(),
          view ->
              new FulfillmentEvent.Rejected(
                  view,
                  rejected,
                  FulfillmentCommandType.COMPLETE.typeName(),
                  Reason.of(
                      order.status() == FulfillmentStatus.CANCELED ? "canceled" : "on_hold")));
    }
    played.second(order);
  }

  /// Everything once more, for ever the same.
  void third() {
    order.repeatAll();
  }

  /// Takes a command for this order.
  void take(CloudEvent event) {
    if (!commands.add(event.id())) {
      return; // a repetition under the same id is what repetitions should be
    }
    try {
      Optional<FulfillmentCommandType> type = FulfillmentCommandType.named(event.type());
      if (type.isPresent()
          && event.data(type.get().shape()) instanceof FulfillmentCommand.Complete complete) {
        complete(event.id(), complete);
      } else {
        fault("sent " + event.type());
      }
    } catch (UnreadableEvent e) {
      fault("sent a command that can't be read: " + e.getMessage());
    }
  }

  void fault(String what) {
    faults.add(what);
  }

  private void complete(EventId id, FulfillmentCommand.Complete command) {
    switch (order.status()) {
      case DUE, PARTIALLY_FULFILLED, FULFILLED -> add(command.items());
      case ON_HOLD, CANCELED -> stopped(id);
      case NOT_DUE, REVERSAL_DUE, REVERSED ->
          fault("completed it while it was " + words(order.status()));
    }
  }

  private void add(List<FulfilledItem> items) {
    if (whole) {
      fault("completed it once more, under another id");
      return;
    }
    Map<String, Long> ordered = order.ordered();
    for (FulfilledItem item : items) {
      long sum = completed.merge(item.id(), item.quantity(), Long::sum);
      if (sum > ordered.getOrDefault(item.id(), 0L)) {
        fault("completed more than was ordered, or a line that wasn't");
        return;
      }
    }
    whole = items.isEmpty() || completed.equals(ordered);
  }

  /// It may have left before the stop was read, where there was anything to leave.
  private void stopped(EventId id) {
    boolean excusable =
        switch (played.due()) {
          case ONCE_THOUGH_CROSSED, ONCE_AT_MOST -> crossed == null;
          case ONCE, NEVER -> false;
        };
    if (excusable) {
      crossed = id;
    } else {
      fault("completed it while it was " + words(order.status()));
    }
  }

  private static String words(FulfillmentStatus status) {
    return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// Whether all that is due by now has come.
  boolean answered() {
    return whole || order.status() != FulfillmentStatus.DUE;
  }

  /// What went wrong, in sentences; empty when nothing did.
  List<String> verdict() {
    var all = new ArrayList<>(faults);
    if (!answered()) {
      all.addFirst("wasn't completed");
    }
    return all;
  }
}
