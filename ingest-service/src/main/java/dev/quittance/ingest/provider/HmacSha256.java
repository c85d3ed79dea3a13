package dev.quittance.ingest.provider;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA256 over bytes.
public final class HmacSha256 {

  private static final String ALGORITHM = "HmacSHA256";

  /// One for each thread: to ask the platform's providers for it takes as long as a kilobyte does.
  private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(HmacSha256::mac);

  private HmacSha256() {}

  /// The code of a prefix and a body together, without putting them together.
  ///
  /// @param key not empty
  public static byte[] of(byte[] key, byte[] prefix, byte[] body) {
    try {
      Mac mac = MAC.get();
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(prefix);
      return mac.doFinal(body);
    } catch (InvalidKeyException e) {
      // any bytes are a key of it
      throw new IllegalStateException(e);
    }
  }

  private static Mac mac() {
    try {
      return Mac.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      // every JDK has it: the platform's specification requires it
      throw new IllegalStateException(e);
    }
  }
}
