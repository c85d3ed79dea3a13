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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Asks one endpoint's provider for one kind of what waits on the retry topic, several questions at
/// a time. Each endpoint and each kind is asked for by a consumer group of its own, so that a
/// provider that hangs, or a crowd of line items, holds up nothing but itself: what can't be held
/// here stays on the topic. What can't be answered yet goes back to the topic with a later time.
///
/// One thread polls, publishes and commits; the questions run on threads of their own.
final class RetryTopicConsumer implements AutoCloseable {

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

  /// A killed consumer's partitions are free again after this, as in all services; Kafka's 45 s are
  /// long for a customer whose line items are asked for.
  private static final Duration SESSION = Duration.ofSeconds(10);

  private static final Logger LOG = Logger.getLogger(RetryTopicConsumer.class);

  /// A question that is asked, or was given up.
  private final class Question extends LookUp {

    /// Of one that is asked.
    private Instant endsAt = Instant.MAX;

    /// What is known already while more is asked for, and since when; null once it is published.
    private volatile @Nullable Early early;

    private Question(RetryRecord record) {
      super(record);
    }

    @Override
    void learned(TranslationOutcome known) {
      early = new Early(known, clock.instant());
    }

    @Override
    void ended() {
      ended.add(this);
    }
  }

  private record Early(TranslationOutcome known, Instant since) {}

  private final RetryLane lane;
  private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
  private final OutcomePublisher publisher;
  private final LookUpDetails details;
  private final CircuitBreaker circuit;
  private final Duration hold;
  private final Clock clock;

  private final OffsetTracker offsets = new OffsetTracker();
  private final PriorityQueue<RetryRecord> waiting =
      new PriorityQueue<>(Comparator.comparing(RetryRecord::dueAt));
  private final Set<Question> asking = new HashSet<>();
  private final ConcurrentLinkedQueue<Question> ended = new ConcurrentLinkedQueue<>();
  private final AtomicInteger held = new AtomicInteger();
  private volatile boolean closed;
  private long committedAt = System.nanoTime();

  /// @param lane what is asked for here
  /// @param hold how long what is known already waits for the rest of its answer
  RetryTopicConsumer(
      RetryLane lane,
      Supplier<? extends Consumer<byte[], byte[]>> consumers,
      OutcomePublisher publisher,
      LookUpDetails details,
      Duration hold,
      Clock clock) {
    this.lane = lane;
    this.consumers = consumers;
    this.publisher = publisher;
    this.details = details;
    this.circuit = lane.circuit();
    this.hold = hold;
    this.clock = clock;
    publisher.metrics().waiting(lane, held);
  }

