package dev.quittance.ingest.endpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A secret that a provider signs with. Never printed.
public final class SigningSecret {

  private final byte[] bytes;

  /// @throws IllegalArgumentException when the secret is blank
  public SigningSecret(String secret) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException("a signing secret can't be blank");
    }
    bytes = secret.getBytes(StandardCharsets.UTF_8);
  }

  /// The secret's bytes in UTF-8; a copy.
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SigningSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
  }

  @Override
  public int hashCode() {
    // one for all: a hash would tell something of the secret, and no map holds many
    return SigningSecret.class.hashCode();
  }

  @Override
  public String toString() {
    return "SigningSecret[…]";
  }
}
