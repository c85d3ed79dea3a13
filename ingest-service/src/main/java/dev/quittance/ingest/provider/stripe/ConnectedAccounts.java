package dev.quittance.ingest.provider.stripe;

import dev.quittance.ingest.endpoint.Endpoint;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an endpoint makes of events of connected accounts: those of sellers for whom a platform
/// takes payments. Their orders are the sellers', so unless somebody says otherwise they aren't
/// fulfilled here.
enum ConnectedAccounts {
  /// They are ignored and counted.
  IGNORE,
  /// They are orders like others, which say whose money it is.
  TAKE;

  /// The setting.
  static final String NAME = "connect";

  /// As Stripe makes them; they go into a header and into addresses of settings.
  private static final Pattern ACCOUNT = Pattern.compile("acct_[A-Za-z0-9]{1,250}");

  /// What an endpoint does.
  static ConnectedAccounts of(Endpoint endpoint) {
    return TAKE.word().equals(endpoint.settings().get(NAME)) ? TAKE : IGNORE;
  }

  /// What is wrong with an endpoint's setting, as a sentence that says what to set.
  static Optional<String> complaint(Endpoint endpoint) {
    String set = endpoint.settings().getOrDefault(NAME, IGNORE.word());
    return set.equals(IGNORE.word()) || set.equals(TAKE.word())
        ? Optional.empty()
        : Optional.of("connect is neither ignore nor take; set one of the two");
  }

  /// Whether a text is the id of an account.
  static boolean isAccount(String text) {
    return ACCOUNT.matcher(text).matches();
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
