package dev.quittance.chaos.check;

import dev.quittance.chaos.history.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What was told about orders, and how they stand.
final class Orders {

  private static final String FULFILLMENT = "dev.quittance.fulfillment.";
  private static final String ERASED = "dev.quittance.order.customer_erased.v1";
  private static final Set<String> EFFECTS =
      Set.of("requested", "released", "held", "canceled", "reversal_requested", "completed");

  private final Map<String, List<Entry.Told>> told = new HashMap<>();
  private final Map<String, Entry.State> states = new HashMap<>();
  private final Set<String> erased = new HashSet<>();
  private final Map<String, List<String>> commands = new HashMap<>();

  /// How an order stands that goes out, or went.
  private static final Set<String> OUT = Set.of("due", "fulfilled", "reversal_due");

  /// What others of the same cart wait for: it may also be stopped on its way.
  private static final Set<String> IN_THE_WAY =
      Set.of("due", "fulfilled", "reversal_due", "on_hold");

  private final List<Violation> wentBack = new ArrayList<>();

  /// Those that wait behind another payment of the same cart.
  private final Set<String> behindAnother = new HashSet<>();

  void told(Entry.Told event) {
    told.computeIfAbsent(event.order(), _ -> new ArrayList<>()).add(event);
  }

  /// Of several states on the topic the last one holds: compaction leaves no other. What was read
  /// from the database later is never older, so that none may be of a lower version than one before
  /// it.
  void state(Entry.State state) {
    Entry.State before = states.put(state.source() + " " + state.order(), state);
    if (before != null && state.version() < before.version()) {
      wentBack.add(
          new Violation(
              "last state",
              state.order(),
              "version %d came after version %d".formatted(state.version(), before.version())));
    }
  }

  void erased(Entry.Erased one) {
    erased.add(one.order());
  }

  void commanded(Entry.Commanded command) {
    if (command.taken()) {
      commands.computeIfAbsent(command.order(), _ -> new ArrayList<>()).add(command.command());
    }
  }

  long commands() {
    return commands.values().stream().mapToLong(List::size).sum();
  }

  private boolean shipped(String order) {
    return commands.getOrDefault(order, List.of()).contains("fulfillments");
  }

  private boolean held(String order) {
    List<String> of = commands.getOrDefault(order, List.of());
    return !of.isEmpty() && of.getLast().equals("hold");
  }

  /// What its provider said, and what people did about it.
  private String fulfillmentStatus(Fold fold) {
    String untouched = fold.fulfillmentStatus();
    boolean shipped = shipped(fold.order());
    if (behindAnother.contains(fold.order())) {
      return "on_hold";
    }
    return switch (untouched) {
      case "due" -> shipped ? "fulfilled" : held(fold.order()) ? "on_hold" : untouched;
      case "on_hold" -> shipped ? "fulfilled" : untouched;
      default -> shipped ? "reversal_due" : untouched;
    };
  }

  long erasures() {
    return erased.size();
  }

  long requested() {
    return told.values().stream()
        .flatMap(List::stream)
        .filter(event -> effect(event).equals("requested"))
        .map(Entry.Told::id)
        .distinct()
        .count();
  }

  long repeated() {
    return told.values().stream()
        .mapToLong(of -> of.size() - of.stream().map(Entry.Told::id).distinct().count())
        .sum();
  }

  /// @param withoutItems the orders whose items may be unknown
  List<Violation> violations(Map<String, Fold> folds, Set<String> withoutItems) {
    var found = new ArrayList<>(wentBack);
    paidTwice(folds.values(), found);
    folds.forEach((order, fold) -> {
      Entry.State published = states.get("topic " + order);
      Entry.State current = states.get("api " + order);
      stands(fold, published, withoutItems, found);
      stands(fold, current, withoutItems, found);
      if (published != null && current != null && published.version() != current.version()) {
        found.add(
            new Violation(
                "last state",
                order,
                "the topic ends with version %d, the database has %d"
                    .formatted(published.version(), current.version())));
      }
      List<Entry.Told> events = inSequence(order, found);
      requested(fold, events, found);
      lastEffect(fold, events, found);
      forgotten(order, events, found);
    });
    for (Entry.State state : states.values()) {
      if (!folds.containsKey(state.order())) {
        found.add(new Violation("nothing invented", state.order(), "an order that nobody placed"));
      }
    }
    for (String order : told.keySet()) {
      if (!folds.containsKey(order)) {
        found.add(
            new Violation("nothing invented", order, "events of an order that nobody placed"));
      }
    }
    return found;
  }

  private void stands(
      Fold fold, Entry.@Nullable State state, Set<String> withoutItems, List<Violation> found) {
    if (state == null) {
      found.add(new Violation("state", fold.order(), "the order isn't there"));
      return;
    }
    String expected = fold.paymentStatus() + ", " + fulfillmentStatus(fold);
    String actual = state.payment() + ", " + state.fulfillment();
    if (!expected.equals(actual)) {
      found.add(
          new Violation(
              "state", fold.order(), state.source() + " says " + actual + ", not " + expected));
    }
    if (fold.payable()) {
      boolean excused = withoutItems.contains(fold.order()) && state.items().equals("unknown");
      expected =
          fold.amount()
              + ", refunded "
              + fold.refunded()
              + ", items "
              + (excused ? "unknown" : "known");
      actual =
          Objects.requireNonNullElse(state.amount(), 0L)
              + ", refunded "
              + Objects.requireNonNullElse(state.refunded(), 0L)
              + ", items "
              + state.items();
      if (!expected.equals(actual)) {
        found.add(
            new Violation(
                "state", fold.order(), state.source() + " says " + actual + ", not " + expected));
      }
    }
  }

