package dev.quittance.sandbox.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.QueuedEvent.State;
import dev.quittance.sandbox.documents.DocumentStore;
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

  private final DocumentStore documents;
  private final WebhookSender sender;
  private final Retries retries;
  private final Set<String> enabledAtStripe;
  private final RegisteredEndpoints registered;
  private final Clock clock;
  private final RandomGenerator random;
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
  private final Map<String, CountDownLatch> firstAnswers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
  private DeliveryFaults habits;

  Deliveries(
      DocumentStore documents,
      WebhookSender sender,
      Retries retries,
      Set<String> enabledAtStripe,
      RegisteredEndpoints registered,
      Clock clock,
      RandomGenerator random) {
    this.documents = documents;
    this.sender = sender;
    this.retries = retries;
    this.enabledAtStripe = Set.copyOf(enabledAtStripe);
    this.registered = registered;
    this.clock = clock;
    this.random = random;
    this.habits =
        documents
            .find(HABITS)
            .map(kept -> JsonText.as(kept, DeliveryFaults.class))
            .orElse(DeliveryFaults.GOOD);
    for (QueuedEvent queued : newest(Integer.MAX_VALUE, Deliveries::unfinished)) {
      QueuedEvent open =
          queued.nextAtMs() == null ? queued.in(State.WAITING, clock.instant()) : queued;
      keep(open);
      plan(open);
    }
  }

  /// Opens the deliveries of a data directory.
  ///
  /// @param registered where else Stripe's events may go
  public static Deliveries open(
      SandboxSettings settings,
      RegisteredEndpoints registered,
      Clock clock,
      RandomGenerator random) {
    var secrets =
        new SignedRequest.Secrets(
            settings.stripe().secret(), settings.paysuper().secret(), settings.standard().secret());
    return new Deliveries(
        new DocumentStore(settings.data().resolve("deliveries.jsonl")),
        new WebhookSender(settings.webhooks(), secrets, registered, clock),
        new Retries(settings.retrySpeed()),
        settings.stripe().events(),
        registered,
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
        QueuedEvent queued = accept(event);
        if (queued.state() == State.DROPPED) {
          firstAnswers.remove(event.id());
        } else if (queued.nextAtMs() == null) {
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
    QueuedEvent queued = accept(event);
    if (queued.state() == State.DROPPED) {
      return untried(queued, "dropped on purpose");
    }
    if (queued.nextAtMs() != null) {
      return untried(queued, "held back on purpose");
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
      case STRIPE ->
          registered
              .wanted(event)
              .orElseGet(() ->
                  enabledAtStripe.contains(ALL_TYPES) || enabledAtStripe.contains(event.type()));
      case PAYSUPER, STANDARD -> true;
    };
  }

  /// The delivery of an event.
  public Optional<QueuedEvent> find(String eventId) {
    return documents.find(PREFIX + eventId).map(kept -> JsonText.as(kept, QueuedEvent.class));
  }

  /// The newest deliveries first.
  public List<QueuedEvent> newest(int max, Predicate<QueuedEvent> wanted) {
    return documents
        .newest(PREFIX, max, kept -> wanted.test(JsonText.as(kept, QueuedEvent.class)))
        .stream()
        .map(kept -> JsonText.as(kept, QueuedEvent.class))
        .toList();
  }

  /// What an attempt sent.
  public String body(QueuedEvent queued, Attempt attempt) {
    return new String(sender.body(queued, attempt), StandardCharsets.UTF_8);
  }

  /// How badly it delivers.
  public synchronized DeliveryFaults habits() {
    return habits;
  }

  /// Delivers badly, or well again, from now on.
  public synchronized void change(DeliveryFaults newHabits) {
    habits = newHabits;
    documents.put(HABITS, (ObjectNode) JsonText.tree(newHabits));
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
    sender.close();
    documents.close();
  }

  private synchronized QueuedEvent accept(ProviderEvent event) {
    Instant now = clock.instant();
    QueuedEvent queued;
    if (chosen(habits.dropPercent())) {
      queued = QueuedEvent.of(event, sender.endpoint(event), State.DROPPED, null);
    } else {
      Duration held = Duration.ofMillis(habits.delayMs());
      if (chosen(habits.reorderPercent())) {
        held = held.plus(OVERTAKEN);
      }
      Instant next = held.isZero() ? null : now.plus(held);
      queued = QueuedEvent.of(event, sender.endpoint(event), State.WAITING, next);
    }
    List<Attempt> earlier = find(event.id()).map(QueuedEvent::attempts).orElse(List.of());
    queued = queued.after(earlier);
    keep(queued);
    plan(queued);
    return queued;
  }

  /// Also what was on its way for the first time when the sandbox stopped.
  private static boolean unfinished(QueuedEvent queued) {
    return queued.nextAtMs() != null || queued.state() == State.WAITING;
  }

  private Delivery attempt(String eventId, Attempt.Cause cause) {
    QueuedEvent queued = required(eventId);
    if (cause == Attempt.Cause.SCHEDULE && duplicated()) {
      threads.execute(() -> attempt(queued, Attempt.Cause.DUPLICATE));
    }
    return attempt(queued, cause);
  }

  private Delivery attempt(QueuedEvent queued, Attempt.Cause cause) {
    atOnce.acquireUninterruptibly();
    try {
      Attempt made = sender.attempt(queued.asEvent(), queued.scheduled(), cause);
      record(queued.eventId(), made);
      return delivery(queued, made.status(), made.error(), made.durationMs());
    } finally {
      atOnce.release();
      CountDownLatch answer = firstAnswers.remove(queued.eventId());
      if (answer != null) {
        answer.countDown();
      }
    }
  }

  private synchronized void record(String eventId, Attempt made) {
    QueuedEvent queued = required(eventId).with(made);
    Integer status = made.status();
    if (status != null && Retries.success(queued.provider(), status)) {
      keep(queued.in(State.DELIVERED, null));
    } else if (queued.delivered() || made.cause() != Attempt.Cause.SCHEDULE) {
      keep(queued);
    } else {
      Optional<Instant> next =
          retries.pauseAfter(queued, queued.scheduled()).map(clock.instant()::plus);
      QueuedEvent failed =
          queued.in(next.isPresent() ? State.RETRYING : State.GIVEN_UP, next.orElse(null));
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
          .filter(queued -> queued.nextAtMs() != null && queued.nextAtMs() == first.at())
          .ifPresent(queued -> taken.add(first.eventId()));
    }
    return taken;
  }

  private synchronized void plan(QueuedEvent queued) {
    if (queued.nextAtMs() != null) {
      due.add(new Due(queued.nextAtMs(), queued.eventId()));
    }
  }

  private void keep(QueuedEvent queued) {
    documents.put(PREFIX + queued.eventId(), (ObjectNode) JsonText.tree(queued));
  }

  private QueuedEvent required(String eventId) {
    return find(eventId)
        .orElseThrow(() -> Refusal.notFound("The sandbox delivered no event " + eventId + "."));
  }

  private synchronized boolean duplicated() {
    return chosen(habits.duplicatePercent());
  }

  private boolean chosen(int percent) {
    return percent > 0 && random.nextInt(100) < percent;
  }

  private static Delivery untried(QueuedEvent queued, String why) {
    return delivery(queued, null, why, 0);
  }

  private static Delivery delivery(
      QueuedEvent queued, @Nullable Integer status, @Nullable String error, long durationMs) {
    return new Delivery(
        queued.event(),
        queued.eventId(),
        queued.endpoint(),
        status,
        error,
        durationMs,
        queued.order());
  }

  private record Due(long at, String eventId) {}
}
