package dev.quittance.sandbox.events;

import java.util.UUID;
import java.util.random.RandomGenerator;

/// Ids as the providers make them.
public final class Ids {

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final RandomGenerator random;

  /// @param random where the ids come from
  public Ids(RandomGenerator random) {
    this.random = random;
  }

  /// A prefix and as many letters and digits.
  public String make(String prefix, int length) {
    var id = new StringBuilder(prefix.length() + length).append(prefix);
    for (int i = 0; i < length; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }

  /// A random UUID.
  public String uuid() {
    long most = (random.nextLong() & ~0xF000L) | 0x4000L;
    long least = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(most, least).toString();
  }

  /// One of two, by the same luck.
  public boolean coin() {
    return random.nextBoolean();
  }

  /// So many hexadecimal digits.
  public String hex(int length) {
    var id = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      id.append(Character.forDigit(random.nextInt(16), 16));
    }
    return id.toString();
  }
}
