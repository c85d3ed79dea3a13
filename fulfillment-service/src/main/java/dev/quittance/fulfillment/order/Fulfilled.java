package dev.quittance.fulfillment.order;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.LineItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What of an order was fulfilled, net of what came back.
///
/// @param quantities by line, what was fulfilled line by line
/// @param all whether all that remained was fulfilled at once, whatever the lines are
/// @param reversed whether something had been fulfilled and all of it came back
public record Fulfilled(Map<String, Long> quantities, boolean all, boolean reversed) {

  /// Nothing was fulfilled so far.
  static final Fulfilled NOTHING = new Fulfilled(Map.of(), false, false);

  public Fulfilled {
    quantities = Map.copyOf(quantities);
  }

  /// Whether anything is out.
  public boolean any() {
    return all || !quantities.isEmpty();
  }

  /// Whether nothing of these lines remains. Without lines only an "all that remains" is whole.
  boolean whole(List<LineItem> lines) {
    return all || (!lines.isEmpty() && remaining(lines).isEmpty());
  }

  /// What remains, by line. Lines that share an id count as one.
  Map<String, Long> remaining(List<LineItem> lines) {
    var remaining = new LinkedHashMap<String, Long>();
    if (all) {
      return remaining;
    }
    lines.forEach(line -> remaining.merge(line.id(), line.quantity(), Math::addExact));
    quantities.forEach((id, quantity) -> remaining.merge(id, -quantity, Math::addExact));
    remaining.values().removeIf(quantity -> quantity <= 0);
    return remaining;
  }

  /// How much of each line was fulfilled, in the lines' order.
  List<Long> perLine(List<LineItem> lines) {
    var left = new LinkedHashMap<>(quantities);
    var fulfilled = new ArrayList<Long>(lines.size());
    for (LineItem line : lines) {
      long share =
          all ? line.quantity() : Math.min(line.quantity(), left.getOrDefault(line.id(), 0L));
      left.merge(line.id(), -share, Math::addExact);
      fulfilled.add(share);
    }
    return fulfilled;
  }

  /// With these fulfilled as well; none given means all that remains.
  Fulfilled plus(List<FulfilledItem> items) {
    if (items.isEmpty()) {
      return new Fulfilled(quantities, true, false);
    }
    var sum = new LinkedHashMap<>(quantities);
    items.forEach(item -> sum.merge(item.id(), item.quantity(), Math::addExact));
    return new Fulfilled(sum, all, false);
  }

  /// With everything back.
  Fulfilled back() {
    return new Fulfilled(Map.of(), false, reversed || any());
  }
}
