package dev.quittance.ingest.translate;

import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Asks one endpoint's provider for one kind of what waits on the retry topic, several questions at
/// a time. Each endpoint and each kind is asked for by a consumer group of its own, so that a
/// provider that hangs, or a crowd of line items, holds up nothing but itself: what can't be held
/// here stays on the topic. What can't be told yet goes back to the topic with a later time.
///
/// One thread polls, publishes and commits; the questions run on threads of their own.
final class LookUps implements AutoCloseable {

  /// At some 4 KB each they take 4 MB per endpoint and kind, and a minute of what may be asked;
  /// whatever comes then waits on the topic.
  static final int HELD_MAX = 1_000;

  /// Sixty-four of the largest webhooks: so much if all were as large as may be.
  private static final long HELD_BYTES_MAX = 16L * 1024 * 1024;

  /// What one fetch brings, and what a paused consumer keeps: some 250 questions.
  private static final int FETCH_BYTES_MAX = 1024 * 1024;

  /// A question is one to four calls, and each may take Stripe's whole time-out of 10 s; a server
  /// that sends a byte now and then would hold a slot for ever.
  static final Duration QUESTION_MAX = Duration.ofSeconds(45);

  /// Unless something ends or comes due before.
  private static final Duration POLL = Duration.ofMillis(200);

  /// While answers are awaited: the most that one waits to be published.
  private static final Duration POLL_ASKING = Duration.ofMillis(10);

