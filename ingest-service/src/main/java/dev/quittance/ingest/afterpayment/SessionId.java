package dev.quittance.ingest.afterpayment;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The id of a checkout, which whoever finished it knows and nobody can guess: who has it may see
/// how the order stands, and no more.
record SessionId(String value) {

  /// What ids consist of at every provider; nothing that means something in a URL or a page.
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,255}");

  SessionId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("no session id");
    }
  }

  static Optional<SessionId> parse(@Nullable String text) {
    return text != null && FORM.matcher(text).matches()
        ? Optional.of(new SessionId(text))
        : Optional.empty();
  }

  /// As good as a password for what it shows.
  @Override
  public String toString() {
    return "SessionId[…]";
  }
}
