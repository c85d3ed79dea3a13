package dev.quittance.contracts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Files in this module's sources that tests compare with what the code writes.
///
/// `-Dquittance.contracts.write=true` writes the ones that are missing. One that exists is changed
/// by hand only, so that no run can quietly bless a difference.
final class CheckedIn {

  static final Path GOLDEN = Path.of("src/test/resources/golden");
  static final Path PUBLISHED = Path.of("src/test/resources/published");
  static final Path SCHEMAS = Path.of("src/main/resources/schemas");

  private static final DefaultPrettyPrinter PRETTY =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  private CheckedIn() {}

  /// The file's content; written first if it is missing and this run may write.
  static String text(Path file, String ifMissing) {
    try {
      if (!Files.exists(file) && Boolean.getBoolean("quittance.contracts.write")) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, ifMissing);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    return text(file, "");
  }

  /// The names of a directory's files, sorted.
  static List<String> names(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same JSON with line breaks: nothing else changes, neither the fields' order nor a number's
  /// spelling.
  static String pretty(byte[] json) {
    try {
      return WireFormat.mapper()
              .writer(PRETTY)
              .writeValueAsString(WireFormat.mapper().readTree(json))
          + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String pretty(Object value) {
    return pretty(WireFormat.write(value));
  }

  static byte[] compact(String json) {
    try {
      return WireFormat.mapper().writeValueAsBytes(WireFormat.mapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
