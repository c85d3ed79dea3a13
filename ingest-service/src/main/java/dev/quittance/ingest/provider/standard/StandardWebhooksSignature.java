package dev.quittance.ingest.provider.standard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.provider.HmacSha256;
import dev.quittance.ingest.provider.SignedMoment;
import dev.quittance.ingest.provider.Verdict;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The Standard Webhooks signature scheme: HMAC-SHA256 over
/// `{webhook-id}.{webhook-timestamp}.{body}` in `webhook-signature: v1,<base64>[ v1,<base64>…]`.
/// Other versions (`v1a`) are passed over.
final class StandardWebhooksSignature {

  static final String ID = "webhook-id";
  static final String TIMESTAMP = "webhook-timestamp";
  static final String SIGNATURE = "webhook-signature";

  /// The reference libraries' own.
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String SECRET_PREFIX = "whsec_";
  private static final String VERSION_PREFIX = "v1,";

  private StandardWebhooksSignature() {}

  static Verdict verify(
      @Nullable String id,
      @Nullable String timestamp,
      @Nullable String signatures,
      byte[] body,
      List<SigningSecret> secrets,
      Instant now) {
    if (id == null || timestamp == null || signatures == null) {
      return new Verdict.Missing();
    }
    if (id.isBlank() || timestamp.isBlank() || signatures.isBlank()) {
      return new Verdict.Missing();
    }
    Optional<SignedMoment> moment = SignedMoment.parse(timestamp);
    // the specification forbids the dot in the id: it could shift what is signed as what
    if (moment.isEmpty() || id.indexOf('.') >= 0) {
      return new Verdict.Malformed();
    }
    List<byte[]> candidates =
        List.of(signatures.split(" ", -1)).stream()
            .filter(signature -> signature.startsWith(VERSION_PREFIX))
            .map(signature -> signature.substring(VERSION_PREFIX.length()).getBytes(ISO_8859_1))
            .toList();
    if (candidates.isEmpty()) {
      return new Verdict.Malformed();
    }
    byte[] prefix = (id + "." + timestamp + ".").getBytes(UTF_8);
    for (SigningSecret secret : secrets) {
      Optional<byte[]> key = key(secret);
      if (key.isPresent() && isOf(key.get(), prefix, body, candidates)) {
        return moment.get().judge(now, TOLERANCE);
      }
    }
    return new Verdict.Wrong();
  }

  private static boolean isOf(byte[] key, byte[] prefix, byte[] body, List<byte[]> candidates) {
    byte[] code = HmacSha256.of(key, prefix, body);
    byte[] expected = Base64.getEncoder().encodeToString(code).getBytes(US_ASCII);
    boolean found = false;
    for (byte[] candidate : candidates) {
      found |= MessageDigest.isEqual(expected, candidate);
    }
    return found;
  }

  /// The `webhook-signature` of a message.
  ///
  /// @throws IllegalStateException when the secret is no key, which no configured one is
  static String sign(String id, String timestamp, byte[] body, SigningSecret secret) {
    byte[] key =
        key(secret).orElseThrow(() -> new IllegalStateException("configured without a key"));
    byte[] code = HmacSha256.of(key, (id + "." + timestamp + ".").getBytes(UTF_8), body);
    return VERSION_PREFIX + Base64.getEncoder().encodeToString(code);
  }

  /// The key that a secret stands for: base64, with or without its `whsec_`. Empty when it is none.
  static Optional<byte[]> key(SigningSecret secret) {
    String text = new String(secret.bytes(), UTF_8);
    try {
      byte[] key =
          Base64.getDecoder()
              .decode(
                  text.startsWith(SECRET_PREFIX) ? text.substring(SECRET_PREFIX.length()) : text);
      return key.length == 0 ? Optional.empty() : Optional.of(key);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
