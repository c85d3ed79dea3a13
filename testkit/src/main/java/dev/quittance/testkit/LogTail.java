package dev.quittance.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// The end of a log file, for whoever has to find out why a process died.
final class LogTail {

  /// Holds two dozen long lines and a stack trace.
  private static final int BYTES_MAX = 16_384;

  private LogTail() {}

  static String of(Path log, int lines) {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - BYTES_MAX));
      var end = new byte[(int) (file.length() - file.getFilePointer())];
      file.readFully(end);
      List<String> all = new String(end, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException _) {
      return "(no log at " + log + ")";
    }
  }
}
