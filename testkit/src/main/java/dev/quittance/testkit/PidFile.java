package dev.quittance.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which processes a stack has started, for the stack that comes after one that could not stop
/// them.
///
/// A line is `pid start name`. The moment of its start tells our process from a stranger that was
/// given the same number since.
final class PidFile {

  private static final Duration STOP_MAX = Duration.ofSeconds(15);

  /// The kernel needs no time to speak of, except where a disk hangs.
  private static final Duration KILL_MAX = Duration.ofSeconds(5);

  private final Path file;

  PidFile(Path file) {
    this.file = file;
  }

  synchronized void add(String name, ProcessHandle process) {
    String line = process.pid() + " " + start(process) + " " + name + "\n";
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new StackFault("The file " + file + " can't be written", e);
    }
  }

  /// Stops what an earlier stack has left behind.
  void stopLeftovers() {
    List<ProcessHandle> left = left();
    left.forEach(ProcessHandle::destroy);
    var patience = Deadline.in(STOP_MAX);
    for (ProcessHandle process : left) {
      if (!patience.meets(() -> !process.isAlive())) {
        process.destroyForcibly();
        Deadline.in(KILL_MAX)
            .await(
                () -> !process.isAlive(),
                () -> {
                  throw new StackFault(
                      "Process "
                          + process.pid()
                          + " of an earlier stack doesn't end: stop it with kill -9 "
                          + process.pid());
                });
      }
    }
    delete();
  }

  private List<ProcessHandle> left() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.flatMap(line -> alive(line).stream()).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new StackFault("The file " + file + " can't be read", e);
    }
  }

  private static Optional<ProcessHandle> alive(String line) {
    String[] words = line.split(" ", 3);
    if (words.length < 3 || !words[0].matches("\\d{1,9}")) {
      return Optional.empty(); // half a line: its writer was killed while writing
    }
    return ProcessHandle.of(Long.parseLong(words[0]))
        .filter(process -> start(process).equals(words[1]));
  }

  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StackFault("The file " + file + " can't be deleted", e);
    }
  }
}
