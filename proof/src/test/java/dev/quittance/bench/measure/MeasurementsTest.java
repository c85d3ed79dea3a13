package dev.quittance.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeasurementsTest {

  private static Run run(boolean quick, boolean large) {
    Path nowhere = Path.of("target");
    return new Run(
        new Run.Settings(nowhere, nowhere, nowhere, quick, large, false),
        Clock.systemUTC(),
        _ -> {});
  }

  /// Five rounds of four rates are more than the twelve minutes that are enough for others.
  @Test
  void whatAPaymentCostsMayTakeTwiceAsLongAsItsLoad() {
    assertThat(new Cost().timeMax(run(false, false))).isEqualTo(Duration.ofSeconds(2 * 1_600));
  }

  @Test
  void nothingIsGivenUpBeforeTwelveMinutes() {
    for (boolean quick : new boolean[] {true, false}) {
      assertThat(Measurements.all())
          .allMatch(one -> one.timeMax(run(quick, false)).compareTo(Duration.ofMinutes(12)) >= 0);
    }
  }

  @Test
  void aLargeRunMayTakeAnHourForEach() {
    assertThat(Measurements.all())
        .allMatch(one -> one.timeMax(run(false, true)).equals(Duration.ofMinutes(60)));
  }
}
