package dev.quittance.launcher;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA-256, which Stripe and Standard Webhooks sign with.
final class Hmac {

  private static final String SHA_256 = "HmacSHA256";

  private Hmac() {}

  /// @throws GeneralSecurityException when the key is empty
  static byte[] sha256(byte[] key, String message) throws GeneralSecurityException {
    if (key.length == 0) {
      throw new GeneralSecurityException("an empty key");
    }
    Mac mac = Mac.getInstance(SHA_256);
    mac.init(new SecretKeySpec(key, SHA_256));
    return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
  }
}
