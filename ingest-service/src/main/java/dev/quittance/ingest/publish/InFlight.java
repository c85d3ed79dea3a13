package dev.quittance.ingest.publish;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Where webhooks wait while the brokers' whereabouts aren't known: right after the start, and when
/// all brokers were out of reach for a moment. Better two seconds here than an hour until the
/// provider's next try.
final class InFlight {

  /// Some 9,000 webhooks of 3.6 KB, a second of the fastest that was seen.
  static final long BYTES_MAX = 32L * 1024 * 1024;

  private final LinkedBlockingQueue<PublishAttempt> attempts = new LinkedBlockingQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  /// Takes an attempt, unless the memory for them is full.
  boolean admit(PublishAttempt attempt) {
    if (bytes.addAndGet(attempt.bytes()) > BYTES_MAX) {
      bytes.addAndGet(-attempt.bytes());
      return false;
    }
    return attempts.add(attempt);
  }

  /// The next attempt, if one comes within the time.
  @Nullable PublishAttempt next(long withinMillis) throws InterruptedException {
    PublishAttempt next = attempts.poll(withinMillis, TimeUnit.MILLISECONDS);
    if (next != null) {
      bytes.addAndGet(-next.bytes());
    }
    return next;
  }

  /// Makes room by forgetting those in front for whom nobody waits any more.
  void tidy() throws InterruptedException {
    for (PublishAttempt first = attempts.peek();
        first != null && !first.isAwaited();
        first = attempts.peek()) {
      next(0);
    }
  }
}
