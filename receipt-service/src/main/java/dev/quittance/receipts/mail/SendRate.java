package dev.quittance.receipts.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many mails may be under way: the dispatcher's circuit breaker. While the server is in
/// trouble, one at a time is tried, with pauses, so that a backlog isn't spent on a server that is
/// away or refuses everybody; the first good answer opens the floodgates again. Not safe for use by
/// several threads.
final class SendRate {

  /// Single connections break for many reasons; three in a row without an answer in between are the
  /// server's.
  private static final int FAULTS_UNNOTICED = 2;

  private static final long MINUTE_MS = 60_000;

  private final int most;
  private final int perMinute;
  private final Duration firstPause;
  private final Duration longestPause;
  private final Duration longestRefusedPause;
  private int faults;
  private boolean refusing;
  private Instant resume = Instant.MIN;
  private double saved;
  private Instant savedAt;
  private @Nullable Instant openSince;
  private final List<Outage> ended = new ArrayList<>();

  /// @param most mails at a time while the server takes them
  /// @param perMinute mails a minute that the server wants no more of; 0 where it takes what comes
  /// @param longestPause between two tries of a server that is away
  /// @param longestRefusedPause between two tries of a server that refuses everybody
  SendRate(
      int most,
      int perMinute,
      Duration firstPause,
      Duration longestPause,
      Duration longestRefusedPause,
      Instant now) {
    this.most = most;
    this.perMinute = perMinute;
    this.saved = 1;
    this.savedAt = now;
    this.firstPause = firstPause;
    this.longestPause = longestPause;
    this.longestRefusedPause = longestRefusedPause;
  }

  /// How many more may be started.
  int room(int underWay, Instant now) {
    int room = isOpen() ? trial(underWay, now) : most - underWay;
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
    boolean steady = !isOpen() && perMinute == 0;
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
  void started(int mails) {
    saved -= mails;
  }

  void answered(Instant now) {
    faults = 0;
    refusing = false;
    if (openSince != null) {
      ended.add(new Outage(openSince, now));
      openSince = null;
    }
  }

  void serverAway(Instant now) {
    refusing = false;
    fault(now, longestPause);
  }

  /// The server answers, and takes nobody's mail: that needs no more proof.
  void serverRefuses(Instant now) {
    refusing = true;
    faults = Math.max(faults, FAULTS_UNNOTICED);
    fault(now, longestRefusedPause);
  }

  private void fault(Instant now, Duration longest) {
    faults++;
    int doubled = Math.min(Math.max(0, faults - FAULTS_UNNOTICED - 1), 20);
    Duration pause = firstPause.multipliedBy(1L << doubled);
    resume = now.plus(pause.compareTo(longest) < 0 ? pause : longest);
    if (isOpen() && openSince == null) {
      openSince = now;
    }
  }

  private boolean isOpen() {
    return faults > FAULTS_UNNOTICED;
  }

  MailCircuit circuit() {
    if (!isOpen()) {
      return MailCircuit.CLOSED;
    }
    return refusing ? MailCircuit.REFUSED : MailCircuit.AWAY;
  }

  /// A time during which the server was in trouble.
  record Outage(Instant began, Instant until) {}

  /// The outages that nobody has written down yet, and the one that lasts.
  List<Outage> outages(Instant now) {
    var all = new ArrayList<>(ended);
    if (openSince != null) {
      all.add(new Outage(openSince, now));
    }
    return all;
  }

  /// Some outages were written down.
  void noted(List<Outage> outages) {
    ended.removeAll(outages);
  }

  boolean hasEnded() {
    return !ended.isEmpty();
  }
}
