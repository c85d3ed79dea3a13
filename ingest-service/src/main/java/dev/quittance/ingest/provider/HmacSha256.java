package dev.quittance.ingest.provider;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA256 over bytes.
public final class HmacSha256 {

  private static final String ALGORITHM = "HmacSHA256";

  private HmacSha256() {}

  /// The code of a prefix and a body together, without putting them together.
  ///
  /// @param key not empty
  public static byte[] of(byte[] key, byte[] prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(prefix);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      // every JDK has it: the platform's specification requires it
      throw new IllegalStateException(e);
    }
  }
}
