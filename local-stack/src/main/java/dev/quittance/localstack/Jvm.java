package dev.quittance.localstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Children of this JVM that run on the same JDK.
final class Jvm {

  private Jvm() {}

  /// A command that runs a class, or a jar after `-jar`, with the arguments that follow.
  static List<String> command(List<String> options, String... main) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of(main));
    return command;
  }

  /// Keeps the loaded classes in a file when the JVM ends, and takes them from there at its next
  /// start, which needs half the time then. A file that no longer fits is made anew.
  static List<String> keepClasses(Path file) {
    return List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file);
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
