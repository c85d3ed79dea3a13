package dev.quittance.ingest.translate;

/// What came of asking a provider.
record LookUpReply(TranslationOutcome outcome, Contact contact) {

  /// What a question says about its provider.
  enum Contact {
    /// It wasn't asked.
    NONE,
    ANSWERED,
    FAILED
  }
}
