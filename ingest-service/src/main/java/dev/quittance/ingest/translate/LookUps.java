package dev.quittance.ingest.translate;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/// Asks the providers for what waits on the retry topic, several at a time per endpoint, so that
/// neither an endpoint whose provider is slow nor one payment that it can't tell holds up another.
/// What can't be told yet goes back to the topic with a later time.
///
/// One thread polls, publishes and commits; the questions run on threads of their own.
final class LookUps implements AutoCloseable {

  /// A group of its own, because its members read another topic at another pace.
  static final String GROUP = ConsumerGroup.TRANSLATE.groupName() + "-retry";

  /// Stripe allows 100 requests a second, 25 in test mode; an answer takes some 150 ms.
  static final int QUESTIONS_PER_ENDPOINT = 16;

  /// At some 4 KB each they take 40 MB; whatever comes then waits on the topic.
  static final int WAITING_MAX = 10_000;

  /// Unless something ends or comes due before.
  private static final Duration POLL = Duration.ofMillis(200);

  /// While answers are awaited: the most that one waits to be published.
  private static final Duration POLL_ASKING = Duration.ofMillis(10);

  /// After a failure that the client can't repair by itself.
  private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(2);

  /// A killed consumer's partitions are free again after this, as in all of the house; Kafka's 45 s
  /// are long for a customer whose line items are asked for.
  private static final Duration SESSION = Duration.ofSeconds(10);

  private static final Logger LOG = Logger.getLogger(LookUps.class);

  private record Question(TopicPartition partition, Parked parked, Queue queue) {}

  private record Told(Question question, Passing passing, Outcome outcome) {}

  private static final class Queue {
    private final PriorityQueue<Question> waiting =
        new PriorityQueue<>(Comparator.comparing((Question question) -> question.parked().dueAt()));
    private int asking;
  }

  private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
  private final CanonicalTopic canonicalTopic;
  private final RecordTranslation translation;
  private final TranslationMetrics metrics;
  private final Clock clock;

  private final Offsets offsets = new Offsets();
  private final Map<String, Queue> queues = new HashMap<>();
  private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closed;

  LookUps(
      Supplier<? extends Consumer<byte[], byte[]>> consumers,
      CanonicalTopic canonicalTopic,
      RecordTranslation translation,
      TranslationMetrics metrics,
      Clock clock) {
    this.consumers = consumers;
    this.canonicalTopic = canonicalTopic;
    this.translation = translation;
    this.metrics = metrics;
    this.clock = clock;
    metrics.waiting(waiting);
  }

  /// A consumer for it.
  ///
  /// @param client how to reach and authenticate at the brokers
  static Consumer<byte[], byte[]> consumer(Map<String, Object> client) {
    return new KafkaConsumer<>(
        settings(client), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static Map<String, Object> settings(Map<String, Object> client) {
    var settings = new HashMap<>(client);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
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
    for (ConsumerRecord<byte[], byte[]> incoming : consumer.poll(pollTime())) {
      take(incoming);
    }
    ask();
    publish();
    Map<TopicPartition, OffsetAndMetadata> committable = offsets.committable();
    if (!committable.isEmpty()) {
      consumer.commitSync(committable);
      offsets.committed(committable);
    }
    waiting.set(
        queues.values().stream().mapToInt(queue -> queue.waiting.size() + queue.asking).sum());
    if (waiting.get() >= WAITING_MAX) {
      consumer.pause(consumer.assignment());
    } else if (!consumer.paused().isEmpty()) {
      consumer.resume(consumer.paused());
    }
  }

  private Duration pollTime() {
    if (queues.values().stream().anyMatch(queue -> queue.asking > 0)) {
      return POLL_ASKING;
    }
    Instant now = clock.instant();
    return queues.values().stream()
        .flatMap(queue -> queue.waiting.stream().limit(1))
        .map(question -> Duration.between(now, question.parked().dueAt()))
        .filter(wait -> wait.compareTo(POLL) < 0)
        .min(Comparator.naturalOrder())
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .orElse(POLL);
  }

  private void take(ConsumerRecord<byte[], byte[]> incoming) {
    var partition = new TopicPartition(incoming.topic(), incoming.partition());
    offsets.taken(partition, incoming.offset());
    Parked parked;
    String endpoint;
    try {
      parked = Parked.read(incoming);
      endpoint = VerbatimRecord.read(incoming).endpoint();
    } catch (UnreadableEvent e) {
      // How it dies is not for the loop to say.
      parked = Parked.first(incoming, clock.instant());
      endpoint = Outcome.NO_ENDPOINT;
    }
    Queue queue = queues.computeIfAbsent(endpoint, _ -> new Queue());
    queue.waiting.add(new Question(partition, parked, queue));
  }

  private void ask() {
    Instant now = clock.instant();
    for (Queue queue : queues.values()) {
      while (queue.asking < QUESTIONS_PER_ENDPOINT) {
        Question next = queue.waiting.peek();
        if (next == null || next.parked().dueAt().isAfter(now)) {
          break;
        }
        queue.waiting.remove();
        queue.asking++;
        questions.execute(() -> {
          Passing passing = Passing.through("look-up", next.parked().incoming());
          told.add(new Told(next, passing, translation.answered(passing.incoming())));
        });
      }
    }
  }

  private void publish() throws InterruptedException {
    var batch = new ArrayDeque<Told>();
    for (Told next = told.poll(); next != null; next = told.poll()) {
      batch.add(next);
    }
    if (batch.isEmpty()) {
      return;
    }
    var outgoing = new ArrayList<ProducerRecord<byte[], byte[]>>();
    batch.forEach(answer -> outgoing.addAll(answer.outcome().records()));
    canonicalTopic.publish(outgoing);
    for (Told answer : batch) {
      Question question = answer.question();
      question.queue().asking--;
      offsets.done(question.partition(), question.parked().incoming().offset());
      metrics.count(answer.outcome());
      answer.passing().end(answer.outcome());
      BatchTranslation.log(answer.passing(), answer.outcome());
    }
  }

  /// What another member may have by now, or what a new consumer will read again.
  private void forget() {
    queues.clear();
    offsets.clear();
  }

  /// Stops asking; what is unfinished is asked again at the next start.
  @Override
  public void close() {
    closed = true;
    questions.shutdownNow();
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
      for (Queue queue : queues.values()) {
        queue.waiting.removeIf(question -> lost.contains(question.partition()));
      }
    }
  }
}
