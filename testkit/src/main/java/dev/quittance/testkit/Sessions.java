package dev.quittance.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Signals, and who gets them.
final class Sessions {

  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private Sessions() {}

  /// Ctrl-C goes to every process of the terminal's foreground group. A child in a session of its
  /// own doesn't hear it, so that we decide in which order things stop. Where there is no `setsid`
  /// the child hears it too, which is rude but harmless.
  static List<String> ownSession(List<String> command) {
    if (!Files.isExecutable(SETSID)) {
      return command;
    }
    var own = new ArrayList<String>();
    own.add(SETSID.toString());
    own.addAll(command);
    return own;
  }

  static void signal(ProcessHandle process, String signal) {
    try {
      var kill = new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid())).start();
      Jvm.awaitExit(kill);
    } catch (IOException e) {
      throw new StackFault("Process " + process.pid() + " can't be signalled", e);
    }
  }
}
