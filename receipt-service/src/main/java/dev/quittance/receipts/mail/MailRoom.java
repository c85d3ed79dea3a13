package dev.quittance.receipts.mail;

import dev.quittance.receipts.store.MailOutages;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Claims letters that are due, has them delivered, a bounded number at a time, and settles them.
/// One thread claims, renews leases and settles; what became of letters is settled in groups, as
/// they come in. So that the mail server needn't wait for the database, some letters more are in
/// hand than are under way: about as many as came back while the database was last spoken to.
///
/// Between the mail server's acceptance and the commit that says so lies the one window in which a
/// crash repeats a mail. The repeat has the same `Message-ID`, date and words.
public final class MailRoom implements AutoCloseable {

  /// How long work of other instances, retries and expired leases may wait to be seen. What this
  /// instance wrote down itself it is told of.
  static final Duration LOOK = Duration.ofSeconds(1);

  /// How long the mail server's pause, or the rate that it takes, may be over without a letter
  /// going out. Costs no question.
  private static final Duration TICK = Duration.ofMillis(250);

  /// 250 ms, doubled four times: 4 s.
  private static final int FAILURES_COUNTED = 4;

  /// After so many failures in a row outcomes are settled one by one.
  private static final int SETTLED_TOGETHER = 3;

  /// A lease is renewed when a third of it is over: two attempts may fail before it runs out.
  private static final int RENEWALS_PER_LEASE = 3;

  /// Letters in hand beyond those under way. With them, so many mails at most are repeated if this
  /// instance dies at the worst moment, and so many wait for its leases to run out.
  static final int AHEAD_MAX = 64;

  /// Time to finish the letters under way when the service stops; what isn't finished then is sent
  /// again after its lease.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  private final List<Tray<?, ?>> trays;
  private final MailRoomObserver observer;
  private final MailOutages outages;
  private final Settings settings;
  private final Clock clock;

  /// Guards the pace, what is under way, and the letters in hand that aren't: the threads on which
  /// letters come back hand out the next ones themselves.
  private final Object counter = new Object();

  private final Pace pace;
  private final Semaphore news = new Semaphore(0);

  /// Whether there may be work that nobody has looked for. A letter that comes back makes none, and
  /// looking through the work table is the dearest thing that is done here.
  private volatile boolean told = true;

  private long lookedAt = System.nanoTime();
  private int underWay;

  /// From which the last letter went out.
  private @Nullable Tray<?, ?> lastTried;

  private int failures;
  private Instant renewal;
  private Instant outageNoted;
  private Instant orphansFrom;
  private volatile Circuit circuit = Circuit.CLOSED;

  /// What the observer knows.
  private Circuit announced = Circuit.CLOSED;

  private volatile boolean cutOff;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;

  /// @param lettersMax under way at a time: one SMTP connection each
  /// @param perMinute letters a minute that the server wants no more of, 0 for any number
  /// @param lease how long letters of an instance that died are missed; renewed while a letter is
  ///   in hand, however long its server takes
  /// @param firstPause after the third fault of the server in a row, then doubling
  /// @param longestPause so long at most nobody asks a server that is away whether it is back
  /// @param longestRefusedPause so long at most nobody tries a server that refuses everybody
  public record Settings(
      int lettersMax,
      int perMinute,
      Duration lease,
      Duration firstPause,
      Duration longestPause,
      Duration longestRefusedPause) {}

  /// @param desks in the order in which they are served
  public MailRoom(
      List<Desk<?, ?>> desks,
      MailOutages outages,
      MailRoomObserver observer,
      Settings settings,
      Clock clock) {
    this.outages = outages;
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
            settings.longestRefusedPause(),
            now);
    this.renewal = now;
    this.outageNoted = now;
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

  /// Whether mail is being sent.
  public Circuit circuit() {
    return circuit;
  }

  /// Says that there may be new work.
  public void wake() {
    told = true;
    stir();
  }

  private void stir() {
    if (news.availablePermits() == 0) {
      news.release();
    }
  }

