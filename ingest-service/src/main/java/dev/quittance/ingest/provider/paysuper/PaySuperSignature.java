package dev.quittance.ingest.provider.paysuper;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.quittance.contracts.Sha256;
import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.provider.Verdict;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// PaySuper's signature scheme: `Authorization: Signature <hex>`, the lower-case hex of SHA-256
/// over the raw body followed by the project's secret. It is no HMAC and signs no time.
final class PaySuperSignature {

  static final String HEADER = "authorization";

  private static final String SCHEME = "Signature ";

  /// SHA-256 in hex.
  private static final int HEX_LENGTH = 64;

  private PaySuperSignature() {}

  static Verdict verify(@Nullable String header, byte[] body, List<SigningSecret> secrets) {
    if (header == null || header.isBlank()) {
      return new Verdict.Missing();
    }
    if (!header.startsWith(SCHEME) || header.length() != SCHEME.length() + HEX_LENGTH) {
      return new Verdict.Malformed();
    }
    byte[] signature = header.substring(SCHEME.length()).getBytes(ISO_8859_1);
    for (SigningSecret secret : secrets) {
      byte[] expected = HexFormat.of().formatHex(digest(body, secret)).getBytes(US_ASCII);
      if (MessageDigest.isEqual(expected, signature)) {
        return new Verdict.Genuine();
      }
    }
    return new Verdict.Wrong();
  }

  /// The header that PaySuper would send.
  static String sign(byte[] body, SigningSecret secret) {
    return SCHEME + HexFormat.of().formatHex(digest(body, secret));
  }

  private static byte[] digest(byte[] body, SigningSecret secret) {
    MessageDigest sha256 = Sha256.begin();
    sha256.update(body);
    return sha256.digest(secret.bytes());
  }
}
