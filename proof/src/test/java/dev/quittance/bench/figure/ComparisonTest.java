package dev.quittance.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static Figure figure(String name, double value) {
    return new Figure(name, "the " + name, value, "ms", Optional.empty(), "");
  }

  private static Report report(String cpu, List<Series> series, Figure... figures) {
    return new Report(
        "2026-11-22T12:00:00Z", false, Map.of("cpu", cpu), List.of(figures), series, Map.of());
  }

  @Test
  void figuresThatBothHaveAreCompared() {
    Report before = report("a", List.of(), figure("wait", 10), figure("gone", 1));
    Report after = report("a", List.of(), figure("wait", 15), figure("new", 1));

    var comparison = Comparison.of(before, after);

    assertThat(comparison.changes()).hasSize(1);
    assertThat(comparison.changes().getFirst().share()).isCloseTo(0.5, within(1e-9));
    assertThat(comparison.lines())
        .containsExactly("          before  after    change", "the wait  10.0    15.0 ms  +50.0 %");
  }

  @Test
  void seriesAreComparedByTheirMedians() {
    Report before = report("a", List.of(new Series("rate", "events/s", List.of(1.0, 4.0, 900.0))));
    Report after = report("a", List.of(new Series("rate", "events/s", List.of(2.0, 2.0))));

    assertThat(Comparison.of(before, after).changes().getFirst().share()).isEqualTo(-0.5);
  }

  @Test
  void aFigureThatWasZeroHasNoShare() {
    Report before = report("a", List.of(), figure("lag", 0));
    Report after = report("a", List.of(), figure("lag", 3));

    assertThat(Comparison.of(before, after).lines().getLast()).endsWith("–");
  }

  @Test
  void anotherMachineIsSaid() {
    Report before = report("a", List.of());
    Report after = report("b", List.of());

    assertThat(Comparison.of(before, after).lines().getFirst()).contains("another machine");
    assertThat(Comparison.of(before, before).lines()).hasSize(1);
  }
}
