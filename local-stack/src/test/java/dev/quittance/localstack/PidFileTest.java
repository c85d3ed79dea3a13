package dev.quittance.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

  @TempDir private Path directory;

  PidFileTest() {
    directory = Path.of(""); // JUnit sets it
  }

  @Test
  void stopsWhatAnEarlierStackLeftRunning() throws Exception {
    Process left = new ProcessBuilder("sleep", "600").start();
    new PidFile(file()).add("left behind", left.toHandle());

    new PidFile(file()).stopLeftovers();

    assertThat(left.isAlive()).isFalse();
    assertThat(file()).doesNotExist();
  }

  @Test
  void leavesAStrangerAloneThatWasGivenTheSameNumber() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(file(), stranger.pid() + " 2001-01-01T00:00:00Z kafka\n");

      new PidFile(file()).stopLeftovers();

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void readsPastLinesThatWereNeverFinished() throws Exception {
    Files.writeString(file(), "123\nnonsense here and there\n\n99999999999999999999 x y\n42 2001");

    new PidFile(file()).stopLeftovers();

    assertThat(file()).doesNotExist();
  }

  @Test
  void hasNothingToStopAtTheFirstStart() {
    new PidFile(file()).stopLeftovers();

    assertThat(file()).doesNotExist();
  }

  private Path file() {
    return directory.resolve("pids");
  }
}
