package dev.quittance.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs as Stripe does: HMAC-SHA256 over `{unix seconds}.{body}`. For one thread.
public final class StripeSigner {

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;

  /// @param secret of the endpoint, with its `whsec_`
  public StripeSigner(String secret) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
    } catch (GeneralSecurityException e) {
      // every JDK has it: the platform's specification requires it
      throw new IllegalStateException(e);
    }
  }

  /// The value of `v1`.
  public String code(String unixSeconds, byte[] body) {
    mac.update(unixSeconds.getBytes(US_ASCII));
    mac.update((byte) '.');
    return HexFormat.of().formatHex(mac.doFinal(body));
  }

  /// The whole header.
  public String header(long unixSeconds, byte[] body) {
    String seconds = Long.toString(unixSeconds);
    return "t=" + seconds + ",v1=" + code(seconds, body);
  }
}
