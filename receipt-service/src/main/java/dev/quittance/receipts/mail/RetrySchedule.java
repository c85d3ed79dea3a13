package dev.quittance.receipts.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// When to try again. With the defaults (first 10 s, at most 1 h, give up after 72 h), each
/// shortened or lengthened by up to a fifth:
///
/// | after attempt | 1    | 2    | 3    | 4     | 5      | 6    | 7 and on |
/// |---------------|------|------|------|-------|--------|------|----------|
/// | wait          | 10 s | 30 s | 90 s | 4.5 m | 13.5 m | 40 m | 1 h      |
///
/// @param first long enough for a connection that broke by chance; a greylisting server is asked a
///   few times in vain, which it expects
/// @param most short enough that a receipt comes within the hour once the server is back
/// @param giveUpAfter counted from when the mail became due, without the outages of the server
public record RetrySchedule(
    Duration first, Duration most, Duration giveUpAfter, RandomGenerator random) {

  private static final int FACTOR = 3;
  private static final int JITTER_PART = 5;

  /// @param attempt how many were made, from 1
  Instant next(int attempt, Instant now) {
    long wait = Math.min(first.toMillis(), most.toMillis());
    for (int i = 1; i < attempt && wait < most.toMillis(); i++) {
      wait = Math.min(wait * FACTOR, most.toMillis());
    }
    long fifth = wait / JITTER_PART;
    return now.plusMillis(wait - fifth + random.nextLong(2 * fifth + 1));
  }

  /// Whether a mail has been tried for long enough.
  ///
  /// @param trouble why it wasn't taken this time: a server that refuses everybody ends nobody's
  ///   mail
  /// @param countedFrom since when its time counts
  boolean givesUp(SmtpReply.Trouble trouble, Instant countedFrom, Instant now) {
    return trouble != SmtpReply.Trouble.SERVER_REFUSES
        && !now.isBefore(countedFrom.plus(giveUpAfter));
  }
}