  private void work() {
    try {
      while (!stopped || inHand() > 0) {
        boolean busy = round();
        if (!busy) {
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int inHand() {
    return trays.stream().mapToInt(tray -> tray.held.size()).sum();
  }

  /// Sends letters in hand on their way, as many as may go, those of the first desk first. None
  /// while the database is away: it couldn't be written down that they were sent.
  private void handOut() {
    synchronized (counter) {
      if (stopped || cutOff) {
        return;
      }
      int room = pace.room(underWay, clock.instant());
      for (Tray<?, ?> tray : inTurn()) {
        for (; room > 0 && tray.handOut(); room--) {
          underWay++;
          pace.started(1);
          lastTried = tray;
        }
      }
    }
  }

  /// The first desk first; where a server in trouble is tried with single letters, each desk in
  /// turn, or one that is refused for itself would be all that is ever tried.
  private List<Tray<?, ?>> inTurn() {
    if (circuit == Circuit.CLOSED) {
      return trays;
    }
    var turned = new ArrayList<>(trays);
    if (lastTried != null && turned.remove(lastTried)) {
      turned.add(lastTried);
    }
    return turned;
  }

  private void cameBack(Reply reply) {
    synchronized (counter) {
      underWay--;
      watch(reply);
      circuit = pace.circuit();
    }
    handOut();
    stir();
  }

  /// Its place is free again, and its letter is tried again when the lease has run out.
  private void lost(Throwable defect) {
    synchronized (counter) {
      underWay--;
    }
    observer.failing("delivery", defect);
    stir();
  }

  /// Until there is news, or it is time to look. While the database is away the looks become fewer.
  private void pause() throws InterruptedException {
    long looks = 1L << Math.min(failures, FAILURES_COUNTED);
    news.tryAcquire(TICK.toMillis() * looks, TimeUnit.MILLISECONDS);
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
      noteOutages();
      if (told || System.nanoTime() - lookedAt >= LOOK.toNanos()) {
        told = false;
        lookedAt = System.nanoTime();
        trays.forEach(tray -> tray.looked = false);
      }
      for (Tray<?, ?> tray : trays) {
        busy |= stopped ? tray.giveBack() : tray.claim();
      }
      failures = 0;
      cutOff = false;
      handOut();
      return busy;
    } catch (SQLException | RuntimeException | Error e) {
      // nobody would start this thread again: whatever it is, the work goes on
      failures++;
      cutOff = true;
      observer.failing("mail room", e);
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

  /// While the server is in trouble, and once more when it is well again.
  private void noteOutages() throws SQLException {
    Instant now = clock.instant();
    List<Pace.Outage> unwritten;
    synchronized (counter) {
      boolean due = pace.hasEnded() || !now.isBefore(outageNoted.plus(noting()));
      unwritten = due ? pace.outages(now) : List.of();
    }
    if (circuit != announced) {
      announced = circuit;
      observer.circuit(announced);
    }
    if (unwritten.isEmpty()) {
      return;
    }
    for (Pace.Outage outage : unwritten) {
      outages.lasted(outage.began(), outage.until());
    }
    synchronized (counter) {
      pace.noted(unwritten);
    }
    outageNoted = now;
  }

  private Duration noting() {
    return settings.lease().dividedBy(RENEWALS_PER_LEASE);
  }

  private void watch(Reply reply) {
    Instant now = clock.instant();
    switch (reply) {
      case Reply.Accepted(), Reply.Refused(_) -> pace.answered(now);
      case Reply.Unaddressable(_) -> {}
      case Reply.Deferred(_, var trouble) -> {
        switch (trouble) {
          case LETTER -> pace.answered(now);
          case SERVER_AWAY -> pace.serverAway(now);
          case SERVER_REFUSES -> pace.serverRefuses(now);
          case OURS -> {}
        }
      }
    }
  }

  /// Finishes the letters under way, gives back the others and closes.
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

    /// Of those, the ones that are not under way yet. Guarded by the counter.
    private final Queue<S> ready = new ArrayDeque<>();

    private final LinkedBlockingQueue<Desk.Attempt<S, R>> returned = new LinkedBlockingQueue<>();

    /// Of which nobody knows what they came to.
    private final Queue<S> dropped = new ConcurrentLinkedQueue<>();

    private final List<Desk.Attempt<S, R>> unsettled = new ArrayList<>();
    private int ahead;

    /// Whether all that was due a moment ago is claimed.
    private boolean looked;

    Tray(Desk<S, R> desk) {
      this.desk = desk;
    }

    boolean claim() throws SQLException {
      int room;
      synchronized (counter) {
        room = pace.claims(held.size(), ahead, clock.instant());
      }
      if (room <= 0 || looked) {
        return false;
      }
      boolean trial = circuit != Circuit.CLOSED;
      List<S> claimed = desk.claim(room, !clock.instant().isBefore(orphansFrom), held, trial);
      looked = claimed.size() < room;
      held.addAll(claimed);
      synchronized (counter) {
        ready.addAll(claimed);
      }
      return !claimed.isEmpty();
    }

    /// @return whether there was one
    boolean handOut() {
      S item = ready.poll();
      if (item == null) {
        return false;
      }
      Thread.ofVirtual().start(() -> deliver(item));
      return true;
    }

    private void deliver(S item) {
      CompletionStage<Desk.Attempt<S, R>> stage;
      try {
        stage = desk.attempt(item);
      } catch (Throwable e) { // whatever it is, the place must not be lost for it
        cameBack(item, e);
        return;
      }
      stage.whenComplete((attempt, defect) -> {
        if (defect == null) {
          cameBack(attempt);
        } else {
          cameBack(item, defect);
        }
      });
    }

    private void cameBack(Desk.Attempt<S, R> attempt) {
      returned.add(attempt);
      MailRoom.this.cameBack(attempt.reply());
    }

    private void cameBack(S item, Throwable defect) {
      Desk.Attempt<S, R> attempt;
      try {
        attempt = desk.failed(item, defect);
      } catch (Throwable e) {
        dropped.add(item);
        lost(e);
        return;
      }
      cameBack(attempt);
    }

    /// So that others needn't wait for the leases to run out.
    boolean giveBack() throws SQLException {
      List<S> untried;
      synchronized (counter) {
        untried = List.copyOf(ready);
      }
      if (untried.isEmpty()) {
        return false;
      }
      desk.giveBack(untried);
      untried.forEach(held::remove);
      synchronized (counter) {
        ready.clear();
      }
      return true;
    }

    void renew() throws SQLException {
      if (!held.isEmpty()) {
        desk.renew(List.copyOf(held));
      }
    }

    boolean settle() throws SQLException {
      for (S item = dropped.poll(); item != null; item = dropped.poll()) {
        held.remove(item);
      }
      int back = returned.drainTo(unsettled);
      ahead = back > 0 ? Math.min(back, AHEAD_MAX) : ahead / 2;
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
      group.forEach(attempt -> held.remove(attempt.item()));
      for (Desk.Attempt<S, R> attempt : group) {
        try {
          attempt.defect().ifPresent(defect -> observer.failing("rendering", defect));
          desk.settled(attempt.result(), attempt.reply());
        } catch (RuntimeException | Error e) { // it is written down: that nobody heard is no harm
          observer.failing("observing", e);
        }
      }
    }
  }
}
