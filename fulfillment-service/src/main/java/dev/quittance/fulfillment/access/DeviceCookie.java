package dev.quittance.fulfillment.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.access.Tokens;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Marks a browser by which somebody has signed in. It signs nobody in; it keeps others' guesses
/// from locking this browser out. Its key is the hash in the users' file, which all instances have
/// and nobody else: nothing is stored, and a new password makes an end of it.
final class DeviceCookie {

  static final String NAME = "quittance-device";

  /// Whoever comes back after a holiday is still known.
  static final Duration LIFETIME = Duration.ofDays(90);

  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,12})\\.([0-9a-f]{64})");

  private DeviceCookie() {}

  static String of(Users.User user, Instant now) {
    long until = now.plus(LIFETIME).getEpochSecond();
    return until + "." + signature(user, until);
  }

  /// What the browser's attempts are counted under; null for one that isn't known.
  static @Nullable String browser(Users.User user, @Nullable String cookie, Instant now) {
    Matcher matcher = SHAPE.matcher(cookie == null ? "" : cookie);
    if (!matcher.matches()) {
      return null;
    }
    long until = Long.parseLong(matcher.group(1));
    return until > now.getEpochSecond() && Tokens.same(signature(user, until), matcher.group(2))
        ? matcher.group(2)
        : null;
  }

  private static String signature(Users.User user, long until) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(user.hash().text().getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of()
          .formatHex(mac.doFinal(("device:" + user.name() + ":" + until).getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
    }
  }
}
