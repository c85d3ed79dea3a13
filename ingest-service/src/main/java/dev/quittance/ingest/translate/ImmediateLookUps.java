package dev.quittance.ingest.translate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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

  /// @param reply null where asking ended in an error of our own
  private record Told(Question question, RecordTranslation.@Nullable Reply reply) {}

  /// One that is being asked.
  private static final class Question {

    private final Passing webhook;
    private final Passing passing;
    private final Lane lane;
    private final LookUpLimits limits;
    private final CompletableFuture<Void> safe = new CompletableFuture<>();
    private final List<Future<?>> timers = new ArrayList<>();

    /// What is known and not published yet.
    private List<ProducerRecord<byte[], byte[]>> known;

    /// Whether what becomes known goes out without waiting for the rest.
    private boolean overdue;

    private volatile boolean abandoned;
    private @Nullable Thread thread;

    private Question(
        Passing webhook,
        Passing passing,
        Lane lane,
        LookUpLimits limits,
        List<ProducerRecord<byte[], byte[]>> known) {
      this.webhook = webhook;
      this.passing = passing;
      this.lane = lane;
      this.limits = limits;
      this.known = known;
    }
  }

  private final RecordTranslation translation;
  private final CanonicalTopic topic;
  private final OutcomePublisher publisher;
  private final ProviderLimits limits;
  private final TranslationMetrics metrics;
  private final Duration hold;
  private final Executor worker;
  private final Clock clock;

  private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();
  private final Set<Question> asking = ConcurrentHashMap.newKeySet();
  private final Map<Lane, Instant> restsUntil = new HashMap<>();
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("look-up-timer").factory());

  /// @param topic the worker's own
  /// @param limits shared with those who ask for what waits on the retry topic
  /// @param metrics of the webhooks
  /// @param hold how long what is known waits for its answer
  /// @param worker the one thread that translates and publishes
  ImmediateLookUps(
      RecordTranslation translation,
      CanonicalTopic topic,
      ProviderLimits limits,
      TranslationMetrics metrics,
      Duration hold,
      Executor worker,
      Clock clock) {
    this.translation = translation;
    this.topic = topic;
    this.publisher = new OutcomePublisher(topic, translation);
    this.limits = limits;
    this.metrics = metrics;
    this.hold = hold;
    this.worker = worker;
    this.clock = clock;
    timers.setRemoveOnCancelPolicy(true);
  }

  /// Asks, if a provider is to be asked and may be at once. To be called on the worker's thread.
  ///
  /// @return null where it isn't asked here; else what completes when all that follows from the
  ///   webhook is safe: exceptionally on a defect of ours, and never where the service stops before
  @Nullable CompletableFuture<Void> begin(Passing webhook, Outcome outcome) {
    if (!(outcome instanceof Outcome.Asking(var endpoint, var why, var known, var waiting))
        || !why.equals(Outcome.Asking.OPEN)) {
      return null;
    }
    ConsumerRecord<byte[], byte[]> parked = Parked.asRead(waiting);
    LookUpKind kind = Parked.read(parked).kind();
    var lane = new Lane.OfEndpoint(endpoint, kind);
    LookUpLimits limit = limits.of(lane);
    if (limit == null || !admits(lane, limit)) {
      return null;
    }
    boolean waits = kind == LookUpKind.ITEMS;
    var question = new Question(webhook, Passing.through("look-up", parked), lane, limit, known);
    question.overdue = !waits;
    asking.add(question);
    question.thread = Thread.ofVirtual().name("look-up").start(() -> ask(question));
    if (waits) {
      after(hold, question, () -> waitsNoLonger(question));
    }
    after(SOON, question, () -> abandon(question));
    return question.safe;
  }

  private boolean admits(Lane lane, LookUpLimits limit) {
    Instant now = clock.instant();
    if (now.isBefore(restsUntil.getOrDefault(lane, Instant.MIN))
        || limit.circuit().open()) { // to try it is for those who wait
      return false;
    }
    return limit.takeSlotAtOnce();
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

  /// Whatever happens, the question ends, and its slot is free again.
  private void ask(Question question) {
    RecordTranslation.@Nullable Reply reply = null;
    try {
      reply =
          translation.answered(
              question.passing.incoming(),
              records -> onWorker(question, () -> learn(question, records)));
    } catch (RuntimeException | Error e) { // of a library's, or the memory is full
      LOG.warnf("lookup.failed error=%s: asking again later", e.getClass().getName());
    } finally {
      told.add(new Told(question, reply));
      onWorker(question, this::publishTold);
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
      tellWhatCannotWait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Publishes what is known without the rest, where that takes too long or must not wait at all.
  /// To be called on the worker's thread.
  ///
  /// @throws InterruptedException when the service stops before it is safe
  void tellWhatCannotWait() throws InterruptedException {
    List<Question> late =
        asking.stream().filter(question -> question.overdue && !question.known.isEmpty()).toList();
    if (late.isEmpty()) {
      return;
    }
    Set<ProducerRecord<byte[], byte[]>> refused =
        topic.publish(late.stream().flatMap(question -> question.known.stream()).toList());
    for (Question question : late) {
      // what is refused is refused again with the answer, and dies then
      if (question.known.stream().noneMatch(refused::contains)) {
        question.known = List.of();
      }
    }
  }

  private void abandon(Question question) {
    Thread thread = question.thread;
    if (asking.contains(question) && thread != null) {
      question.abandoned = true;
      thread.interrupt(); // ends the call, which counts as no answer in time
    }
  }

  private void publishTold() {
    var batch = new ArrayList<Told>();
    for (Told next = told.poll(); next != null; next = told.poll()) {
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
      batch.forEach(answer -> answer.question().safe.completeExceptionally(e));
    }
  }

  private void publish(List<Told> batch) throws InterruptedException {
    Instant now = clock.instant();
    var incoming = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    var outcomes = new ArrayList<Outcome>();
    for (Told answer : batch) {
      Question question = answer.question();
      asking.remove(question);
      question.timers.forEach(timer -> timer.cancel(false));
      report(answer, now);
      incoming.add(question.passing.incoming());
      Outcome outcome =
          answer.reply() != null
              ? answer.reply().outcome()
              : translation.failed(question.passing.incoming());
      outcomes.add(outcome.after(question.known));
    }
    List<Outcome> safe = publisher.publish(incoming, outcomes);
    for (int i = 0; i < batch.size(); i++) {
      Question question = batch.get(i).question();
      metrics.count(safe.get(i));
      question.passing.end(safe.get(i));
      question.webhook.end(safe.get(i));
      BatchTranslation.log(question.passing, safe.get(i));
      question.safe.complete(null);
    }
  }

  private void report(Told answer, Instant now) {
    Question question = answer.question();
    CircuitBreaker circuit = question.limits.circuit();
    switch (answer.reply() == null ? RecordTranslation.Contact.NONE : answer.reply().contact()) {
      case ANSWERED -> circuit.answered();
      case FAILED -> {
        if (question.abandoned) {
          // slow, which is not silent: whether it is, the retry topic's patience finds out
          restsUntil.put(question.lane, now.plus(REST));
        } else {
          circuit.failed(now);
        }
      }
      case NONE -> {} // it was asked while the circuit was closed, which nobody has to be told
    }
    question.limits.freeSlotAtOnce(); // not before the circuit knows
  }

  /// Stops asking. What isn't answered is not acknowledged either, and so asked again.
  @Override
  public void close() {
    timers.shutdownNow();
    for (Question question : asking) {
      Thread thread = question.thread;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