  /// A consumer for it.
  ///
  /// @param client how to reach and authenticate at the brokers
  static Consumer<byte[], byte[]> consumer(Map<String, Object> client, RetryLane lane) {
    return new KafkaConsumer<>(
        settings(client, lane), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static Map<String, Object> settings(Map<String, Object> client, RetryLane lane) {
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
        consumer.subscribe(List.of(RetryRecord.TOPIC), new Assignments(consumer));
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
        || waiting.stream().mapToLong(RetryTopicConsumer::bytes).sum() >= HELD_BYTES_MAX;
  }

  private static long bytes(RetryRecord record) {
    byte @Nullable [] value = record.incoming().value();
    return value == null ? 0 : value.length;
  }

  private Duration pollTime() {
    if (!asking.isEmpty() || !ended.isEmpty()) {
      return POLL_ASKING;
    }
    RetryRecord next = waiting.peek();
    if (next == null) {
      return POLL;
    }
    Duration wait = Duration.between(clock.instant(), next.dueAt());
    // what is due and not asked waits for its provider
    return wait.isNegative() || wait.compareTo(POLL) > 0 ? POLL : wait;
  }

  /// None where it holds no webhook that can be read: then it is for the lane of nobody, which says
  /// what becomes of it.
  private static @Nullable String endpoint(ConsumerRecord<byte[], byte[]> incoming) {
    try {
      return VerbatimRecord.read(incoming).endpoint();
    } catch (UnreadableEvent e) {
      return null;
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> incoming) {
    offsets.taken(partition(incoming), incoming.offset());
    @Nullable String endpoint = null;
    RetryRecord record;
    try {
      record = RetryRecord.read(incoming);
      endpoint = endpoint(incoming);
    } catch (UnreadableEvent e) {
      // What becomes of it is not for this loop to say.
      record = RetryRecord.first(incoming, clock.instant());
    }
    if (lane.takes(endpoint, record.kind())) {
      waiting.add(record);
    } else {
      offsets.done(partition(incoming), incoming.offset());
    }
  }

  private static TopicPartition partition(ConsumerRecord<byte[], byte[]> incoming) {
    return new TopicPartition(incoming.topic(), incoming.partition());
  }

  /// Also while nobody is asked: nothing waits longer than its time.
  private void giveUp() {
    Instant now = clock.instant();
    boolean silent = circuit.open();
    for (Iterator<RetryRecord> all = waiting.iterator(); all.hasNext(); ) {
      RetryRecord record = all.next();
      if (!record.dueAt().isAfter(now) && details.endsUnasked(record, silent)) {
        all.remove();
        begin(record).end(details.giveUp(record));
      }
    }
  }

  private void ask() {
    Instant now = clock.instant();
    for (RetryRecord next = waiting.peek();
        next != null && !next.dueAt().isAfter(now) && mayAsk(now);
        next = waiting.peek()) {
      Question question = begin(waiting.remove());
      question.endsAt = now.plus(QUESTION_MAX);
      question.ask(details);
    }
    asking.stream().filter(question -> question.endsAt.isBefore(now)).forEach(LookUp::interrupt);
  }

  /// Whoever gets a yes has a slot until its question ends.
  private boolean mayAsk(Instant now) {
    if (!lane.takeSlot()) {
      return false;
    }
    if (circuit.admits(now, lane)) {
      return true;
    }
    lane.freeSlot();
    return false;
  }

  private Question begin(RetryRecord record) {
    var question = new Question(record);
    asking.add(question);
    return question;
  }

  /// What a provider answered in part goes out without the rest when that takes too long.
  private void publishEarly() throws InterruptedException {
    Instant now = clock.instant();
    for (Question question : asking) {
      Early early = question.early;
      if (early != null && !early.since().plus(hold).isAfter(now)) {
        question.early = null;
        // what is refused here is refused again with the whole answer, and dies then
        var _ = publisher.publishEarly(early.known().records());
      }
    }
  }

  private void publish() throws InterruptedException {
    var batch = new ArrayList<Question>();
    for (Question next = ended.poll(); next != null; next = ended.poll()) {
      if (asking.contains(next)) { // else another member may have it by now
        batch.add(next);
      }
    }
    if (batch.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    var results = new ArrayList<OutcomePublisher.Result>();
    for (Question question : batch) {
      report(question, now);
      results.add(new OutcomePublisher.Result(question.record(), question.outcome(details)));
    }
    var _ = publisher.publish(results);
    for (Question question : batch) {
      asking.remove(question);
      ConsumerRecord<byte[], byte[]> incoming = question.record().record().incoming();
      offsets.done(partition(incoming), incoming.offset());
    }
  }

  private void report(Question question, Instant now) {
    if (!question.asked()) {
      return; // given up
    }
    switch (question.contact()) {
      case ANSWERED -> circuit.answered();
      case FAILED -> circuit.failed(now);
      case NONE -> circuit.notAsked(now);
    }
    lane.freeSlot(); // not before the circuit knows
  }

  /// What another member may have by now, or what a new consumer will read again.
  private void forget() {
    for (Question question : asking) {
      if (question.asked()) {
        question.interrupt();
        circuit.notAsked(clock.instant());
        lane.freeSlot();
      }
    }
    ended.clear();
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
      waiting.removeIf(record -> lost.contains(partition(record.incoming())));
    }
  }
}
