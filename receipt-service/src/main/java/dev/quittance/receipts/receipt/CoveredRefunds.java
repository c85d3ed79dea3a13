package dev.quittance.receipts.receipt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which single refunds were announced already, by a receipt that was sent on a total alone.
final class CoveredRefunds {

  /// Up to so many refunds the best choice is looked for: 4,096 sums. Nobody has refunded one
  /// payment oftener while only its totals were known.
  private static final int CHOICE_MAX = 12;

  private CoveredRefunds() {}

  /// The refunds whose amounts come nearest to what was announced, without exceeding it.
  ///
  /// @param announced minor units
  /// @param amounts the refunds' ids with their amounts in minor units, all positive
  static Set<String> of(long announced, Map<String, Long> amounts) {
    if (announced <= 0) {
      return Set.of();
    }
    List<Map.Entry<String, Long>> largestFirst =
        amounts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    return largestFirst.size() <= CHOICE_MAX
        ? best(announced, largestFirst)
        : greedy(announced, largestFirst);
  }

  private static Set<String> best(long announced, List<Map.Entry<String, Long>> refunds) {
    var choices = new TreeMap<Long, Set<String>>();
    choices.put(0L, Set.of());
    for (Map.Entry<String, Long> refund : refunds) {
      for (Map.Entry<Long, Set<String>> choice : new ArrayList<>(choices.entrySet())) {
        if (refund.getValue() > announced - choice.getKey()) {
          continue;
        }
        long sum = choice.getKey() + refund.getValue();
        if (!choices.containsKey(sum)) {
          var larger = new HashSet<>(choice.getValue());
          larger.add(refund.getKey());
          choices.put(sum, larger);
        }
      }
    }
    return choices.lastEntry().getValue();
  }

  private static Set<String> greedy(long announced, List<Map.Entry<String, Long>> refunds) {
    var covered = new HashSet<String>();
    long left = announced;
    for (Map.Entry<String, Long> refund : refunds) {
      if (refund.getValue() <= left) {
        covered.add(refund.getKey());
        left -= refund.getValue();
      }
    }
    return covered;
  }
}
