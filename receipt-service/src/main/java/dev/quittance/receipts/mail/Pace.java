package dev.quittance.receipts.mail;

import java.time.Duration;
import java.time.Instant;

/// How many letters may be under way. While the server is in trouble, one at a time is tried, with
/// pauses, so that a backlog isn't spent on a server that is away; the first answer opens the
/// floodgates again. Not safe for use by several threads.
final class Pace {

  /// Single connections break for many reasons; three in a row without an answer in between are the
  /// server's.
  private static final int FAULTS_UNNOTICED = 2;

  private final int most;
  private final Duration firstPause;
  private final Duration longestPause;
  private int faults;
  private Instant resume = Instant.MIN;

  /// @param most letters at a time in good weather
  Pace(int most, Duration firstPause, Duration longestPause) {
    this.most = most;
    this.firstPause = firstPause;
    this.longestPause = longestPause;
  }

  /// How many more may be started.
  int room(int underWay, Instant now) {
    if (faults <= FAULTS_UNNOTICED) {
      return most - underWay;
    }
    return now.isBefore(resume) ? 0 : Math.max(0, 1 - underWay);
  }

  void answered() {
    faults = 0;
  }

  void serverAway(Instant now) {
    faults++;
    int doubled = Math.min(Math.max(0, faults - FAULTS_UNNOTICED - 1), 20);
    Duration pause = firstPause.multipliedBy(1L << doubled);
    resume = now.plus(pause.compareTo(longestPause) < 0 ? pause : longestPause);
  }
}
