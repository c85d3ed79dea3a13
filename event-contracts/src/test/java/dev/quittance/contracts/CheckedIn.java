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
/// `-Dquittance.contracts.write=true` writes generated ones anew, and of the others those that are
/// missing: a golden file that exists is changed by hand only, so that no run can quietly bless a
/// difference. `-Dquittance.contracts.publish=true`, at a release, takes over the schemas as they
/// are now for the published ones, once they have proved compatible.
final class CheckedIn {

  static final Path GOLDEN = Path.of("src/test/resources/golden");
  static final Path PUBLISHED = Path.of("src/test/resources/published");
  static final Path ASYNC_API = Path.of("src/main/resources/asyncapi.yaml");
  static final Path ASYNC_API_RULES = Path.of("src/test/resources/asyncapi/asyncapi-3.0.0.json");
  static final Path SCHEMAS = Path.of("src/main/resources/schemas");

  private static final String WRITE = "quittance.contracts.write";
  private static final String PUBLISH = "quittance.contracts.publish";

  private static final DefaultPrettyPrinter PRETTY =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  private CheckedIn() {}

  /// The file's content; written first if it is missing and this run may write.
  static String text(Path file, String ifMissing) {
    if (!Files.exists(file) && Boolean.getBoolean(WRITE)) {
      write(file, ifMissing);
    }
    return read(file);
  }

  /// The content of a file that is generated; written first if this run may write.
  static String generated(Path file, String text) {
    if (Boolean.getBoolean(WRITE)) {
      write(file, text);
    }
    return read(file);
  }

  /// Takes over what has proved compatible, if this run publishes.
  static void publish(Path file, String text) {
    if (Boolean.getBoolean(PUBLISH)) {
      write(file, text);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    return read(file);
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
