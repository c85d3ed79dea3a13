package dev.quittance.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final Figure MET =
      new Figure("rate", "the rate", 6_000, "events/s", goal(Goal.atLeast(5_000, "events/s")), "");
  private static final Figure MISSED =
      new Figure("p99", "the wait", 50, "ms", goal(Goal.below(50, "ms")), "5 rounds");
  private static final Figure TOLD = new Figure("idle", "memory", 99.5, "MB", Optional.empty(), "");

  @TempDir private Path directory;

  private static Optional<Goal> goal(Goal goal) {
    return Optional.of(goal);
  }

  private static Report report(Figure... figures) {
    return new Report(
        "2026-11-22T12:00:00Z",
        false,
        Map.of("cores", "2"),
        List.of(figures),
        List.of(new Series("rate.rounds", "events/s", List.of(1.0, 3.0, 2.0))),
        Map.of("growth", "no disk"));
  }

  @Test
  void goalsHaveTheirLimitOnTheRightSide() {
    assertThat(Goal.atLeast(1, "").metBy(1)).isTrue();
    assertThat(Goal.atLeast(1, "").metBy(0.99)).isFalse();
    assertThat(Goal.atMost(1, "").metBy(1)).isTrue();
    assertThat(Goal.atMost(1, "").metBy(1.01)).isFalse();
    assertThat(Goal.below(1, "").metBy(1)).isFalse();
    assertThat(Goal.below(1, "").metBy(0.99)).isTrue();
  }

  @Test
  void nothingThatIsNoNumberMeetsAGoal() {
    assertThat(Goal.atLeast(1, "").metBy(Double.NaN)).isFalse();
    assertThat(Goal.atMost(1, "").metBy(Double.NaN)).isFalse();
    assertThat(Goal.below(1, "").metBy(Double.NaN)).isFalse();
  }

  @Test
  void theTableShowsTargetAndFigureSideBySideAndWhatIsMissed() {
    assertThat(report(TOLD, MET, MISSED).lines())
        .containsExactly(
            "          target            figure",
            "the rate  ≥ 5,000 events/s  6,000 events/s  met",
            "the wait  < 50.0 ms         50.0 ms         MISSED  5 rounds",
            "memory    –                 99.5 MB");
    assertThat(report(TOLD, MET, MISSED).missed()).containsExactly(MISSED);
  }

  @Test
  void whatWasWrittenIsReadAgain() throws IOException {
    Path file = directory.resolve("report.json");
    Report report = report(TOLD, MET, MISSED);

    ReportFile.write(report, file);

    assertThat(ReportFile.read(file)).isEqualTo(report);
  }

  @Test
  void anEmptyReportIsAReport() throws IOException {
    Path file = directory.resolve("report.json");
    var nothing = new Report("", true, Map.of(), List.of(), List.of(), Map.of());

    ReportFile.write(nothing, file);

    assertThat(ReportFile.read(file)).isEqualTo(nothing);
  }

  @Test
  void whatIsNoReportIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("other.json"), "{\"figures\": 1}");

    assertThatThrownBy(() -> ReportFile.read(file)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ReportFile.read(directory.resolve("none.json")))
        .isInstanceOf(IOException.class);
    Files.writeString(file, "nonsense");
    assertThatThrownBy(() -> ReportFile.read(file)).isInstanceOf(IOException.class);
  }
}
