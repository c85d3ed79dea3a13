package dev.quittance.receipts.mail;

import dev.quittance.receipts.persistence.MailOutages;
import dev.quittance.receipts.persistence.MailQueue;
import dev.quittance.receipts.receipt.ClaimedMail;
import dev.quittance.receipts.receipt.DirectDispatch;
import dev.quittance.receipts.receipt.Grant;
import dev.quittance.receipts.receipt.MailKind;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Claims mails that are due, has them sent, a bounded number at a time, and settles them. One
/// thread claims, renews leases and settles; what became of mails is settled in groups, as they
/// come in. As long as none waits, who writes a receipt claims it for this one, and it goes without
/// being looked for. So that the mail server needn't wait for the database, some mails more are in
/// hand than are under way: about as many as came back while the database was last spoken to.
///
/// Between the mail server's acceptance and the commit that says so lies the one window in which a
/// crash repeats a mail. The repeat has the same `Message-ID`, date and words.
public final class MailDispatcher implements DirectDispatch, AutoCloseable {

  /// How long work of other instances, retries and expired leases may wait to be seen. What this
  /// instance wrote down itself it is woken for.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// How long the mail server's pause, or the rate that it takes, may be over without a mail going
  /// out. Costs no question.
  private static final Duration TICK = Duration.ofMillis(250);

  /// 250 ms, doubled four times: 4 s.
  private static final int FAILURES_COUNTED = 4;

  /// After so many failures in a row outcomes are settled one by one.
  private static final int SETTLED_TOGETHER = 3;

  /// A lease is renewed when a third of it is over: two attempts may fail before it runs out.
  private static final int RENEWALS_PER_LEASE = 3;

  /// Mails in hand beyond those under way. With them, so many mails at most are repeated if this
  /// instance dies at the worst moment, and so many wait for its leases to run out.
  static final int AHEAD_MAX = 64;

  /// Time to finish the mails under way when the service stops; what isn't finished then is sent
  /// again after its lease.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  private final MailQueue queue;
  private final MailSender sender;
  private final MailDispatchObserver observer;
  private final MailOutages outages;
  private final Settings settings;
  private final Clock clock;

  /// Claimed and not settled yet, by identity. Guarded by the counter.
  private final Set<ClaimedMail> held = Collections.newSetFromMap(new IdentityHashMap<>());

  /// Guards the pace, what is under way, and the mails in hand that aren't: the threads on which
  /// mails come back hand out the next ones themselves.
  private final Object counter = new Object();

  /// The mails in hand that are not under way yet. Guarded by the counter.
  private final Map<MailKind, Queue<ClaimedMail>> ready = new EnumMap<>(MailKind.class);

  /// The ones that nobody sends any more: they are to be given back. Guarded by the counter.
  private final List<ClaimedMail> withheld = new ArrayList<>();

  private final LinkedBlockingQueue<MailSender.Attempt> returned = new LinkedBlockingQueue<>();

  /// Of which nobody knows what they came to.
  private final Queue<ClaimedMail> dropped = new ConcurrentLinkedQueue<>();

  private final List<MailSender.Attempt> unsettled = new ArrayList<>();

  private final SendRate pace;
  private final Semaphore events = new Semaphore(0);

  /// Whether there may be work that nobody has looked for. A mail that comes back makes none, and
  /// looking through the queue is the dearest thing that is done here.
  private volatile boolean woken = true;

  private long lookedAt = System.nanoTime();

  /// Whether all that was due a moment ago is claimed.
  private volatile boolean looked;

  /// The same of the codes alone, which are claimed though receipts fill the hands.
  private boolean lookedForCodes;

  /// Of what kind the last mail was that went on its way. Guarded by the counter.
  private MailKind lastSent = MailKind.RECEIPT;

  private int ahead;
  private int underWay;
  private int failures;
  private Instant renewal;
  private Instant outageNoted;
  private Instant orphansFrom;
  private volatile MailCircuit circuit = MailCircuit.CLOSED;

  /// What the observer knows.
  private MailCircuit announced = MailCircuit.CLOSED;

