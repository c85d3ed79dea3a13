package dev.quittance.ingest.publish;

import dev.quittance.contracts.Topic;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.Publication.NotSafe;
import dev.quittance.ingest.publish.Publication.Safe;
import dev.quittance.ingest.publish.Publication.Why;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The topic of what the providers said. Publishing never waits and never throws: its outcome is a
/// value, and comes in time for the answer however the brokers fare.
@Singleton
public final class VerbatimTopic {

  /// What the answer itself takes, of the time that the provider waits for it. Later
  /// acknowledgements don't count: the provider was asked to send again, and a webhook that is
  /// there twice counts once downstream.
  static final Duration ANSWER_TAKES = Duration.ofMillis(100);

  /// How long a start waits for the brokers, so that the first webhook finds them known. Without
  /// brokers the service starts all the same and answers 503.
  private static final Duration FIRST_CONTACT_MAX = Duration.ofMillis(1_500);

  /// How often the brokers are asked for the topic until they tell.
  private static final Duration CONTACT_EVERY = Duration.ofMillis(20);

  /// Between a producer that is beyond help and the next: a wrong password doesn't get right by
  /// hammering.
  private static final Duration RENEWAL_EVERY = Duration.ofSeconds(2);

  /// What is left in the producer when the service ends; its requests have been answered by then.
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(VerbatimTopic.class);

  private final Map<String, Object> settings;
  private final InFlight waiting = new InFlight();
  private final PublishTimeouts timeouts = new PublishTimeouts();
  private final CountDownLatch firstContact = new CountDownLatch(1);
  private final AtomicBoolean failing = new AtomicBoolean();
  private final Thread contact;
  private volatile @Nullable Producer<byte[], byte[]> producer;
  private volatile boolean hopeless;
  private volatile boolean closed;

  @Inject
  public VerbatimTopic(@Identifier("default-kafka-broker") Map<String, Object> connection) {
    settings = ProducerSettings.of(connection);
    // making a producer may take as long as name servers do, so it has a thread of its own
    contact = Thread.ofPlatform().daemon().name("verbatim-topic").unstarted(this::keepContact);
  }

  void start(@Observes StartupEvent event) throws InterruptedException {
    connect();
    if (!firstContact.await(FIRST_CONTACT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("publish.waiting the brokers don't answer yet; webhooks get a 503 until they do");
    }
  }

  /// Begins to look for the brokers.
  void connect() {
    timeouts.start();
    contact.start();
  }

  private void keepContact() {
    while (!closed) {
      try {
        lookAfter(current());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException | Error e) { // whatever it is: nobody else looks after the brokers
        LOG.errorf("publish.contact_failed error=%s: going on", kind(e));
        LockSupport.parkNanos(RENEWAL_EVERY.toNanos());
      }
    }
  }

  private void lookAfter(@Nullable Producer<byte[], byte[]> current) throws InterruptedException {
    if (current == null) {
      waiting.tidy();
      Thread.sleep(RENEWAL_EVERY);
    } else if (!knowsTheTopic(current)) {
      waiting.tidy();
      Thread.sleep(CONTACT_EVERY);
    } else {
      firstContact.countDown();
      PublishAttempt next = waiting.next(RENEWAL_EVERY.toMillis());
      if (next != null && next.isAwaited()) {
        send(current, next);
      }
    }
  }

  /// Whether somebody looks after the brokers, or nobody should; not whether they are there.
  boolean alive() {
    return closed || contact.isAlive();
  }

  /// The producer that there is, else a new one, else nothing for now.
  private @Nullable Producer<byte[], byte[]> current() {
    Producer<byte[], byte[]> current = producer;
    if (current != null && hopeless) {
      producer = null;
      hopeless = false;
      current.close(Duration.ZERO);
      return null;
    }
    if (current == null) {
      try {
        current = new KafkaProducer<>(settings);
        producer = current;
      } catch (KafkaException e) {
        // for example a broker's name that isn't known yet
        LOG.warnf("publish.waiting there is no producer yet: %s", kind(e));
      }
    }
    return current;
  }

  /// Asks without waiting; the question makes the producer ask the brokers.
  private static boolean knowsTheTopic(Producer<byte[], byte[]> current) {
    try {
      return !current.partitionsFor(Topic.WEBHOOKS.topicName()).isEmpty();
    } catch (KafkaException _) {
      return false;
    }
  }

  /// Publishes a webhook byte for byte, for whoever waits as long as providers mostly do.
  ///
  /// @param type as below
  /// @return as below
  public CompletionStage<Publication> publish(Webhook webhook, @Nullable String type) {
    return publish(webhook, type, Provider.PATIENCE_MAX);
  }

  /// Publishes a webhook byte for byte.
  ///
  /// @param type the provider's name of the event's type, where the edge found it
  /// @param patience how long whoever delivered it waits for the answer
  /// @return the outcome; completed by a thread of Kafka's, so that nothing slow may follow in it
  public CompletionStage<Publication> publish(
      Webhook webhook, @Nullable String type, Duration patience) {
    var outcome = new CompletableFuture<Publication>();
    var attempt = new PublishAttempt(VerbatimRecord.of(webhook, type), outcome);
    Producer<byte[], byte[]> current = producer;
    if (closed) {
      attempt.end(new NotSafe(Why.NO_ACK));
    } else if (current != null && knowsTheTopic(current)) {
      send(current, attempt);
    } else if (!waiting.admit(attempt)) {
      attempt.end(failed(new BufferExhaustedException("too much waits already")));
    }
    timeouts.waits(outcome, System.nanoTime(), patience.minus(ANSWER_TAKES));
    return outcome;
  }

  private void send(Producer<byte[], byte[]> with, PublishAttempt attempt) {
    try {
      var _ =
          with.send(
              attempt.outgoing(),
              (metadata, fault) -> {
                if (fault == null) {
                  recovered();
                  attempt.end(new Safe(metadata.partition(), metadata.offset()));
                } else {
                  attempt.end(failed(with, fault));
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      attempt.end(failed(with, e));
    }
  }

  private void recovered() {
    if (failing.get() && failing.compareAndSet(true, false)) {
      LOG.info("publish.recovered the brokers acknowledge again");
    }
  }

  @SuppressWarnings("ReferenceEquality") // whether it is this very producer is the question
  private Publication failed(Producer<byte[], byte[]> with, Exception fault) {
    // a closed producer's leftovers say nothing about its successor
    if (with == producer && isBeyondHelp(fault)) {
      hopeless = true;
    }
    return failed(fault);
  }

  private Publication failed(Exception fault) {
    // once per outage, not once per webhook
    if (failing.compareAndSet(false, true)) {
      LOG.warnf("publish.failing webhooks get a 503: %s", kind(fault));
    }
    return new NotSafe(
        switch (fault) {
          case BufferExhaustedException _ -> Why.OVERFLOW;
          case RetriableException _ -> Why.NO_ACK;
          default -> Why.REFUSED;
        });
  }

  /// After these an idempotent producer never sends again, though the cause may have been removed.
  private static boolean isBeyondHelp(Exception fault) {
    return fault instanceof AuthenticationException
        || fault instanceof AuthorizationException
        || fault.getClass() == KafkaException.class;
  }

  /// What is said of a fault in the log: its kind, which names no content.
  private static String kind(Throwable fault) {
    return fault.getClass().getSimpleName();
  }

  /// Sends what was handed over, and ends.
  @PreDestroy
  void close() {
    closed = true;
    contact.interrupt();
    Producer<byte[], byte[]> last = producer;
    if (last != null) {
      last.close(CLOSE_MAX);
    }
    timeouts.close();
  }
}
