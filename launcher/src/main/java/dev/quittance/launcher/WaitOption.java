package dev.quittance.launcher;

import dev.quittance.testkit.Deadline;
import java.time.Duration;
import picocli.CommandLine.Option;

/// How long a command waits for what is to follow.
final class WaitOption {

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for what is due. Default: ${DEFAULT-VALUE}")
  private int seconds = 30;

  int seconds() {
    return seconds;
  }

  Duration time() {
    return Duration.ofSeconds(seconds);
  }

  Deadline deadline() {
    return Deadline.in(time());
  }
}