  private volatile boolean cutOff;
  private volatile boolean stopped;

  /// Whether nobody settles any more, nor gives back. Guarded by the counter.
  private boolean ended;

  private volatile @Nullable Thread thread;

  /// @param mailsMax under way at a time: one SMTP connection each
  /// @param perMinute mails a minute that the server wants no more of, 0 for any number
  /// @param lease how long mails of an instance that died are missed; renewed while a mail is in
  ///   hand, however long its server takes
  /// @param firstPause after the third fault of the server in a row, then doubling
  /// @param longestPause so long at most nobody asks a server that is away whether it is back
  /// @param longestRefusedPause so long at most nobody tries a server that refuses everybody
  public record Settings(
      int mailsMax,
      int perMinute,
      Duration lease,
      Duration firstPause,
      Duration longestPause,
      Duration longestRefusedPause) {}

  public MailDispatcher(
      MailQueue queue,
      MailSender sender,
      MailOutages outages,
      MailDispatchObserver observer,
      Settings settings,
      Clock clock) {
    this.outages = outages;
    this.queue = queue;
    this.sender = sender;
    this.observer = observer;
    this.settings = settings;
    this.clock = clock;
    for (MailKind kind : MailKind.values()) {
      ready.put(kind, new ArrayDeque<>());
    }
    Instant now = clock.instant();
    this.pace =
        new SendRate(
            settings.mailsMax(),
            settings.perMinute(),
            settings.firstPause(),
            settings.longestPause(),
            settings.longestRefusedPause(),
            now);
    this.renewal = now;
    this.outageNoted = now;
    this.orphansFrom = now.plus(settings.lease());
  }

  /// Begins to send.
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
  public MailCircuit circuit() {
    return circuit;
  }

  @Override
  public void wake() {
    woken = true;
    stir();
  }

  /// Nothing while others wait, in the table or in hand, or the server is in trouble: then each has
  /// to take its turn.
  @Override
  public Grant grant() {
    synchronized (counter) {
      boolean idle =
          looked
              && !woken
              && !stopped
              && !cutOff
              && circuit == MailCircuit.CLOSED
              && ready.values().stream().allMatch(Queue::isEmpty);
      // what came back and isn't written down yet counts as well: if writing stalls, so does this
      Instant now = clock.instant();
      int room = Math.min(pace.room(underWay, now), pace.claims(held.size(), 0, now));
      return queue.grant(idle ? Math.max(0, room) : 0);
    }
  }

  /// Several may have been granted the same room: what doesn't go at once is the next in hand.
  @Override
  public void take(List<ClaimedMail> granted) {
    // a commit may have taken longer than the lease: such mails are others' by now
    Instant needed = clock.instant().plus(noting());
    List<ClaimedMail> claimed =
        granted.stream().filter(mail -> mail.lease().until().isAfter(needed)).toList();
    synchronized (counter) {
      if (!ended) {
        held.addAll(claimed);
        if (stopped || circuit != MailCircuit.CLOSED) {
          withheld.addAll(claimed);
          stir();
        } else {
          claimed.forEach(mail -> ready(mail.kind()).add(mail));
          handOut();
        }
        return;
      }
    }
    try {
      queue.giveBack(claimed);
    } catch (SQLException | RuntimeException e) {
      observer.failing("giving back", e); // others take them when the lease has run out
    }
  }

  private void stir() {
    if (events.availablePermits() == 0) {
      events.release();
    }
  }

