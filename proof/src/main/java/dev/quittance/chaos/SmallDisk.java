package dev.quittance.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A disk of its own for a server, which can be filled. It is in memory, so that nothing else on
/// this machine suffers; mounting it takes rights that not everybody has.
final class SmallDisk implements AutoCloseable {

  /// What the server needs in ten minutes, several times over.
  private static final int SIZE_MB = 1_500;

  private static final long MOUNT_S_MAX = 20;
  private static final int CHUNK_BYTES = 1_048_576;

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /// Mounts one; empty where that isn't allowed.
  static Optional<SmallDisk> mount(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean mounted =
        done(
            List.of(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "mode=0755,size=" + SIZE_MB + "m",
                "quittance-chaos",
                directory.toString()));
    return mounted ? Optional.of(new SmallDisk(directory)) : Optional.empty();
  }

  private static boolean done(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(MOUNT_S_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false; // there is no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path ballast() {
    return directory.resolve("ballast");
  }

  /// Takes all the room that is left.
  void fill() {
    var chunk = new byte[CHUNK_BYTES];
    try (var out =
        Files.newOutputStream(ballast(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (true) {
        out.write(chunk);
      }
    } catch (IOException _) {
      // full, as was wanted
    }
  }

  /// Gives it back.
  void empty() {
    try {
      Files.deleteIfExists(ballast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What was on it is gone.
  @Override
  public void close() {
    var _ = done(List.of("umount", "-l", directory.toString()));
  }
}
