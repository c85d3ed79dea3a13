package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.quittance.ingest.endpoint.SigningSecret;
import dev.quittance.ingest.provider.HmacSha256;
import dev.quittance.ingest.provider.SignedMoment;
import dev.quittance.ingest.provider.Verdict;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stripe's signature scheme: `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`, where `v1` is the lower-case
/// hex of HMAC-SHA256 over `{t}.{body}`, keyed by the whole secret with its `whsec_`. Other schemes
/// (`v0`, and whatever comes) are passed over. Stricter than Stripe's SDKs: nothing is trimmed, a
/// second `t` is refused, and so is a moment too far ahead.
final class StripeSignature {

  static final String HEADER = "stripe-signature";

  /// Stripe's SDKs' own default. A retry is signed anew, so nothing genuine is ever older.
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final SignedMoment moment;
  private final List<byte[]> signatures;

  private StripeSignature(SignedMoment moment, List<byte[]> signatures) {
    this.moment = moment;
    this.signatures = signatures;
  }

  static Verdict verify(
      @Nullable String header, byte[] body, List<SigningSecret> secrets, Instant now) {
    if (header == null || header.isBlank()) {
      return new Verdict.Missing();
    }
    Optional<StripeSignature> signature = parse(header);
    if (signature.isEmpty()) {
      return new Verdict.Malformed();
    }
    // the signature first: what a clock says of a forgery is nobody's business
    return signature.get().isOf(body, secrets)
        ? signature.get().moment.judge(now, TOLERANCE)
        : new Verdict.Wrong();
  }

  private static Optional<StripeSignature> parse(String header) {
    if (hasSpace(header)) {
      return Optional.empty();
    }
    Optional<SignedMoment> moment = Optional.empty();
    var signatures = new ArrayList<byte[]>();
    for (String item : header.split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      String value = item.substring(equals + 1);
      switch (item.substring(0, equals)) {
        case "t" -> {
          if (moment.isPresent()) {
            return Optional.empty();
          }
          moment = SignedMoment.parse(value);
          if (moment.isEmpty()) {
            return Optional.empty();
          }
        }
        case "v1" -> signatures.add(value.getBytes(ISO_8859_1));
        default -> {
          // another scheme
        }
      }
    }
    return signatures.isEmpty()
        ? Optional.empty()
        : moment.map(at -> new StripeSignature(at, signatures));
  }

  private static boolean hasSpace(String header) {
    for (int i = 0; i < header.length(); i++) {
      if (Character.isWhitespace(header.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /// The header that Stripe would send.
  static String sign(byte[] body, SigningSecret secret, Instant now) {
    long seconds = now.getEpochSecond();
    return "t=" + seconds + ",v1=" + new String(code(seconds, body, secret), US_ASCII);
  }

  private static byte[] code(long seconds, byte[] body, SigningSecret secret) {
    byte[] prefix = (seconds + ".").getBytes(US_ASCII);
    byte[] code = HmacSha256.of(secret.bytes(), prefix, body);
    return HexFormat.of().formatHex(code).getBytes(US_ASCII);
  }

  private boolean isOf(byte[] body, List<SigningSecret> secrets) {
    for (SigningSecret secret : secrets) {
      byte[] expected = code(moment.unixSeconds(), body, secret);
      for (byte[] signature : signatures) {
        if (MessageDigest.isEqual(expected, signature)) {
          return true;
        }
      }
    }
    return false;
  }
}
