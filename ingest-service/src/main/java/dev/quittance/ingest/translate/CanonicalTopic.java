package dev.quittance.ingest.translate;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.Backoff;
import dev.quittance.messaging.kafka.AcknowledgedProducer;
import dev.quittance.messaging.kafka.AcknowledgedProducer.Answer;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Publishes what was translated, and returns only when every in-sync replica has all of it. A
/// broker that is away is waited for, without limit: nothing is skipped, and whoever waits holds no
/// acknowledgement yet. A broker that refuses a record for what it is, is not: it would refuse it
/// for ever.
///
/// For one thread at a time.
final class CanonicalTopic implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(CanonicalTopic.class);

  private final AcknowledgedProducer producer;
  private final Backoff backoff = Backoff.real();
  private final Runnable onRetry;

  /// @param producers opens a producer with `acks=all`; called again after a failure, because a
  ///   producer may not outlive a fatal one
  /// @param onRetry runs at every failed attempt
  CanonicalTopic(Supplier<? extends Producer<byte[], byte[]>> producers, Runnable onRetry) {
    this.producer = new AcknowledgedProducer(producers);
    this.onRetry = onRetry;
  }

  /// A producer for it: idempotent, acknowledged by every in-sync replica, and batching, so that a
  /// filled topic drains at the broker's pace.
  ///
  /// @param client how to reach and authenticate at the brokers
  /// @param id what the brokers call it in their logs and metrics
  static Producer<byte[], byte[]> producer(Map<String, Object> client, String id) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.CLIENT_ID_CONFIG,
            id,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.BATCH_SIZE_CONFIG,
            batchBytes(client),
            // short, because whoever publishes tries again anyway, and tells so by a metric
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            10_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            5_000,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            5_000);
    return AcknowledgedProducer.open(client, settings);
  }

  /// A batch that is larger than a topic takes is split by the client into batches of the same
  /// size, for ever: so none may be. Asked anew with every producer, that is after every failure.
  private static int batchBytes(Map<String, Object> client) {
    var settings = new HashMap<>(client);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, LIMITS_MS_MAX);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, LIMITS_MS_MAX);
    List<ConfigResource> topics =
        Stream.of(
                Topic.PAYMENT_EVENTS.topicName(),
                Topic.WEBHOOKS.deadLetters(ConsumerGroup.TRANSLATE),
                RetryRecord.TOPIC)
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
            .toList();
    try (var admin = Admin.create(settings)) {
      return admin.describeConfigs(topics).all().get().values().stream()
          .map(config -> config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
          .filter(Objects::nonNull)
          .map(ConfigEntry::value)
          .mapToInt(Integer::parseInt)
          .reduce(BATCH_BYTES, Math::min);
    } catch (ExecutionException | KafkaException e) {
      LOG.debugf("publish.limits_unknown error=%s", e.getClass().getName());
      return BATCH_BYTES;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return BATCH_BYTES;
    }
  }

  /// Brokers that are silent so long are away.
  private static final int LIMITS_MS_MAX = 5_000;

  /// Some fifty events: larger ones gain little and wait longer for their slowest part.
  private static final int BATCH_BYTES = 128 * 1024;

  /// Publishes records, in their order per key.
  ///
  /// After a failure all of them are sent again: readers know the repeated ones by their ids.
  ///
  /// @return those that the brokers refuse for what they are, however often they are sent; all
  ///   others are safe
  /// @throws InterruptedException when the service stops before all are safe
  Set<ProducerRecord<byte[], byte[]>> publish(List<ProducerRecord<byte[], byte[]>> records)
      throws InterruptedException {
    Set<ProducerRecord<byte[], byte[]>> refused =
        Collections.newSetFromMap(new IdentityHashMap<>());
    for (int failures = 1; !attempt(records, refused); failures++) {
      onRetry.run();
      backoff.before(failures);
    }
    return refused;
  }

  /// For whoever can do nothing but try once more.
  void pauseAfterFailure() throws InterruptedException {
    onRetry.run();
    backoff.pause().sleep(Backoff.MOST);
  }

  /// @param refused which are not sent, and to which is added what is refused for ever
  /// @return whether all others are safe
  private boolean attempt(
      List<ProducerRecord<byte[], byte[]>> records, Set<ProducerRecord<byte[], byte[]>> refused)
      throws InterruptedException {
    List<ProducerRecord<byte[], byte[]>> sent =
        records.stream().filter(record -> !refused.contains(record)).toList();
    List<Answer> answers = producer.send(sent);
    @Nullable Exception fault = null;
    for (int i = 0; i < sent.size(); i++) {
      switch (answers.get(i)) {
        case Answer.Acknowledged _ -> {}
        case Answer.Refused _ -> refused.add(sent.get(i));
        case Answer.Unknown(var cause) -> fault = cause;
      }
    }
    if (fault != null) {
      LOG.warnf(
          "publish.failed records=%d error=%s: trying again",
          sent.size(), fault.getClass().getName());
    }
    return fault == null;
  }

  /// Gives up what is not acknowledged yet.
  @Override
  public void close() {
    producer.close();
  }
}
