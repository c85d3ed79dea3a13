package dev.quittance.ingest.webhook;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/// How much is held of bodies that nobody has verified yet, all of them together: anybody can send
/// one, and the connections alone would admit more than the memory has.
///
/// The first few KiB of each are free. So an ordinary delivery costs nothing here, and gets through
/// however many large ones there are.
@Singleton
final class UnverifiedBytes {

  /// What most bodies are shorter than: 500 connections hold 2 MiB of it.
  static final int FREE_PER_BODY = 4_096;

  /// 128 of the largest at the same time. With the buffers that grow by doubling it is 64 MiB, a
  /// fifth of the smallest pod's heap; the producer has as much again.
  static final long BYTES_MAX = 32L * 1024 * 1024;

  private final long most;
  private final AtomicLong held = new AtomicLong();

  @Inject
  UnverifiedBytes(MeterRegistry registry) {
    this(BYTES_MAX);
    Gauge.builder("quittance.webhooks.unverified", held, AtomicLong::get)
        .description("Bytes held of large bodies that are not verified yet")
        .baseUnit("bytes")
        .register(registry);
  }

  UnverifiedBytes(long most) {
    this.most = most;
  }

  /// Takes some more, unless it is too much.
  boolean take(int bytes) {
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void release(int bytes) {
    held.addAndGet(-bytes);
  }

  /// One body's part of it. For one thread.
  final class Share {

    private int taken;
    private boolean released;

    /// @param length of the body with what has just come
    /// @return whether there is room for it
    boolean covers(int length) {
      int more = length - FREE_PER_BODY - taken;
      if (more <= 0) {
        return true;
      }
      if (released || !take(more)) {
        return false;
      }
      taken += more;
      return true;
    }

    /// The body is verified, or nobody's any more.
    void release() {
      released = true;
      if (taken > 0) {
        UnverifiedBytes.this.release(taken);
        taken = 0;
      }
    }
  }

  Share share() {
    return new Share();
  }
}
