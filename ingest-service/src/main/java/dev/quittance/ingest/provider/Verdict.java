package dev.quittance.ingest.provider;

import java.time.Duration;

/// What the verification of a signature found. Only [Genuine] passes.
public sealed interface Verdict {

  /// Signed with one of the endpoint's secrets, and fresh.
  record Genuine() implements Verdict {}

  /// The signature header is absent or empty.
  record Missing() implements Verdict {}

  /// The header isn't of the provider's form.
  record Malformed() implements Verdict {}

  /// Signed rightly but too long ago.
  record Stale(Duration age) implements Verdict {}

  /// Signed rightly but for a moment too far ahead of our clock.
  record Early(Duration ahead) implements Verdict {}

  /// Well-formed, but no secret of ours gives this signature.
  record Wrong() implements Verdict {}
}
