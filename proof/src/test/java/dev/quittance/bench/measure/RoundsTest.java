package dev.quittance.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {

  private static final Path NOWHERE = Path.of("nowhere");

  private final Run run =
      new Run(
          new Run.Settings(NOWHERE, NOWHERE, NOWHERE, false, false, false),
          Clock.systemUTC(),
          _ -> {});

  /// @param calibrations before and after each round
  private Rounds rounds(List<Long> calibrations) {
    var next = new ArrayDeque<>(calibrations);
    return new Rounds(run, next::pop);
  }

  private static void make(Rounds rounds, double value) throws Exception {
    rounds.make(now -> {
      now.value("ours", "events/s", value);
      now.value("theirs", "events/s", 10);
    });
  }

  @Test
  void roundsOfAnUnsteadyMachineDoNotCount() throws Exception {
    Rounds rounds = rounds(List.of(100L, 110L, 100L, 200L, 100L, 100L, 90L, 100L));
    for (double value : List.of(1.0, 1_000.0, 2.0, 3.0)) {
      make(rounds, value);
    }

    assertThat(rounds.median("ours")).isEqualTo(2);
    assertThat(rounds.ratio("ours", "theirs")).isEqualTo(0.2);
    assertThat(rounds.remark("ours")).isEqualTo("3 rounds, 1 dropped, the machine was unsteady");
  }

  @Test
  void whereTooFewWouldBeLeftAllCountAndItIsSaid() throws Exception {
    Rounds rounds = rounds(List.of(100L, 200L, 100L, 200L, 100L, 100L));
    for (double value : List.of(1.0, 2.0, 9.0)) {
      make(rounds, value);
    }

    assertThat(rounds.median("ours")).isEqualTo(2);
    assertThat(rounds.remark("ours")).isEqualTo("3 rounds, 2 on an unsteady machine");
  }

  @Test
  void aLoneSteadyRoundIsOneRound() throws Exception {
    Rounds rounds = rounds(List.of(100L, 100L));
    make(rounds, 7);

    assertThat(rounds.remark("ours")).isEqualTo("1 round");
  }

  @Test
  void roundsAboutSomethingElseAreAnothers() throws Exception {
    Rounds rounds = rounds(List.of(100L, 100L, 100L, 100L));
    make(rounds, 7);
    rounds.make(now -> now.value("other", "ms", 1));

    assertThat(rounds.of("ours")).containsExactly(7.0);
    assertThat(rounds.remark("other")).isEqualTo("1 round");
  }

  @Test
  void everySeriesIsKeptWithItsUnit() throws Exception {
    Rounds rounds = rounds(List.of(100L, 100L));
    make(rounds, 7);

    rounds.keep();

    assertThat(run.series())
        .extracting(series -> series.name() + " " + series.rounds() + " " + series.unit())
        .containsExactly("ours [7.0] events/s", "theirs [10.0] events/s");
  }
}
