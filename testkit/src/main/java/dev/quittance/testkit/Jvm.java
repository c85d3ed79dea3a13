package dev.quittance.testkit;

import java.nio.file.Files;
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

  /// Takes what a training taught, where there was one since the program was built. Where there was
  /// none, keeps the loaded classes in a file when the JVM ends, and takes them from there at its
  /// next start, which needs half the time then.
  ///
  /// @param file for the classes
  /// @param program what the JVM runs: a file that is older than it no longer fits, and the JVM
  ///   makes none anew where one is
  static List<String> startSooner(Path file, Path program) {
    var cache = AotCache.of(program);
    if (cache.fits()) {
      return cache.use();
    }
    Directories.deleteOlder(file, program);
    return List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file);
  }

  /// Whether the program's next start is such a sooner one. A file of classes that no longer fits
  /// is deleted.
  static boolean startsSooner(Path file, Path program) {
    Directories.deleteOlder(file, program);
    return AotCache.of(program).fits() || Files.exists(file);
  }

  /// SIGTERM, and SIGKILL when it doesn't end in time; waits until it is gone.
  static void stop(Process process, Duration within) {
    process.destroy();
    if (!exited(process, within)) {
      kill(process);
    }
  }

  /// SIGKILL, and waits until it is gone.
  static void kill(Process process) {
    process.destroyForcibly();
    awaitExit(process);
  }

  static void awaitExit(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static boolean exited(Process process, Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static StackFault interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StackFault("Interrupted while a process was ending", e);
  }
}