  /// The events once each, by number. A record may be in the topic again, but only the same one,
  /// and only after it came in its turn.
  private List<Entry.Told> inSequence(String order, List<Violation> found) {
    var once = new ArrayList<Entry.Told>();
    var seen = new HashSet<String>();
    for (Entry.Told event : told.getOrDefault(order, List.of())) {
      if (!seen.add(event.id() + " " + event.sequence() + " " + event.type())) {
        continue;
      }
      if (event.sequence() != once.size() + 1L) {
        found.add(
            new Violation(
                "sequence",
                order,
                event.type() + " has number " + event.sequence() + " after " + once.size()));
      }
      once.add(event);
    }
    return once;
  }

  /// Who was erased is told to be, once, and is in neither last state, whatever came later. As
  /// versions only grow, no reader meets them again.
  private void forgotten(String order, List<Entry.Told> events, List<Violation> found) {
    long times = events.stream().filter(event -> event.type().equals(ERASED)).count();
    if (times != (erased.contains(order) ? 1 : 0)) {
      found.add(new Violation("erased", order, "was told to be erased " + times + " times"));
    }
    for (String source : List.of("topic", "api")) {
      Entry.State state = states.get(source + " " + order);
      if (state != null && erased.contains(order) && state.customer()) {
        found.add(new Violation("erased", order, source + " has the customer"));
      }
    }
  }

  /// Of a cart that was paid several times one order goes out. Which it is nobody but the system
  /// can say, as it is a matter of arrival: that an order waits is taken from its state, and that
  /// it waits for another one is demanded.
  private void paidTwice(Collection<Fold> folds, List<Violation> found) {
    Map<String, List<Fold>> carts =
        folds.stream()
            .filter(fold -> fold.reference() != null)
            .collect(Collectors.groupingBy(Fold::reference));
    carts.forEach((cart, payments) -> {
      if (payments.size() < 2) {
        return;
      }
      for (Fold payment : payments) {
        Entry.State state = states.get("api " + payment.order());
        if (fulfillmentStatus(payment).equals("due")
            && state != null
            && state.fulfillment().equals("on_hold")) {
          behindAnother.add(payment.order());
        }
      }
      List<String> out = those(payments, OUT);
      List<String> waiting =
          payments.stream().map(Fold::order).filter(behindAnother::contains).toList();
      long released = out.stream().filter(this::releasedByHand).count();
      if (out.size() - released > 1) {
        found.add(new Violation("paid twice", cart, "several of its orders are out: " + out));
      }
      if (!waiting.isEmpty() && those(payments, IN_THE_WAY).isEmpty()) {
        found.add(
            new Violation("paid twice", cart, "none is out, and these wait for one: " + waiting));
      }
    });
  }

  private List<String> those(List<Fold> payments, Set<String> standing) {
    return payments.stream()
        .filter(payment -> !behindAnother.contains(payment.order()))
        .filter(payment -> standing.contains(fulfillmentStatus(payment)))
        .map(Fold::order)
        .toList();
  }

  /// Whom a person let go is let go for good.
  private boolean releasedByHand(String order) {
    return commands.getOrDefault(order, List.of()).contains("release");
  }

  /// How many orders wait at the end, as their cart was paid before.
  int waiting() {
    return behindAnother.size();
  }

  private void requested(Fold fold, List<Entry.Told> events, List<Violation> found) {
    String status = fulfillmentStatus(fold);
    long requests = count("requested", events);
    boolean right =
        switch (status) {
          case "due", "fulfilled", "reversal_due" -> requests == 1;
          case "not_due" -> requests == 0;
          default -> requests <= 1; // the money may have gone before the order was complete
        };
    long shipments = count("completed", events);
    if (!right || shipments != (shipped(fold.order()) ? 1 : 0)) {
      found.add(
          new Violation(
              "fulfilled once",
              fold.order(),
              "%s, requested %d times and completed %d times"
                  .formatted(status, requests, shipments)));
    }
  }

  private static long count(String effect, List<Entry.Told> events) {
    return events.stream().filter(event -> effect(event).equals(effect)).count();
  }

  private void lastEffect(Fold fold, List<Entry.Told> events, List<Violation> found) {
    String last =
        events.reversed().stream()
            .map(Orders::effect)
            .filter(EFFECTS::contains)
            .findFirst()
            .orElse("none");
    String status = fulfillmentStatus(fold);
    boolean right =
        switch (status) {
          case "due" -> last.equals("requested") || last.equals("released");
          case "on_hold" -> last.equals("held");
          case "canceled" -> last.equals("canceled");
          // a refund that called it back may have failed
          case "fulfilled" -> last.equals("completed") || last.equals("released");
          case "reversal_due" -> last.equals("reversal_requested");
          default -> last.equals("none");
        };
    if (!right) {
      found.add(new Violation("last effect", fold.order(), status + " and last told " + last));
    }
  }

  /// `requested` out of `dev.quittance.fulfillment.requested.v1`; empty for events of other kinds.
  private static String effect(Entry.Told event) {
    String type = event.type();
    return type.startsWith(FULFILLMENT) && type.endsWith(".v1")
        ? type.substring(FULFILLMENT.length(), type.length() - ".v1".length())
        : "";
  }
}
