package dev.quittance.ingest.webhook;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The W3C trace context that a delivery goes on with: its own where it brings a sound one, else a
/// new one.
final class TraceParent {

  private static final Pattern SOUND =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private TraceParent() {}

  static String of(@Nullable String header) {
    if (header != null && SOUND.matcher(header).matches()) {
      return header;
    }
    var random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return "00-"
        + hex.toHexDigits(random.nextLong())
        + hex.toHexDigits(notZero(random))
        + "-"
        + hex.toHexDigits(notZero(random))
        + "-01";
  }

  private static long notZero(ThreadLocalRandom random) {
    return random.nextLong(1, Long.MAX_VALUE);
  }
}
