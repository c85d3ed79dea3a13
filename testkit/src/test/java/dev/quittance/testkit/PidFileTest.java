package dev.quittance.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

  private static final long NOTICED_S_MAX = 60;

  @Test
  void stopsWhatAnEarlierStackLeftRunning(@TempDir Path directory) throws Exception {
    Process left = new ProcessBuilder("sleep", "600").start();
    new PidFile(file(directory)).add("left behind", left.toHandle());

    new PidFile(file(directory)).stopLeftovers();

    // it is gone; that the JVM has noticed may take a moment
    assertThat(left.waitFor(NOTICED_S_MAX, TimeUnit.SECONDS)).isTrue();
    assertThat(file(directory)).doesNotExist();
  }

  @Test
  void leavesAStrangerAloneThatWasGivenTheSameNumber(@TempDir Path directory) throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(file(directory), stranger.pid() + " 2001-01-01T00:00:00Z kafka\n");

      new PidFile(file(directory)).stopLeftovers();

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void readsPastLinesThatWereNeverFinished(@TempDir Path directory) throws Exception {
    Files.writeString(
        file(directory), "123\nnonsense here and there\n\n99999999999999999999 x y\n42 2001");

    new PidFile(file(directory)).stopLeftovers();

    assertThat(file(directory)).doesNotExist();
  }

  @Test
  void hasNothingToStopAtTheFirstStart(@TempDir Path directory) {
    new PidFile(file(directory)).stopLeftovers();

    assertThat(file(directory)).doesNotExist();
  }

  private static Path file(Path directory) {
    return directory.resolve("pids");
  }
}
