package dev.quittance.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.bench.measure.Measurement;
import dev.quittance.bench.measure.Measurements;
import dev.quittance.launcher.Launcher;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BenchCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Launcher.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @Test
  void theHelpNamesEveryMeasurement() {
    assertThat(run("bench", "--help")).isZero();

    assertThat(Measurements.all()).isNotEmpty();
    for (Measurement measurement : Measurements.all()) {
      assertThat(out.toString()).containsPattern(measurement.name() + " +" + measurement.what());
    }
    assertThat(out.toString())
        .contains("--quick", "--large", "--json", "--compare", "--only", "--profile");
  }

  @Test
  void theLaunchersOwnHelpKnowsIt() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString()).contains("bench");
  }

  @Test
  void aMeasurementThatThereIsNotIsRefusedBeforeAnythingStarts() {
    assertThat(run("bench", "--only", "ingest,nonsense")).isEqualTo(2);

    assertThat(err.toString()).contains("--only knows ingest, e2e").contains("--help");
  }

  @Test
  void anEarlierReportThatThereIsNotIsRefusedBeforeAnythingStarts() {
    assertThat(run("bench", "--compare", "target/there-is-none.json")).isEqualTo(2);

    assertThat(err.toString()).contains("--compare");
  }
}
