package dev.quittance.ingest.provider;

import java.time.Duration;

/// What the verification of a signature found. Only [Genuine] and [Hint] pass.
public sealed interface Verdict {

  /// Signed with one of the endpoint's secrets, and fresh.
  record Genuine() implements Verdict {}

  /// Sent by the provider, by a signature that doesn't vouch for what the body says: a checksum of
  /// it, for example, or a few of its fields. Whoever saw such a delivery can alter it. So it says
  /// that something happened, and what that is only the provider's API does: nothing is taken from
  /// the body but what to ask for.
  record Hint() implements Verdict {}

  /// The key to check it with isn't here; it is being fetched ([FetchedKeys]), so the provider is
  /// asked to send it again.
  record NoKeyYet() implements Verdict {}

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
