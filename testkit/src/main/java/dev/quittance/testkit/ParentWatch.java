package dev.quittance.testkit;

import java.io.IOException;
import java.util.List;

/// Ties another process to this JVM: when the JVM is gone, however it went, the process is stopped.
///
/// A shell waits at the other end of a pipe. The kernel closes the pipe when the JVM ends, also on
/// SIGKILL, where no shutdown hook runs.
final class ParentWatch {

  /// How the process is asked to stop.
  enum Farewell {
    TERM,
    /// PostgreSQL's fast shutdown: doesn't wait for its clients.
    INT,
    /// For processes whose data is thrown away anyhow.
    KILL
  }

  /// After ten seconds the process is no longer asked.
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      cat > /dev/null
      kill -s "$2" "$1" || exit 0
      i=0
      while kill -0 "$1" && [ $i -lt 100 ]; do i=$((i + 1)); sleep 0.1; done
      kill -s KILL "$1"
      """;

  private ParentWatch() {}

  /// @param process is forgotten as soon as it ends, so that its number may be another's later
  static void tie(ProcessHandle process, Farewell farewell) {
    try {
      var command =
          List.of(
              "sh",
              "-c",
              SCRIPT,
              "quittance-parent-watch",
              Long.toString(process.pid()),
              farewell.name());
      var shell =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var _ = process.onExit().thenRun(shell::destroyForcibly);
    } catch (IOException e) {
      throw new StackFault("No shell to watch over process " + process.pid(), e);
    }
  }
}
