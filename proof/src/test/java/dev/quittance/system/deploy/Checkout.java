package dev.quittance.system.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The files of this repository.
final class Checkout {

  private static final Path ROOT = root();

  private Checkout() {}

  static Path file(String path) {
    return ROOT.resolve(path);
  }

  static String text(String path) {
    try {
      return Files.readString(file(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The files of a folder and what is below it, by their ending, in order.
  static List<Path> files(String folder, String ending) {
    try (Stream<Path> files = Files.walk(file(folder))) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Tests run in their module's folder, or at the root of all.
  private static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("docker-compose.yml"))) {
        return at;
      }
    }
    throw new IllegalStateException("not within a checkout of Quittance");
  }
}
