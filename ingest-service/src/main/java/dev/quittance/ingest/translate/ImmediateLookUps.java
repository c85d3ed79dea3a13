package dev.quittance.ingest.translate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/// Asks at once for what webhooks leave open, beside the translation of those behind them. What a
/// webhook says by itself waits a moment, so that it goes out with the answer; a refund or a
/// dispute never waits. What isn't answered soon, and what there is no slot for, goes to the retry
/// topic; so whatever a provider does, nothing waits here for longer than that.
///
/// All but the questions themselves happens on one thread, the worker's, which also translates.
final class ImmediateLookUps implements AutoCloseable {

  /// Twice what four calls of half a second take, which is a slow day at Stripe.
  static final Duration SOON = Duration.ofSeconds(4);

  /// A provider that didn't answer soon isn't asked here for a while: its slots serve what waits on
  /// the retry topic, where an answer may take its time.
  static final Duration REST = Duration.ofSeconds(30);

  private static final Logger LOG = Logger.getLogger(ImmediateLookUps.class);

  /// One that is being asked.
  private final class Question extends LookUp {

    private final TracedRecord webhook;
    private final DeliveryTally delivery;
    private final RetryLane lane;
    private final CompletableFuture<Void> safe = new CompletableFuture<>();
    private final List<Future<?>> timers = new ArrayList<>();

    /// What is known and not published yet.
    private List<ProducerRecord<byte[], byte[]>> known;

    /// Whether what becomes known goes out without waiting for the rest.
    private boolean overdue;

    private volatile boolean abandoned;

    private Question(
        OutcomePublisher.Result translated, TranslationOutcome.Asking open, RetryLane lane) {
      super(open.waiting());
      this.webhook = translated.record();
      this.delivery = translated.delivery();
      this.lane = lane;
      this.known = open.known();
    }

    @Override
    void learned(TranslationOutcome more) {
      onWorker(this, () -> learn(this, more.records()));
    }

    @Override
    void ended() {
      ended.add(this);
      onWorker(this, ImmediateLookUps.this::publishEnded);
    }
  }

  private final LookUpDetails details;
  private final OutcomePublisher publisher;
  private final RetryLanes lanes;
  private final Duration hold;
  private final Executor worker;
  private final Clock clock;

