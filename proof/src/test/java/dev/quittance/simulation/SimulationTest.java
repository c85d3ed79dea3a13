package dev.quittance.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.simulation.Simulation.Outcome;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Thousands of seeds, each a small shop in a storm. One seed again, with what happened step by
/// step: `./quittance test SimulationTest -Dquittance.simulation.seed=42`.
class SimulationTest {

  /// Enough for each planted mistake to show hundreds of times; seconds on two cores. More on
  /// demand: `-Dquittance.simulation.seeds=1000000`.
  private static final long SEEDS = Long.getLong("quittance.simulation.seeds", 10_000);

  /// A mistake that shows in none of so many seeds would escape.
  private static final int SEEDS_FOR_A_FLAW = 3_000;

  @Test
  void theLawsHoldForEverySeed() {
    List<Outcome> violations =
        LongStream.range(0, SEEDS)
            .parallel()
            .mapToObj(seed -> Simulation.run(seed, Set.of(), false))
            .filter(outcome -> outcome.violation() != null)
            .limit(5)
            .toList();

    assertThat(violations)
        .as("run one seed again with -Dquittance.simulation.seed=…")
        .extracting(outcome -> outcome.seed() + ": " + outcome.violation())
        .isEmpty();
  }

  @Test
  void stormsAreStorms() {
    List<Outcome> outcomes =
        LongStream.range(0, 200).mapToObj(seed -> Simulation.run(seed, Set.of(), false)).toList();

    assertThat(outcomes.stream().mapToInt(Outcome::faultsInAll).average().orElse(0))
        .as("faults a seed")
        .isGreaterThan(10);
    assertThat(outcomes.stream().filter(outcome -> outcome.mails() > 0).count())
        .as("seeds in which mail is sent")
        .isGreaterThan(150);
  }

  @Test
  void aSeedDecidesEverything() {
    Outcome once = Simulation.run(7, Set.of(), true);
    Outcome again = Simulation.run(7, Set.of(), true);

    assertThat(again).isEqualTo(once);
    assertThat(once.trace()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void findsAPlanted(Flaw flaw) {
    assertThat(
            LongStream.range(0, SEEDS_FOR_A_FLAW)
                .mapToObj(seed -> Simulation.run(seed, EnumSet.of(flaw), false))
                .anyMatch(outcome -> outcome.violation() != null))
        .isTrue();
  }

  @Test
  @EnabledIfSystemProperty(named = "quittance.simulation.seed", matches = "\\d+")
  void holdsForTheSeedThatIsAskedFor() {
    Outcome outcome = Simulation.run(Long.getLong("quittance.simulation.seed", 0), Set.of(), true);

    assertThat(outcome.violation())
        .as(outcome.faults() + "\n" + String.join("\n", outcome.trace()))
        .isNull();
  }
}
