package dev.quittance.ingest.endpoint;

import java.nio.charset.StandardCharsets;

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
  public String toString() {
    return "SigningSecret[…]";
  }
}
