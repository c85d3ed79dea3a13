package dev.quittance.ingest.translate;

import dev.quittance.messaging.Backoff;
import java.time.Duration;
import java.time.Instant;

/// How long and how often a provider is asked.
///
/// | attempt | 1 | 2 | 3 | 4 | 5 | 6 | 7 on |
/// |---|---|---|---|---|---|---|---|
/// | after (with a first pause of 1 s, at most 60 s) | 1 s | 2 s | 4 s | 8 s | 16 s | 32 s | 60 s |
///
/// @param pauseFirst after the first vain attempt; doubles from there
/// @param pauseMax the longest pause
/// @param limit when to give up, from the moment that the question came up; nobody is asked once
///   more then
/// @param accessLimit when to give up waiting for a key that the provider accepts
record LookUpRetryPolicy(
    Duration pauseFirst, Duration pauseMax, Duration limit, Duration accessLimit) {

  /// A question that was never asked, because nobody ran here for so long, is asked first.
  boolean ends(RetryRecord record, boolean silent, Instant now) {
    return (record.attempt() > 0 || silent)
        && !now.isBefore(record.since().plus(record.keyAwaited() ? accessLimit : limit));
  }

  /// Whether it isn't asked again after a vain attempt.
  boolean isLast(RetryRecord record, Instant now) {
    RetryRecord next = again(record, false, now);
    return ends(next, false, next.dueAt());
  }

  RetryRecord again(RetryRecord record, boolean keyAwaited, Instant now) {
    Duration pause = Backoff.doubled(pauseFirst, pauseMax, record.attempt());
    return record.again(now.plus(pause), keyAwaited);
  }
}
