package dev.quittance.sandbox.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.books.Books;
import dev.quittance.sandbox.delivery.Parcel.State;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.problem.Refusal;
import dev.quittance.sandbox.settings.SandboxSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All events that have an endpoint to go to: tries them as their provider would, and remembers
/// each attempt, also across a restart.
public final class Deliveries implements AutoCloseable {

  /// Enough to keep an endpoint busy, few enough not to look like an attack.
  private static final int AT_ONCE_MAX = 16;

  /// How long an event is held back that others are to overtake.
  private static final Duration OVERTAKEN = Duration.ofSeconds(2);

  private static final String ALL_TYPES = "*";
  private static final String PREFIX = "delivery:";
  private static final String HABITS = "habits";

  private final Books books;
  private final Courier courier;
  private final Retries retries;
  private final Set<String> enabledAtStripe;
  private final Clock clock;
  private final RandomGenerator random;
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
  private final Map<String, CountDownLatch> firstAnswers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
  private Habits habits;

  Deliveries(
      Books books,
      Courier courier,
      Retries retries,
      Set<String> enabledAtStripe,
      Clock clock,
      RandomGenerator random) {
    this.books = books;
    this.courier = courier;
    this.retries = retries;
    this.enabledAtStripe = Set.copyOf(enabledAtStripe);
    this.clock = clock;
    this.random = random;
    this.habits =
        books.find(HABITS).map(kept -> JsonText.as(kept, Habits.class)).orElse(Habits.GOOD);
    for (Parcel parcel : newest(Integer.MAX_VALUE, Deliveries::unfinished)) {
      Parcel open = parcel.nextAtMs() == null ? parcel.in(State.WAITING, clock.instant()) : parcel;
      keep(open);
      plan(open);
    }
  }

  /// Opens the deliveries of a data directory.
  public static Deliveries open(SandboxSettings settings, Clock clock, RandomGenerator random) {
    var secrets =
        new SignedRequest.Secrets(
            settings.stripe().secret(),
            settings.paysuper().secret(),
            settings.standard().secret());
    return new Deliveries(
        new Books(settings.data().resolve("deliveries.jsonl")),
        new Courier(settings.webhooks(), secrets, clock),
        new Retries(settings.retrySpeed()),
        settings.stripe().events(),
        clock,
        random);
  }

  /// Sends events off, all at the same time, as providers do.
  ///
  /// @return the ids of those that the endpoint is registered for
  public List<String> announce(List<ProviderEvent> events) {
    var sent = new ArrayList<String>();
    for (ProviderEvent event : events) {
      if (enabled(event)) {
        sent.add(event.id());
        firstAnswers.put(event.id(), new CountDownLatch(1));
        Parcel parcel = accept(event);
        if (parcel.state() == State.DROPPED) {
          firstAnswers.remove(event.id());
        } else if (parcel.nextAtMs() == null) {
          threads.execute(() -> attempt(event.id(), Attempt.Cause.SCHEDULE));
        }
      }
    }
    return sent;
  }

