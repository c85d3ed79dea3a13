package dev.quittance.receipts.mail;

import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.receipts.store.WorkTable;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Claims receipts that are due, has them delivered, a bounded number at a time, and settles them.
/// One thread claims and settles; what became of letters is settled in groups, as they come in.
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

  /// Time to finish the letters under way when the service stops; what isn't finished then is sent
  /// again after its lease.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  private final WorkTable table;
  private final Delivery delivery;
  private final MailRoomObserver observer;
  private final Settings settings;
  private final Clock clock;
  private final Pace pace;
  private final String owner = UUID.randomUUID().toString();
  private final LinkedBlockingQueue<Delivery.Outcome> returned = new LinkedBlockingQueue<>();
  private final Semaphore news = new Semaphore(0);
  private int underWay;
  private int failures;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;

  /// @param lettersMax under way at a time: one SMTP connection each
  /// @param perMinute letters a minute that the server wants no more of, 0 for any number
  /// @param lease longer than any letter can take, so that nobody else sends it meanwhile; short
  ///   enough that letters of an instance that died aren't missed for long
  /// @param firstPause after the third fault of the server in a row, then doubling
  /// @param longestPause so long at most nobody asks a server that is away whether it is back
  public record Settings(
      int lettersMax, int perMinute, Duration lease, Duration firstPause, Duration longestPause) {}

  public MailRoom(
      WorkTable table,
      Renderer renderer,
      Stationery stationery,
      PostOffice postOffice,
      RetrySchedule schedule,
      MailRoomObserver observer,
      Settings settings,
      Clock clock) {
    this.table = table;
    this.delivery = new Delivery(renderer, stationery, postOffice, schedule, clock);
    this.observer = observer;
    this.settings = settings;
    this.clock = clock;
    this.pace =
        new Pace(
            settings.lettersMax(),
            settings.perMinute(),
            settings.firstPause(),
            settings.longestPause(),
            clock.instant());
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
    var unsettled = new ArrayList<Delivery.Outcome>();
    try {
      while (!stopped || underWay > 0 || !unsettled.isEmpty()) {
        boolean busy = round(unsettled);
        if (!busy) {
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Until there is news, or it is time to look. While the database is away the looks become fewer.
  private void pause() throws InterruptedException {
    long looks = 1L << Math.min(failures, FAILURES_COUNTED);
    news.tryAcquire(LOOK.toMillis() * looks, TimeUnit.MILLISECONDS);
    news.drainPermits();
  }

  /// @return whether there was something to do
  private boolean round(List<Delivery.Outcome> unsettled) {
    returned.drainTo(unsettled);
    try {
      boolean settled = settle(unsettled);
      boolean claimed = !stopped && claim();
      failures = 0;
      return settled || claimed;
    } catch (SQLException | RuntimeException | Error e) {
      // nobody would start this thread again: whatever it is, the work goes on
      observer.failing("mail room", e);
      failures++;
      return false;
    }
  }

  private boolean settle(List<Delivery.Outcome> unsettled) throws SQLException {
    if (unsettled.isEmpty()) {
      return false;
    }
    if (failures < SETTLED_TOGETHER) {
      settled(List.copyOf(unsettled), unsettled);
    } else {
      // if it is one of them that the database doesn't take, the others need not wait for it
      for (Delivery.Outcome one : List.copyOf(unsettled)) {
        settled(List.of(one), unsettled);
      }
    }
    return true;
  }

  private void settled(List<Delivery.Outcome> group, List<Delivery.Outcome> unsettled)
      throws SQLException {
    try {
      table.settle(group.stream().map(Delivery.Outcome::receipt).toList());
    } catch (SQLException | RuntimeException e) {
      // last in the queue next time
      unsettled.removeAll(group);
      unsettled.addAll(group);
      throw e;
    }
    unsettled.removeAll(group);
    for (Delivery.Outcome outcome : group) {
      underWay--;
      outcome.defect().ifPresent(defect -> observer.failing("rendering", defect));
      watch(outcome.reply());
      observer.attempted(outcome.receipt(), outcome.reply());
    }
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

  private boolean claim() throws SQLException {
    int room = pace.room(underWay, clock.instant());
    if (room <= 0) {
      return false;
    }
    List<Receipt.Sending> claimed = table.claim(room, owner, settings.lease());
    underWay += claimed.size();
    pace.started(claimed.size());
    for (Receipt.Sending sending : claimed) {
      Thread.ofVirtual().start(() -> deliver(sending));
    }
    return !claimed.isEmpty();
  }

  private void deliver(Receipt.Sending sending) {
    delivery
        .attempt(sending)
        .thenAccept(outcome -> {
          returned.add(outcome);
          wake();
        });
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
}
