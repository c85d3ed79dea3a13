package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;

/// What forwarded events are signed with: `whsec_` and a key in base64, as [Standard
/// Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)
/// has it.
///
/// @param path where it stands
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record ForwardSecret(Path path, byte[] key) {

  private static final String PREFIX = "whsec_";

  /// The specification asks for 24 to 64.
  private static final int BYTES = 32;

  private static final int BYTES_MIN = 24;

  /// Reads it.
  ///
  /// @throws StackFault when there is none, or it is none
  static ForwardSecret in(Path path) {
    String text;
    try {
      text = Files.readString(path).strip();
    } catch (IOException e) {
      throw new StackFault("The secret in " + path + " can't be read", e);
    }
    try {
      byte[] key =
          Base64.getDecoder()
              .decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
      if (key.length >= BYTES_MIN) {
        return new ForwardSecret(path, key);
      }
    } catch (IllegalArgumentException _) {
      // said below, without what stands there
    }
    throw new StackFault(
        "What stands in "
            + path
            + " is no secret of Standard Webhooks: whsec_ and at least 24 bytes in base64");
  }

  /// Reads the one that was made the last time, or makes one that only its owner may read.
  static ForwardSecret kept(Path path) {
    var key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    try {
      Files.createDirectories(path.getParent());
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(path, PREFIX + Base64.getEncoder().encodeToString(key) + "\n");
    } catch (FileAlreadyExistsException _) {
      // of the last time
    } catch (IOException e) {
      throw new StackFault("The secret can't be kept in " + path, e);
    }
    return in(path);
  }

  /// The header `webhook-signature` of a body.
  String signature(String id, Instant at, String body) {
    try {
      byte[] mac = Hmac.sha256(key, id + "." + at.getEpochSecond() + "." + body);
      return "v1," + Base64.getEncoder().encodeToString(mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "ForwardSecret[" + path + "]";
  }
}