  /// Waits until events got their first answers, or for so long.
  public void awaitAnswers(List<String> eventIds, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    for (String id : eventIds) {
      CountDownLatch answer = firstAnswers.get(id);
      if (answer != null && !answer.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
    }
  }

  /// Sends one event off and waits for the answer, whether or not the endpoint is registered for
  /// its type.
  public Delivery deliver(ProviderEvent event) {
    Parcel parcel = accept(event);
    if (parcel.state() == State.DROPPED) {
      return untried(parcel, "dropped on purpose");
    }
    if (parcel.nextAtMs() != null) {
      return untried(parcel, "held back on purpose");
    }
    return attempt(event.id(), Attempt.Cause.SCHEDULE);
  }

  /// Delivers an event once more.
  public Delivery resend(String eventId) {
    return attempt(eventId, Attempt.Cause.BY_HAND);
  }

  /// Whether the endpoint is registered for an event's type.
  public boolean enabled(ProviderEvent event) {
    return switch (event.provider()) {
      case STRIPE -> enabledAtStripe.contains(ALL_TYPES) || enabledAtStripe.contains(event.type());
      case PAYSUPER, STANDARD -> true;
    };
  }

  /// The delivery of an event.
  public Optional<Parcel> find(String eventId) {
    return books.find(PREFIX + eventId).map(kept -> JsonText.as(kept, Parcel.class));
  }

  /// The newest deliveries first.
  public List<Parcel> newest(int max, Predicate<Parcel> wanted) {
    return books.newest(PREFIX, max, kept -> wanted.test(JsonText.as(kept, Parcel.class))).stream()
        .map(kept -> JsonText.as(kept, Parcel.class))
        .toList();
  }

  /// What an attempt sent.
  public String body(Parcel parcel, Attempt attempt) {
    return new String(courier.body(parcel, attempt), StandardCharsets.UTF_8);
  }

  /// How badly it delivers.
  public synchronized Habits habits() {
    return habits;
  }

  /// Delivers badly, or well again, from now on.
  public synchronized void change(Habits newHabits) {
    habits = newHabits;
    books.put(HABITS, (ObjectNode) JsonText.tree(newHabits));
  }

  /// Makes the attempts that are due. To be called every now and then.
  public void runDue() {
    for (String eventId : takeDue()) {
      threads.execute(() -> attempt(eventId, Attempt.Cause.SCHEDULE));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    courier.close();
    books.close();
  }

  private synchronized Parcel accept(ProviderEvent event) {
    Instant now = clock.instant();
    Parcel parcel;
    if (chosen(habits.dropPercent())) {
      parcel = Parcel.of(event, courier.endpoint(event), State.DROPPED, null);
    } else {
      Duration held = Duration.ofMillis(habits.delayMs());
      if (chosen(habits.reorderPercent())) {
        held = held.plus(OVERTAKEN);
      }
      Instant next = held.isZero() ? null : now.plus(held);
      parcel = Parcel.of(event, courier.endpoint(event), State.WAITING, next);
    }
    List<Attempt> earlier = find(event.id()).map(Parcel::attempts).orElse(List.of());
    parcel = parcel.after(earlier);
    keep(parcel);
    plan(parcel);
    return parcel;
  }

  /// Also what was on its way for the first time when the sandbox stopped.
  private static boolean unfinished(Parcel parcel) {
    return parcel.nextAtMs() != null || parcel.state() == State.WAITING;
  }

  private Delivery attempt(String eventId, Attempt.Cause cause) {
    Parcel parcel = required(eventId);
    if (cause == Attempt.Cause.SCHEDULE && duplicated()) {
      threads.execute(() -> attempt(parcel, Attempt.Cause.DUPLICATE));
    }
    return attempt(parcel, cause);
  }

  private Delivery attempt(Parcel parcel, Attempt.Cause cause) {
    atOnce.acquireUninterruptibly();
    try {
      Attempt made = courier.attempt(parcel.asEvent(), parcel.scheduled(), cause);
      record(parcel.eventId(), made);
      return told(parcel, made.status(), made.error(), made.durationMs());
    } finally {
      atOnce.release();
      CountDownLatch answer = firstAnswers.remove(parcel.eventId());
      if (answer != null) {
        answer.countDown();
      }
    }
  }

  private synchronized void record(String eventId, Attempt made) {
    Parcel parcel = required(eventId).with(made);
    Integer status = made.status();
    if (status != null && Retries.success(parcel.provider(), status)) {
      keep(parcel.in(State.DELIVERED, null));
    } else if (parcel.delivered() || made.cause() != Attempt.Cause.SCHEDULE) {
      keep(parcel);
    } else {
      Optional<Instant> next =
          retries.pauseAfter(parcel, parcel.scheduled()).map(clock.instant()::plus);
      Parcel failed =
          parcel.in(next.isPresent() ? State.RETRYING : State.GIVEN_UP, next.orElse(null));
      keep(failed);
      plan(failed);
    }
  }

  private synchronized List<String> takeDue() {
    var taken = new ArrayList<String>();
    long now = clock.millis();
    while (!due.isEmpty() && due.peek().at() <= now) {
      Due first = due.remove();
      find(first.eventId())
          .filter(parcel -> parcel.nextAtMs() != null && parcel.nextAtMs() == first.at())
          .ifPresent(parcel -> taken.add(first.eventId()));
    }
    return taken;
  }

  private synchronized void plan(Parcel parcel) {
    if (parcel.nextAtMs() != null) {
      due.add(new Due(parcel.nextAtMs(), parcel.eventId()));
    }
  }

  private void keep(Parcel parcel) {
    books.put(PREFIX + parcel.eventId(), (ObjectNode) JsonText.tree(parcel));
  }

  private Parcel required(String eventId) {
    return find(eventId)
        .orElseThrow(() -> Refusal.notFound("The sandbox delivered no event " + eventId + "."));
  }

  private synchronized boolean duplicated() {
    return chosen(habits.duplicatePercent());
  }

  private boolean chosen(int percent) {
    return percent > 0 && random.nextInt(100) < percent;
  }

  private static Delivery untried(Parcel parcel, String why) {
    return told(parcel, null, why, 0);
  }

  private static Delivery told(
      Parcel parcel, @Nullable Integer status, @Nullable String error, long durationMs) {
    return new Delivery(
        parcel.event(),
        parcel.eventId(),
        parcel.endpoint(),
        status,
        error,
        durationMs,
        parcel.order());
  }

  private record Due(long at, String eventId) {}
}