  private void work() {
    try {
      while (!isDone()) {
        boolean busy = round();
        if (!busy) {
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDone() {
    synchronized (counter) {
      ended = stopped && held.isEmpty();
      return ended;
    }
  }

  private List<ClaimedMail> inHand() {
    synchronized (counter) {
      return List.copyOf(held);
    }
  }

  private void letGo(Collection<ClaimedMail> mails) {
    synchronized (counter) {
      mails.forEach(held::remove);
    }
  }

  /// Sends mails in hand on their way, as many as may go, codes first. None while the database is
  /// away: it couldn't be written down that they were sent.
  private void handOut() {
    synchronized (counter) {
      if (stopped || cutOff) {
        return;
      }
      int room = pace.room(underWay, clock.instant());
      for (Queue<ClaimedMail> kind : ready.values()) {
        for (; room > 0 && !kind.isEmpty(); room--) {
          ClaimedMail mail = kind.remove();
          lastSent = mail.kind();
          underWay++;
          pace.started(1);
          Thread.ofVirtual().start(() -> send(mail));
        }
      }
    }
  }

  private void send(ClaimedMail mail) {
    CompletionStage<MailSender.Attempt> stage;
    try {
      stage = sender.attempt(mail);
    } catch (Throwable e) { // whatever it is, the place must not be lost for it
      cameBack(mail, e);
      return;
    }
    stage.whenComplete((attempt, defect) -> {
      if (defect == null) {
        cameBack(attempt);
      } else {
        cameBack(mail, defect);
      }
    });
  }

  private void cameBack(ClaimedMail mail, Throwable defect) {
    MailSender.Attempt attempt;
    try {
      attempt = sender.failed(mail, defect);
    } catch (Throwable e) {
      dropped.add(mail);
      lost(e);
      return;
    }
    cameBack(attempt);
  }

  private void cameBack(MailSender.Attempt attempt) {
    returned.add(attempt);
    synchronized (counter) {
      underWay--;
      watch(attempt.reply());
      circuit = pace.circuit();
    }
    handOut();
    stir();
  }

  /// Its place is free again, and its mail is tried again when the lease has run out.
  private void lost(Throwable defect) {
    synchronized (counter) {
      underWay--;
    }
    observer.failing("delivery", defect);
    stir();
  }

  /// Until something happens, or it is time to look. While the database is away the looks become
  /// fewer.
  private void pause() throws InterruptedException {
    long looks = 1L << Math.min(failures, FAILURES_COUNTED);
    events.tryAcquire(TICK.toMillis() * looks, TimeUnit.MILLISECONDS);
    events.drainPermits();
  }

  /// @return whether there was something to do
  private boolean round() {
    try {
      boolean busy = settle();
      renew();
      noteOutages();
      announceCircuit();
      if (woken || System.nanoTime() - lookedAt >= LOOK.toNanos()) {
        looked = false;
        woken = false;
        lookedAt = System.nanoTime();
        lookedForCodes = false;
      }
      if (stopped) {
        withhold();
      }
      busy |= giveBack();
      busy |= !stopped && claim();
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

  private boolean claim() throws SQLException {
    boolean steady = circuit == MailCircuit.CLOSED;
    List<ClaimedMail> inHand = inHand();
    int all;
    int codes;
    MailQueue.ClaimOrder order;
    synchronized (counter) {
      Instant now = clock.instant();
      all = looked ? 0 : Math.max(0, pace.claims(inHand.size(), ahead, now));
      // a customer sits and waits for each code: none waits for receipts that are in hand
      codes = steady && !lookedForCodes ? Math.max(all, pace.claims(codesOf(inHand), 0, now)) : all;
      order =
          steady
              ? MailQueue.ClaimOrder.LONGEST_DUE
              : lastSent == MailKind.RECEIPT
                  ? MailQueue.ClaimOrder.LEAST_TRIED_CODES_FIRST
                  : MailQueue.ClaimOrder.LEAST_TRIED_RECEIPTS_FIRST;
    }
    if (codes <= 0) {
      return false;
    }
    boolean orphans = !clock.instant().isBefore(orphansFrom);
    List<ClaimedMail> claimed = queue.claim(new MailQueue.Room(codes, all), orphans, inHand, order);
    synchronized (counter) {
      held.addAll(claimed);
      claimed.forEach(mail -> ready(mail.kind()).add(mail));
    }
    looked |= claimed.size() < all;
    lookedForCodes |= steady && codesOf(claimed) < codes;
    return !claimed.isEmpty();
  }

  private static int codesOf(Collection<ClaimedMail> mails) {
    return (int) mails.stream().filter(mail -> mail.kind() == MailKind.CODE).count();
  }

  private Queue<ClaimedMail> ready(MailKind kind) {
    return Objects.requireNonNull(ready.get(kind));
  }

  /// From here on nobody sends what is in hand and not under way.
  private void withhold() {
    synchronized (counter) {
      ready.values().forEach(withheld::addAll);
      ready.values().forEach(Queue::clear);
    }
  }

  /// So that others needn't wait for the leases to run out.
  private boolean giveBack() throws SQLException {
    List<ClaimedMail> untried;
    synchronized (counter) {
      untried = List.copyOf(withheld);
    }
    if (untried.isEmpty()) {
      return false;
    }
    queue.giveBack(untried);
    letGo(untried);
    synchronized (counter) {
      withheld.removeAll(untried);
    }
    return true;
  }

  private boolean settle() throws SQLException {
    for (ClaimedMail mail = dropped.poll(); mail != null; mail = dropped.poll()) {
      letGo(List.of(mail));
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
      for (MailSender.Attempt one : List.copyOf(unsettled)) {
        settle(List.of(one));
      }
    }
    return true;
  }

  private void settle(List<MailSender.Attempt> group) throws SQLException {
    try {
      if (queue.settle(group.stream().map(MailSender.Attempt::outcome).toList())) {
        woken = true; // receipts of the same orders waited for these
      }
    } catch (SQLException | RuntimeException e) {
      // last in the queue next time
      unsettled.removeAll(group);
      unsettled.addAll(group);
      throw e;
    }
    unsettled.removeAll(group);
    letGo(group.stream().map(MailSender.Attempt::mail).toList());
    for (MailSender.Attempt attempt : group) {
      try {
        attempt.defect().ifPresent(defect -> observer.failing("rendering", defect));
        observer.attempted(attempt.outcome());
      } catch (RuntimeException | Error e) { // it is written down: that nobody noticed is no harm
        observer.failing("observing", e);
      }
    }
  }

  private void renew() throws SQLException {
    Instant now = clock.instant();
    if (now.isBefore(renewal)) {
      return;
    }
    List<ClaimedMail> inHand = inHand();
    if (!inHand.isEmpty()) {
      queue.renew(inHand);
    }
    renewal = now.plus(settings.lease().dividedBy(RENEWALS_PER_LEASE));
  }

  /// While the server is in trouble, and once more when it is well again.
  private void noteOutages() throws SQLException {
    Instant now = clock.instant();
    List<SendRate.Outage> unwritten;
    synchronized (counter) {
      boolean due = pace.hasEnded() || !now.isBefore(outageNoted.plus(noting()));
      unwritten = due ? pace.outages(now) : List.of();
    }
    if (unwritten.isEmpty()) {
      return;
    }
    for (SendRate.Outage outage : unwritten) {
      outages.lasted(outage.began(), outage.until());
    }
    synchronized (counter) {
      pace.noted(unwritten);
    }
    outageNoted = now;
  }

  /// What is in hand when the server falls into trouble is given back, so that the mails that were
  /// tried least are tried first, and no code waits behind it.
  private void announceCircuit() {
    MailCircuit now = circuit;
    if (now == announced) {
      return;
    }
    if (announced == MailCircuit.CLOSED) {
      withhold();
    }
    announced = now;
    observer.circuit(now);
  }

  private Duration noting() {
    return settings.lease().dividedBy(RENEWALS_PER_LEASE);
  }

  private void watch(SmtpReply reply) {
    Instant now = clock.instant();
    switch (reply) {
      case SmtpReply.Accepted(), SmtpReply.Refused(_) -> pace.answered(now);
      case SmtpReply.Unaddressable(_) -> {}
      case SmtpReply.Deferred(_, var trouble) -> {
        switch (trouble) {
          case MAIL -> pace.answered(now);
          case SERVER_AWAY -> pace.serverAway(now);
          case SERVER_REFUSES -> pace.serverRefuses(now);
          case OURS -> {}
        }
      }
    }
  }

  /// Finishes the mails under way, gives back the others and closes.
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
