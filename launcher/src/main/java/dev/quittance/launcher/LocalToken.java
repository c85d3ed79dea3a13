package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/// The administrator's token of a stack on this machine that real events come to: being here makes
/// no operator of ingest-service then, and whoever started it shouldn't have to think of one. It
/// stands where only they may read it, and the commands find it there.
final class LocalToken {

  private static final int BYTES = 32;

  private LocalToken() {}

  /// Makes a new one.
  static String make(Path home, SecureRandom random) {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = HexFormat.of().formatHex(bytes);
    Path file = file(home);
    try {
      forget(home);
      Files.createDirectories(file.getParent());
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, token + "\n");
      return token;
    } catch (IOException e) {
      throw new StackFault("The administrator's token can't be kept in " + file, e);
    }
  }

  /// That of the stack that was started last, if it has one.
  static Optional<String> of(Path home) {
    Path file = file(home);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new StackFault("The administrator's token in " + file + " can't be read", e);
    }
  }

  /// There is none any more.
  static void forget(Path home) {
    try {
      Files.deleteIfExists(file(home));
    } catch (IOException e) {
      throw new StackFault("The old token in " + file(home) + " can't be deleted", e);
    }
  }

  private static Path file(Path home) {
    return home.resolve("secrets").resolve("admin-token");
  }
}
