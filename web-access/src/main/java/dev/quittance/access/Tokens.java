package dev.quittance.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/// Secrets that callers send.
public final class Tokens {

  private Tokens() {}

  /// In constant time: how much of a guess is right must not show.
  public static boolean same(String secret, String given) {
    return MessageDigest.isEqual(secret.getBytes(UTF_8), given.getBytes(UTF_8));
  }
}
