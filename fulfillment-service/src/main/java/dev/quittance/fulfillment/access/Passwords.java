package dev.quittance.fulfillment.access;

import dev.quittance.contracts.Sha256;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// The hash of a password: `pbkdf2-sha256:{iterations}:{salt}:{hash}`, salt and hash in
/// hexadecimal.
@SuppressWarnings("ArrayRecordComponent") // compared by hand, in constant time
record Passwords(int iterations, byte[] salt, byte[] hash) {

  /// OWASP's advice for PBKDF2 with SHA-256, of 2023.
  static final int ITERATIONS = 600_000;

  /// Fewer are no protection once the file is lost.
  private static final int ITERATIONS_MIN = 100_000;

  /// More would let one line of the file stop the service.
  private static final int ITERATIONS_MAX = 10_000_000;

  /// In UTF-16 units. Longer ones are no safer, and make work.
  static final int PASSWORD_LENGTH_MAX = 200;

  private static final Pattern SHAPE =
      Pattern.compile("pbkdf2-sha256:([0-9]{1,8}):([0-9a-fA-F]{16,128}):([0-9a-fA-F]{64})");
  private static final HexFormat HEX = HexFormat.of();

  /// What is checked for a name that doesn't exist, so that it takes as long.
  static final Passwords NOBODYS = new Passwords(ITERATIONS, new byte[16], new byte[32]);

  static Optional<Passwords> read(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches() || matcher.group(2).length() % 2 != 0) {
      return Optional.empty();
    }
    int iterations = Integer.parseInt(matcher.group(1));
    return iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX
        ? Optional.empty()
        : Optional.of(
            new Passwords(
                iterations, HEX.parseHex(matcher.group(2)), HEX.parseHex(matcher.group(3))));
  }

  static Passwords of(String password, byte[] salt) {
    return new Passwords(ITERATIONS, salt, derive(password, salt, ITERATIONS));
  }

  boolean matches(String password) {
    return password.length() <= PASSWORD_LENGTH_MAX
        && MessageDigest.isEqual(derive(password, salt, iterations), hash);
  }

  /// Tells one hash from another, and is of no use to guess with.
  byte[] fingerprint() {
    return Sha256.of(text());
  }

  String text() {
    return "pbkdf2-sha256:%d:%s:%s".formatted(iterations, HEX.formatHex(salt), HEX.formatHex(hash));
  }

  private static byte[] derive(String password, byte[] salt, int iterations) {
    var key = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(key).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2", e);
    } finally {
      key.clearPassword();
    }
  }

  @Override
  public String toString() {
    return "Passwords[…]";
  }
}
