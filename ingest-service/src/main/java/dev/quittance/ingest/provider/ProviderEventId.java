package dev.quittance.ingest.provider;

import dev.quittance.contracts.Sha256;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The id that an event goes by from the edge on.
public final class ProviderEventId {

  private static final Predicate<String> SOUND =
      Pattern.compile("[!-~]{1," + TopLevel.VALUE_LENGTH_MAX + "}").asMatchPredicate();

  private ProviderEventId() {}

  /// The provider's, where it gave a sound one; else `sha256:` of the body.
  public static String of(Optional<String> given, byte[] body) {
    return given.filter(SOUND).orElseGet(() -> "sha256:" + Sha256.hex(body));
  }
}
