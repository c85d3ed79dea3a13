package dev.quittance.sandbox.delivery;

import dev.quittance.contracts.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The three ways in which webhooks are signed.
public final class Signatures {

  private static final String STANDARD_PREFIX = "whsec_";

  private Signatures() {}

  /// The value of Stripe's header `Stripe-Signature`.
  ///
  /// @param secret the whole secret, with its `whsec_`
  public static String stripe(String secret, Instant at, byte[] body) {
    long seconds = at.getEpochSecond();
    byte[] mac = hmac(bytes(secret), join(bytes(seconds + "."), body));
    return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac);
  }

  /// The value of PaySuper's header `Authorization`.
  public static String paySuper(String secret, byte[] body) {
    return "Signature " + Sha256.hex(join(body, bytes(secret)));
  }

  /// The value of the header `webhook-signature` of Standard Webhooks.
  ///
  /// @param secret base64, with or without `whsec_` before it
  public static String standard(String secret, String id, Instant at, byte[] body) {
    String base64 =
        secret.startsWith(STANDARD_PREFIX) ? secret.substring(STANDARD_PREFIX.length()) : secret;
    byte[] signed = join(bytes(id + "." + at.getEpochSecond() + "."), body);
    byte[] mac = hmac(Base64.getDecoder().decode(base64), signed);
    return "v1," + Base64.getEncoder().encodeToString(mac);
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = new byte[first.length + second.length];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
