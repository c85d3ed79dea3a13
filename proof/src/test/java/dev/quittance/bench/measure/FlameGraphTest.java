package dev.quittance.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.testkit.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlameGraphTest {

  private static final Duration BUSY = Duration.ofSeconds(2);

  @Test
  void aRecordingBecomesAPageThatNamesWhatWasAtWork(@TempDir Path folder) throws Exception {
    Path recording = folder.resolve("busy.jfr");
    try (var flight = new Recording()) {
      flight.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
      flight.start();
      assertThat(hashesUntil(Deadline.in(BUSY))).isNotZero();
      flight.stop();
      flight.dump(recording);
    }

    Path page = FlameGraph.draw(recording);

    assertThat(page).hasFileName("busy.html");
    assertThat(Files.readString(page)).contains("Quittance: busy", "hashesUntil");
  }

  private static long hashesUntil(Deadline end) {
    long hash = 1;
    while (!end.passed()) {
      for (int i = 0; i < 100_000; i++) {
        hash = hash * 31 + i;
      }
    }
    return hash;
  }
}
