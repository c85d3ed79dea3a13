package dev.quittance.receipts.mail;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Claims letters that are due, has them delivered, a bounded number at a time, and settles them.
/// One thread claims, renews leases and settles; what became of letters is settled in groups, as
/// they come in.
///
/// Between the mail server's acceptance and the commit that says so lies the one window in which a
/// crash repeats a mail. The repeat has the same `Message-ID`, date and words.
public final class MailRoom implements AutoCloseable {

  /// How long work of other instances, retries and expired leases may wait to be seen.
  static final Duration LOOK = Duration.ofMillis(250);

  /// 250 ms, doubled four times: 4 s.
  private static final int FAILURES_COUNTED = 4;

  /// After so many failures in a row outcomes are settled one by one.
  private static final int SETTLED_TOGETHER = 3;

  /// A lease is renewed when a third of it is over: two attempts may fail before it runs out.
  private static final int RENEWALS_PER_LEASE = 3;

  /// Time to finish the letters under way when the service stops; what isn't finished then is sent
  /// again after its lease.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  private final List<Tray<?, ?>> trays;
  private final MailRoomObserver observer;
  private final Settings settings;
  private final Clock clock;
  private final Pace pace;
  private final Semaphore news = new Semaphore(0);
  private int failures;
  private Instant renewal;
  private Instant orphansFrom;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;

  /// @param lettersMax under way at a time: one SMTP connection each
  /// @param perMinute letters a minute that the server wants no more of, 0 for any number
  /// @param lease how long letters of an instance that died are missed; renewed while a letter is
  ///   in hand, however long its server takes
  /// @param firstPause after the third fault of the server in a row, then doubling
  /// @param longestPause so long at most nobody asks a server that is away whether it is back
  public record Settings(
      int lettersMax, int perMinute, Duration lease, Duration firstPause, Duration longestPause) {}

  /// @param desks in the order in which they are served
  public MailRoom(
      List<Desk<?, ?>> desks, MailRoomObserver observer, Settings settings, Clock clock) {
    this.trays = desks.stream().map(this::tray).collect(Collectors.toUnmodifiableList());
    this.observer = observer;
    this.settings = settings;
    this.clock = clock;
    Instant now = clock.instant();
    this.pace =
        new Pace(
            settings.lettersMax(),
            settings.perMinute(),
            settings.firstPause(),
            settings.longestPause(),
            now);
    this.renewal = now;
    this.orphansFrom = now.plus(settings.lease());
  }

  private <S, R> Tray<S, R> tray(Desk<S, R> desk) {
    return new Tray<>(desk);
  }

  /// Opens it.
  public void start() {
    thread = Thread.ofVirtual().name("mail-room").start(this::work);
  }

  /// Whether somebody works here, or nobody should; a mail server or a database that is away
  /// doesn't matter.
  public boolean alive() {
    Thread running = thread;
    return stopped || running == null || running.isAlive();
  }

  /// Says that there may be new work.
  public void wake() {
    if (news.availablePermits() == 0) {
      news.release();
    }
  }

  private void work() {
    try {
      while (!stopped || underWay() > 0) {
        boolean busy = round();
        if (!busy) {
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int underWay() {
    return trays.stream().mapToInt(tray -> tray.held.size()).sum();
  }

  /// Until there is news, or it is time to look. While the database is away the looks become fewer.
  private void pause() throws InterruptedException {
    long looks = 1L << Math.min(failures, FAILURES_COUNTED);
    news.tryAcquire(LOOK.toMillis() * looks, TimeUnit.MILLISECONDS);
    news.drainPermits();
  }

  /// @return whether there was something to do
  private boolean round() {
    try {
      boolean busy = false;
      for (Tray<?, ?> tray : trays) {
        busy |= tray.settle();
      }
      renew();
      for (Tray<?, ?> tray : trays) {
        busy |= !stopped && tray.claim();
      }
      failures = 0;
      return busy;
    } catch (SQLException | RuntimeException | Error e) {
      // nobody would start this thread again: whatever it is, the work goes on
      observer.failing("mail room", e);
      failures++;
      // the others may have been cut off too: they get a lease's time to write down what they sent
      orphansFrom = clock.instant().plus(settings.lease());
      return false;
    }
  }

  private void renew() throws SQLException {
    Instant now = clock.instant();
    if (now.isBefore(renewal)) {
      return;
    }
    for (Tray<?, ?> tray : trays) {
      tray.renew();
    }
    renewal = now.plus(settings.lease().dividedBy(RENEWALS_PER_LEASE));
  }

  private void watch(Reply reply) {
    switch (reply) {
      case Reply.Accepted(), Reply.Refused(_) -> pace.answered();
      case Reply.Deferred(_, var serverAway) -> {
        if (serverAway) {
          pace.serverAway(clock.instant());
        } else {
          pace.answered();
        }
      }
    }
  }

  /// Finishes the letters under way and closes.
  @Override
  public void close() {
    stopped = true;
    wake();
    Thread running = thread;
    if (running == null) {
      return;
    }
    try {
      if (!running.join(CLOSE_MAX)) {
        running.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.interrupt();
    }
  }

  /// The letters of one desk.
  private final class Tray<S, R> {

    private final Desk<S, R> desk;

    /// Claimed and not settled yet. By identity: only the thread of the mail room touches it.
    private final Set<S> held = Collections.newSetFromMap(new IdentityHashMap<>());

    private final LinkedBlockingQueue<Desk.Attempt<S, R>> returned = new LinkedBlockingQueue<>();
    private final List<Desk.Attempt<S, R>> unsettled = new ArrayList<>();

    Tray(Desk<S, R> desk) {
      this.desk = desk;
    }

    boolean claim() throws SQLException {
      Instant now = clock.instant();
      int room = pace.room(underWay(), now);
      if (room <= 0) {
        return false;
      }
      List<S> claimed = desk.claim(room, !now.isBefore(orphansFrom));
      held.addAll(claimed);
      pace.started(claimed.size());
      for (S item : claimed) {
        Thread.ofVirtual().start(() -> deliver(item));
      }
      return !claimed.isEmpty();
    }

    private void deliver(S item) {
      desk.attempt(item)
          .thenAccept(attempt -> {
            returned.add(attempt);
            wake();
          });
    }

    void renew() throws SQLException {
      if (!held.isEmpty()) {
        desk.renew(List.copyOf(held));
      }
    }

    boolean settle() throws SQLException {
      returned.drainTo(unsettled);
      if (unsettled.isEmpty()) {
        return false;
      }
      if (failures < SETTLED_TOGETHER) {
        settle(List.copyOf(unsettled));
      } else {
        // if it is one of them that the database doesn't take, the others need not wait for it
        for (Desk.Attempt<S, R> one : List.copyOf(unsettled)) {
          settle(List.of(one));
        }
      }
      return true;
    }

    private void settle(List<Desk.Attempt<S, R>> group) throws SQLException {
      try {
        desk.settle(group.stream().map(Desk.Attempt::result).toList());
      } catch (SQLException | RuntimeException e) {
        // last in the queue next time
        unsettled.removeAll(group);
        unsettled.addAll(group);
        throw e;
      }
      unsettled.removeAll(group);
      for (Desk.Attempt<S, R> attempt : group) {
        held.remove(attempt.item());
        attempt.defect().ifPresent(defect -> observer.failing("rendering", defect));
        watch(attempt.reply());
        desk.settled(attempt.result(), attempt.reply());
      }
    }
  }
}
