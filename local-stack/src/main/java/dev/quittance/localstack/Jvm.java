package dev.quittance.localstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Children of this JVM that run on the same JDK.
final class Jvm {

  private Jvm() {}

  /// A command that runs the class, or the jar after `-jar`. Its options stand before it.
  static List<String> command(String main, String... options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add(main);
    return command;
  }

  static void awaitExit(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while a process was ending", e);
    }
  }

  static boolean exited(Process process, Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while a process was ending", e);
    }
  }
}
