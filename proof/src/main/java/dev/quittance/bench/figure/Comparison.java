package dev.quittance.bench.figure;

import dev.quittance.launcher.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What changed between two runs, figure by figure.
public final class Comparison {

  private final List<Change> changes;
  private final boolean sameMachine;

  /// @param before the earlier value
  /// @param after the later one
  record Change(String what, double before, double after, String unit) {

    /// As a share of the earlier value; 0.1 is a tenth more.
    double share() {
      return after / before - 1;
    }

    private List<String> cells() {
      return List.of(
          what,
          Numbers.shown(before),
          Numbers.shown(after) + (unit.isEmpty() ? "" : " " + unit),
          Double.isFinite(share()) ? String.format(Locale.ROOT, "%+.1f %%", 100 * share()) : "–");
    }
  }

  private Comparison(List<Change> changes, boolean sameMachine) {
    this.changes = changes;
    this.sameMachine = sameMachine;
  }

  /// Compares what both have.
  public static Comparison of(Report before, Report after) {
    var changes = new ArrayList<Change>();
    for (Figure figure : after.figures()) {
      before
          .figure(figure.name())
          .ifPresent(old ->
              changes.add(new Change(figure.what(), old.value(), figure.value(), figure.unit())));
    }
    for (Series series : after.series()) {
      before
          .series(series.name())
          .ifPresent(old ->
              changes.add(new Change(series.name(), old.median(), series.median(), series.unit())));
    }
    return new Comparison(changes, before.machine().equals(after.machine()));
  }

  List<Change> changes() {
    return changes;
  }

  public List<String> lines() {
    var lines = new ArrayList<String>();
    if (!sameMachine) {
      lines.add("The earlier run was on another machine: only ratios can be compared.");
    }
    lines.addAll(
        Table.lines(
            Stream.concat(
                    Stream.of(List.of("", "before", "after", "change")),
                    changes.stream().map(Change::cells))
                .toList()));
    return lines;
  }
}