  private final ConcurrentLinkedQueue<Question> ended = new ConcurrentLinkedQueue<>();
  private final Set<Question> asking = ConcurrentHashMap.newKeySet();
  private final Map<RetryLane, Instant> restsUntil = new HashMap<>();
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("look-up-timer").factory());

  /// @param publisher the worker's own
  /// @param lanes shared with those who ask for what waits on the retry topic
  /// @param hold how long what is known waits for its answer
  /// @param worker the one thread that translates and publishes
  ImmediateLookUps(
      LookUpDetails details,
      OutcomePublisher publisher,
      RetryLanes lanes,
      Duration hold,
      Executor worker,
      Clock clock) {
    this.details = details;
    this.publisher = publisher;
    this.lanes = lanes;
    this.hold = hold;
    this.worker = worker;
    this.clock = clock;
    timers.setRemoveOnCancelPolicy(true);
  }

  /// Asks, if a provider is to be asked and may be at once. To be called on the worker's thread.
  ///
  /// @return empty where it isn't asked here; else what completes when all that follows from the
  ///   webhook is safe: exceptionally on a defect of ours, and never where the service stops before
  Optional<CompletableFuture<Void>> begin(OutcomePublisher.Result translated) {
    return translated.outcome() instanceof TranslationOutcome.Asking open
            && open.why().equals(TranslationOutcome.Asking.OPEN)
        ? lanes
            .of(open.endpoint(), open.waiting().kind())
            .filter(this::admits)
            .map(lane -> begin(new Question(translated, open, lane)))
        : Optional.empty();
  }

  private CompletableFuture<Void> begin(Question question) {
    boolean waits = question.record().record().kind() == LookUpKind.ITEMS;
    question.overdue = !waits;
    asking.add(question);
    question.ask(details);
    if (waits) {
      after(hold, question, () -> waitsNoLonger(question));
    }
    after(SOON, question, () -> abandon(question));
    return question.safe;
  }

  private boolean admits(RetryLane lane) {
    Instant now = clock.instant();
    if (now.isBefore(restsUntil.getOrDefault(lane, Instant.MIN))
        || lane.circuit().open()) { // to try it is for those who wait
      return false;
    }
    return lane.takeSlotAtOnce();
  }

  private void after(Duration time, Question question, Runnable work) {
    question.timers.add(
        timers.schedule(() -> onWorker(question, work), time.toNanos(), TimeUnit.NANOSECONDS));
  }

  private void onWorker(Question question, Runnable work) {
    try {
      worker.execute(() -> {
        try {
          work.run();
        } catch (RuntimeException | Error e) { // else its webhook would wait for ever
          question.safe.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("lookups.stopping what isn't answered yet is asked again after the restart");
    }
  }

  private void learn(Question question, List<ProducerRecord<byte[], byte[]>> records) {
    if (!asking.contains(question)) {
      return; // the answer has all of it
    }
    var known = new ArrayList<>(question.known);
    known.addAll(records);
    question.known = known;
    if (question.overdue) {
      waitsNoLonger(question);
    }
  }

  private void waitsNoLonger(Question question) {
    question.overdue = true;
    try {
      publishWhatCannotWait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Publishes what is known without the rest, where that takes too long or must not wait at all.
  /// To be called on the worker's thread.
  ///
  /// @throws InterruptedException when the service stops before it is safe
  void publishWhatCannotWait() throws InterruptedException {
    List<Question> late =
        asking.stream().filter(question -> question.overdue && !question.known.isEmpty()).toList();
    if (late.isEmpty()) {
      return;
    }
    Set<ProducerRecord<byte[], byte[]>> refused =
        publisher.publishEarly(late.stream().flatMap(question -> question.known.stream()).toList());
    for (Question question : late) {
      // what is refused is refused again with the answer, and dies then
      if (question.known.stream().noneMatch(refused::contains)) {
        question.known = List.of();
      }
    }
  }

  private void abandon(Question question) {
    if (asking.contains(question)) {
      question.abandoned = true;
      question.interrupt();
    }
  }

  private void publishEnded() {
    var batch = new ArrayList<Question>();
    for (Question next = ended.poll(); next != null; next = ended.poll()) {
      batch.add(next);
    }
    if (batch.isEmpty()) {
      return;
    }
    try {
      publish(batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      batch.forEach(question -> question.safe.completeExceptionally(e));
    }
  }

  private void publish(List<Question> batch) throws InterruptedException {
    Instant now = clock.instant();
    var results = new ArrayList<OutcomePublisher.Result>();
    for (Question question : batch) {
      asking.remove(question);
      question.timers.forEach(timer -> timer.cancel(false));
      report(question, now);
      results.add(
          new OutcomePublisher.Result(
              question.record(),
              question.outcome(details).after(question.known),
              question.delivery));
    }
    List<TranslationOutcome> safe = publisher.publish(results);
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).webhook.span().end(safe.get(i).word());
      batch.get(i).safe.complete(null);
    }
  }

  private void report(Question question, Instant now) {
    CircuitBreaker circuit = question.lane.circuit();
    switch (question.contact()) {
      case ANSWERED -> circuit.answered();
      case FAILED -> {
        if (question.abandoned) {
          // slow, which is not silent: whether it is, those find out who ask for what waits
          restsUntil.put(question.lane, now.plus(REST));
        } else {
          circuit.failed(now);
        }
      }
      case NONE -> {} // it was asked while the circuit was closed, which stays so
    }
    question.lane.freeSlotAtOnce(); // not before the circuit knows
  }

  /// Stops asking. What isn't answered is not acknowledged either, and so asked again.
  @Override
  public void close() {
    timers.shutdownNow();
    asking.forEach(LookUp::interrupt);
  }
}
