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

  private static final long MINUTE_MS = 60_000;

  private final int most;
  private final int perMinute;
  private final Duration firstPause;
  private final Duration longestPause;
  private int faults;
  private Instant resume = Instant.MIN;
  private double saved;
  private Instant savedAt;

  /// @param most letters at a time in good weather
  /// @param perMinute letters a minute that the server wants no more of; 0 where it takes what
  ///   comes
  Pace(int most, int perMinute, Duration firstPause, Duration longestPause, Instant now) {
    this.most = most;
    this.perMinute = perMinute;
    this.saved = 1;
    this.savedAt = now;
    this.firstPause = firstPause;
    this.longestPause = longestPause;
  }

  /// How many more may be started.
  int room(int underWay, Instant now) {
    int room = faults <= FAULTS_UNNOTICED ? most - underWay : trial(underWay, now);
    if (perMinute == 0) {
      return room;
    }
    save(now);
    return Math.min(room, (int) saved);
  }

  /// How many more may be taken in hand.
  ///
  /// @param inHand under way or waiting for it
  /// @param ahead so many may wait while the server takes what comes
  int claims(int inHand, int ahead, Instant now) {
    boolean steady = faults <= FAULTS_UNNOTICED && perMinute == 0;
    return steady ? most + ahead - inHand : room(inHand, now);
  }

  private int trial(int underWay, Instant now) {
    return now.isBefore(resume) ? 0 : Math.max(0, 1 - underWay);
  }

  /// A second's worth can be saved up at most, so that the minute's number comes evenly.
  private void save(Instant now) {
    long elapsed = Math.max(0, Duration.between(savedAt, now).toMillis());
    double worth = saved + (double) perMinute * elapsed / MINUTE_MS;
    saved = Math.min(worth, Math.max(1, perMinute / 60.0));
    savedAt = now;
  }

  /// So many were started.
  void started(int letters) {
    saved -= letters;
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
