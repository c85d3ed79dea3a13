package dev.quittance.receipts.mail;

import java.util.concurrent.CompletionStage;

/// Where letters are handed over.
public interface PostOffice {

  /// Tries once. The stage never fails: whatever goes wrong is a [Reply].
  CompletionStage<Reply> post(Letter letter);
}
