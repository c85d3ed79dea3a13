package dev.quittance.ingest.translate;

import dev.quittance.messaging.Backoff;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Stops asking one endpoint's provider that doesn't answer, and tries it with a single question
/// every now and then, so that an outage costs neither slots nor calls.
///
/// | state | asks | leaves it |
/// |---|---|---|
/// | closed | all | after [#FAILURES_MAX] failures in a row: open |
/// | open | nothing | after a pause, which doubles with each vain try: half open |
/// | half open | one question | answered: closed; failed: open; neither: open, to be tried at once |
///
/// An answer closes it, whenever it comes and whatever it says: also "no such object" proves that
/// somebody is there. Safe for several threads.
final class CircuitBreaker {

  /// Half of an endpoint's slots: less would open it for a few objects that fail for themselves,
  /// more would keep nearly all slots waiting for time-outs.
  static final int FAILURES_MAX = 8;

  /// Whoever waits looks five times a second.
  private static final Duration COURTESY = Duration.ofSeconds(1);

  private enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  private final Duration pauseFirst;
  private final Duration pauseMax;
  private State state = State.CLOSED;
  private int failures;
  private int pauses;
  private Instant tryAt = Instant.MIN;
  private @Nullable RetryLane triedBy;

  /// @param pauseFirst from opening to the first try
  /// @param pauseMax the longest between two tries
  CircuitBreaker(Duration pauseFirst, Duration pauseMax) {
    this.pauseFirst = pauseFirst;
    this.pauseMax = pauseMax;
  }

  /// Whether a question may be asked now. Who gets a yes reports by exactly one of [#answered],
  /// [#failed] and [#notAsked]. Who only asks while it isn't [#open] reports answers and failures.
  ///
  /// @param lane whose question it is: one that made the last try leaves the next to another for a
  ///   moment, because a question that was tried is out of the way
  synchronized boolean admits(Instant now, RetryLane lane) {
    return switch (state) {
      case CLOSED -> true;
      case HALF_OPEN -> false;
      case OPEN -> {
        boolean due = !now.isBefore(lane.equals(triedBy) ? tryAt.plus(COURTESY) : tryAt);
        if (due) {
          state = State.HALF_OPEN;
          triedBy = lane;
        }
        yield due;
      }
    };
  }

  /// The provider answered.
  synchronized void answered() {
    state = State.CLOSED;
    failures = 0;
    pauses = 0;
    triedBy = null;
  }

  /// No answer in time, or none that is one.
  synchronized void failed(Instant now) {
    switch (state) {
      case CLOSED -> {
        failures++;
        if (failures >= FAILURES_MAX) {
          open(now);
        }
      }
      case HALF_OPEN -> open(now);
      case OPEN -> {} // asked before it opened
    }
  }

  /// The question was not put to the provider after all, or what became of it says nothing of the
  /// provider.
  synchronized void notAsked(Instant now) {
    if (state == State.HALF_OPEN) {
      state = State.OPEN;
      tryAt = now;
    }
  }

  /// Whether the provider counts as one that doesn't answer.
  synchronized boolean open() {
    return state != State.CLOSED;
  }

  private void open(Instant now) {
    tryAt = now.plus(Backoff.doubled(pauseFirst, pauseMax, pauses));
    pauses++;
    failures = 0;
    state = State.OPEN;
  }
}
