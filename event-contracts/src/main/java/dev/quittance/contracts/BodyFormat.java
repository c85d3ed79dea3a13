package dev.quittance.contracts;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// In which of its formats the provider wrote the webhook that a payment event was made of, as the
/// payment events' records say it beside their CloudEvents headers. It stands only where the event
/// says what the webhook's own body says, and nothing that was asked for besides: two such events
/// of one id and one format say the same, or the id was used twice.
public final class BodyFormat {

  public static final String HEADER = "webhook_body_format";

  /// A version's name, such as Stripe's `2025-03-31.basil`.
  private static final Pattern FORMAT = Pattern.compile("[!-~]{1,64}");

  private BodyFormat() {}

  /// Null where it isn't said, or makes no sense: then nothing is compared.
  public static @Nullable String read(byte @Nullable [] header) {
    if (header == null) {
      return null;
    }
    String format = new String(header, StandardCharsets.UTF_8);
    return FORMAT.matcher(format).matches() ? format : null;
  }
}
