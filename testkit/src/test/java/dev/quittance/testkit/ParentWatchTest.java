package dev.quittance.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParentWatchTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void stopsTheProcessWhenItsLauncherIsKilled() throws Exception {
    var builder = new ProcessBuilder(Jvm.command(List.of(), Owner.class.getName()));
    builder.environment().put("CLASSPATH", ClassPath.ofThisJvm());
    Process owner = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    ProcessHandle owned = ProcessHandle.of(Long.parseLong(firstLine(owner))).orElseThrow();
    assertThat(owned.isAlive()).isTrue();

    owner.destroyForcibly();

    assertThat(Deadline.in(PATIENCE).meets(() -> !owned.isAlive())).isTrue();
  }

  @Test
  void endsWithTheProcessThatItWatches() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    ParentWatch.tie(process.toHandle(), ParentWatch.Farewell.TERM);
    assertThat(watches(process)).isEqualTo(1);

    process.destroyForcibly();

    assertThat(Deadline.in(PATIENCE).meets(() -> watches(process) == 0)).isTrue();
  }

  private static long watches(Process process) {
    return ProcessHandle.current()
        .children()
        .filter(child ->
            child.info().arguments().stream()
                .map(List::of)
                .anyMatch(arguments -> arguments.contains(Long.toString(process.pid()))))
        .count();
  }

  private static String firstLine(Process process) throws Exception {
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return reader.readLine();
  }

  /// A program that owns a process and then does nothing.
  static final class Owner {

    private Owner() {}

    public static void main(String[] args) throws Exception {
      Process owned = new ProcessBuilder("sleep", "600").start();
      ParentWatch.tie(owned.toHandle(), ParentWatch.Farewell.TERM);
      System.out.println(owned.pid());
      Thread.currentThread().join();
    }
  }
}