  /// A crash repeats what was answered in the last second, which changes nothing.
  private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);

  /// After a failure that the client can't repair by itself.
  private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(2);

  /// A killed consumer's partitions are free again after this, as in all of the house; Kafka's 45 s
  /// are long for a customer whose line items are asked for.
  private static final Duration SESSION = Duration.ofSeconds(10);

  private static final Logger LOG = Logger.getLogger(LookUps.class);

  /// A question that waits, or is asked.
  private static final class Question {
    private final TopicPartition partition;
    private final Parked parked;

    /// From the moment that it is dealt with.
    private @Nullable Passing passing;

    /// While it is asked.
    private @Nullable Thread thread;

    private Instant endsAt = Instant.MAX;

    /// What is known already while more is asked for, and since when; null once it is published.
    private volatile @Nullable Early early;

    private Question(TopicPartition partition, Parked parked) {
      this.partition = partition;
      this.parked = parked;
    }
  }

  private record Early(List<ProducerRecord<byte[], byte[]>> records, Instant since) {}

  /// @param reply null where asking ended in an error of our own
  private record Told(Question question, RecordTranslation.@Nullable Reply reply) {}

  private final Lane lane;
  private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
  private final CanonicalTopic topic;
  private final OutcomePublisher publisher;
  private final RecordTranslation translation;
  private final LookUpLimits limits;
  private final CircuitBreaker circuit;
  private final TranslationMetrics metrics;
  private final Duration hold;
  private final Clock clock;

  private final Offsets offsets = new Offsets();
  private final PriorityQueue<Question> waiting =
      new PriorityQueue<>(Comparator.comparing((Question question) -> question.parked.dueAt()));
  private final Set<Question> asking = new HashSet<>();
  private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();
  private final AtomicInteger held = new AtomicInteger();
  private volatile boolean closed;
  private long committedAt = System.nanoTime();

  /// @param lane what is asked for here
  /// @param limits of the questions of the kind, whoever asks them
  /// @param hold how long what is known already waits for the rest of its answer
  LookUps(
      Lane lane,
      Supplier<? extends Consumer<byte[], byte[]>> consumers,
      CanonicalTopic topic,
      RecordTranslation translation,
      LookUpLimits limits,
      TranslationMetrics metrics,
      Duration hold,
      Clock clock) {
    this.lane = lane;
    this.consumers = consumers;
    this.topic = topic;
    this.publisher = new OutcomePublisher(topic, translation);
    this.translation = translation;
    this.limits = limits;
    this.circuit = limits.circuit();
    this.metrics = metrics;
    this.hold = hold;
    this.clock = clock;
    metrics.waiting(lane, held);
  }

  /// A consumer for it.
  ///
  /// @param client how to reach and authenticate at the brokers
  static Consumer<byte[], byte[]> consumer(Map<String, Object> client, Lane lane) {
    return new KafkaConsumer<>(
        settings(client, lane), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static Map<String, Object> settings(Map<String, Object> client, Lane lane) {
    var settings = new HashMap<>(client);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, lane.group());
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES_MAX);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES_MAX);
    return settings;
  }

  /// Runs until closed or interrupted, through any failure.
  void run() throws InterruptedException {
    while (!closed) {
      try (Consumer<byte[], byte[]> consumer = consumers.get()) {
        consumer.subscribe(List.of(Parked.TOPIC), new Assignments(consumer));
        while (!closed) {
          turn(consumer);
        }
        commit(consumer);
      } catch (WakeupException e) {
        LOG.debug("lookups.stopping");
      } catch (RuntimeException | Error e) { // whatever it is: nobody else asks
        LOG.warnf("lookups.failed error=%s: starting again", e.getClass().getName());
        Thread.sleep(RECOVERY_PAUSE);
      } finally {
        forget();
      }
    }
  }

  private void turn(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(pollTime());
    for (ConsumerRecord<byte[], byte[]> incoming : polled) {
      take(incoming);
    }
    polled.nextOffsets().forEach((partition, next) -> offsets.reached(partition, next.offset()));
    giveUp();
    ask();
    publishEarly();
    publish();
    if (System.nanoTime() - committedAt >= COMMIT_EVERY.toNanos()) {
      commit(consumer);
    }
    held.set(waiting.size() + asking.size());
    if (full()) {
      consumer.pause(consumer.assignment());
    } else if (!consumer.paused().isEmpty()) {
      consumer.resume(consumer.paused());
    }
  }

  private void commit(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, OffsetAndMetadata> committable = offsets.committable();
    if (!committable.isEmpty()) {
      consumer.commitSync(committable);
      offsets.committed(committable);
    }
    committedAt = System.nanoTime();
  }

  private boolean full() {
    return held.get() >= HELD_MAX
        || waiting.stream().mapToLong(question -> bytes(question.parked.incoming())).sum()
            >= HELD_BYTES_MAX;
  }

  private static long bytes(ConsumerRecord<byte[], byte[]> held) {
    return held.value() == null ? 0 : held.value().length;
  }

  private Duration pollTime() {
    if (!asking.isEmpty() || !told.isEmpty()) {
      return POLL_ASKING;
    }
    Question next = waiting.peek();
    if (next == null) {
      return POLL;
    }
    Duration wait = Duration.between(clock.instant(), next.parked.dueAt());
    // what is due and not asked waits for its provider
    return wait.isNegative() || wait.compareTo(POLL) > 0 ? POLL : wait;
  }

  private void take(ConsumerRecord<byte[], byte[]> incoming) {
    var partition = new TopicPartition(incoming.topic(), incoming.partition());
    offsets.taken(partition, incoming.offset());
    @Nullable String endpoint = null;
    Parked parked;
    try {
      parked = Parked.read(incoming);
      endpoint = VerbatimRecord.read(incoming).endpoint();
    } catch (UnreadableEvent e) {
      // How it dies is not for the loop to say.
      parked = Parked.first(incoming, clock.instant());
    }
    if (lane.takes(endpoint, parked.kind())) {
      waiting.add(new Question(partition, parked));
    } else {
      offsets.done(partition, incoming.offset());
    }
  }

  /// Also while nobody is asked: nothing waits longer than its time.
  private void giveUp() {
    Instant now = clock.instant();
    boolean silent = circuit.open();
    for (Iterator<Question> all = waiting.iterator(); all.hasNext(); ) {
      Question question = all.next();
      if (!question.parked.dueAt().isAfter(now)
          && translation.endsUnasked(question.parked, silent)) {
        all.remove();
        begin(question);
        told.add(
            new Told(
                question,
                new RecordTranslation.Reply(
                    translation.givenUp(question.parked.incoming()),
                    RecordTranslation.Contact.NONE)));
      }
    }
  }

  private void ask() {
    Instant now = clock.instant();
    for (Question next = waiting.peek();
        next != null && !next.parked.dueAt().isAfter(now) && mayAsk(now);
        next = waiting.peek()) {
      Question question = waiting.remove();
      begin(question);
      question.endsAt = now.plus(QUESTION_MAX);
      question.thread = Thread.ofVirtual().name("look-up").start(() -> ask(question));
    }
    for (Question question : asking) {
      if (question.thread != null && question.endsAt.isBefore(now)) {
        question.thread.interrupt(); // ends the call, which counts as no answer in time
      }
    }
  }

  /// Whoever gets a yes has a slot until its question ends.
  private boolean mayAsk(Instant now) {
    if (!limits.takeSlot()) {
      return false;
    }
    if (circuit.admits(now, lane)) {
      return true;
    }
    limits.freeSlot();
    return false;
  }

  private void begin(Question question) {
    question.passing = Passing.through("look-up", question.parked.incoming());
    asking.add(question);
  }

  /// Whatever happens, the question ends, and its slot is free again.
  private void ask(Question question) {
    RecordTranslation.@Nullable Reply reply = null;
    try {
      reply =
          translation.answered(
              question.parked.incoming(),
              records -> question.early = new Early(records, clock.instant()));
    } catch (RuntimeException | Error e) { // of a library's, or the memory is full
      LOG.warnf("lookup.failed error=%s: asking again later", e.getClass().getName());
    } finally {
      told.add(new Told(question, reply));
    }
  }

  /// What a provider told in part goes out without the rest when that takes too long.
  private void publishEarly() throws InterruptedException {
    Instant now = clock.instant();
    for (Question question : asking) {
      Early early = question.early;
      if (early != null && !early.since().plus(hold).isAfter(now)) {
        question.early = null;
        // what is refused here is refused again with the whole answer, and dies then
        var _ = topic.publish(early.records());
      }
    }
  }

  private void publish() throws InterruptedException {
    var batch = new ArrayList<Told>();
    for (Told next = told.poll(); next != null; next = told.poll()) {
      if (asking.contains(next.question())) { // else another member may have it by now
        batch.add(next);
      }
    }
    if (batch.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    var outcomes = new ArrayList<Outcome>();
    for (Told answer : batch) {
      report(answer, now);
      outcomes.add(
          answer.reply() != null
              ? answer.reply().outcome()
              : translation.failed(answer.question().parked.incoming()));
    }
    List<Outcome> safe =
        publisher.publish(
            batch.stream().map(answer -> answer.question().parked.incoming()).toList(), outcomes);
    for (int i = 0; i < batch.size(); i++) {
      end(batch.get(i).question(), safe.get(i));
    }
  }

  private void end(Question question, Outcome outcome) {
    asking.remove(question);
    offsets.done(question.partition, question.parked.incoming().offset());
    metrics.count(outcome);
    if (question.passing != null) {
      question.passing.end(outcome);
      BatchTranslation.log(question.passing, outcome);
    }
  }

  private void report(Told answer, Instant now) {
    if (answer.question().thread == null) {
      return; // given up: nobody was asked
    }
    switch (answer.reply() == null ? RecordTranslation.Contact.NONE : answer.reply().contact()) {
      case ANSWERED -> circuit.answered();
      case FAILED -> circuit.failed(now);
      case NONE -> circuit.notAsked(now);
    }
    limits.freeSlot(); // not before the circuit knows
  }

  /// What another member may have by now, or what a new consumer will read again.
  private void forget() {
    for (Question question : asking) {
      if (question.thread != null) {
        question.thread.interrupt();
        circuit.notAsked(clock.instant());
        limits.freeSlot();
      }
    }
    told.clear();
    asking.clear();
    waiting.clear();
    offsets.clear();
  }

  /// Stops asking; what is unfinished is asked again at the next start.
  @Override
  public void close() {
    closed = true;
  }

  private final class Assignments implements ConsumerRebalanceListener {

    private final Consumer<byte[], byte[]> consumer;

    Assignments(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      LOG.debugf("lookups.assigned partitions=%d", assigned.size());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      Map<TopicPartition, OffsetAndMetadata> committable = offsets.committable();
      committable.keySet().retainAll(revoked);
      consumer.commitSync(committable);
      onPartitionsLost(revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      offsets.givenUp(lost);
      waiting.removeIf(question -> lost.contains(question.partition));
    }
  }
}
