package dev.quittance.launcher;

import dev.quittance.contracts.Sha256;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;

/// A secret that is told once, in a file that only its owner may read. Whoever dies between asking
/// for it and keeping it finds beside it with which key they had asked, and gets it again.
///
/// @param path where it stands, or is to stand
record SecretFile(Path path) {

  private static final String PENDING = ".pending";

  /// The secret, if it was kept.
  ///
  /// @throws StackFault when the file can't be read, or holds no one secret
  Optional<String> read() {
    Optional<String> text = content(path);
    if (text.isPresent() && !text.get().matches("whsec_[\\x21-\\x7e]+")) {
      throw new StackFault("What stands in " + path + " is no secret: one line, whsec_…");
    }
    return text;
  }

  /// Whether somebody had asked for just this, and died.
  boolean isPending(String asked) {
    return content(pending()).filter(line -> line.endsWith(hash(asked))).isPresent();
  }

  /// With which key to ask for it: that of an attempt that wasn't heard of, or a new one.
  ///
  /// @param asked what for: another thing is another key
  String key(String asked) {
    if (isPending(asked)) {
      return content(pending()).orElseThrow();
    }
    String key = "connect-" + UUID.randomUUID() + "-" + hash(asked);
    write(pending(), key);
    return key;
  }

  /// Keeps the secret: all of it or nothing.
  void keep(String secret) {
    Path next = path.resolveSibling(path.getFileName() + ".next");
    try {
      Files.deleteIfExists(next);
      write(next, secret);
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(pending());
    } catch (IOException e) {
      throw new StackFault("The secret can't be kept in " + path, e);
    }
  }

  private static String hash(String asked) {
    return Sha256.hex(asked.getBytes(StandardCharsets.UTF_8));
  }

  private Path pending() {
    return path.resolveSibling(path.getFileName() + PENDING);
  }

  private static Optional<String> content(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      throw new StackFault("The file " + file + " can't be read", e);
    }
  }

  private static void write(Path file, String line) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, line + "\n");
    } catch (IOException e) {
      throw new StackFault("The file " + file + " can't be written", e);
    }
  }
}
