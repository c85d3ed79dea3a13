package dev.quittance.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.Publication.NotSafe;
import dev.quittance.ingest.publish.Publication.Safe;
import dev.quittance.ingest.publish.Publication.Why;
import dev.quittance.testkit.LocalKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

class VerbatimTopicTest {

  /// What is promised is 4.9 s, and `PublishTimeoutsTest` holds that; a machine that is busy with
  /// much else may say so later, but sooner than Kafka's defaults would: half a minute and more.
  private static final Duration IN_TIME = Duration.ofSeconds(20);

  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  @Test
  void whatIsCalledSafeStandsOnTheTopicByteForByte() {
    LocalKafka kafka = LocalKafka.shared();
    kafka.createTopics(List.of(Topic.WEBHOOKS.spec()));
    byte[] body = new byte[200_000];
    new Random(1).nextBytes(body);
    Webhook webhook = webhook(body);
    VerbatimTopic topic = connected(kafka.bootstrapServers());

    Safe safe = safe(topic, webhook);

    assertThat(read(kafka, safe).map(VerbatimRecord::read))
        .hasValueSatisfying(
            stored -> assertThat(stored).usingRecursiveComparison().isEqualTo(webhook));
    topic.close();
    assertThat(outcome(topic.publish(webhook, null))).isInstanceOf(NotSafe.class);
  }

  @Test
  void withoutBrokersTheAnswerIsNoAndComesInTime() throws IOException {
    VerbatimTopic topic = connected("127.0.0.1:" + freePort());
    long before = System.nanoTime();

    Publication publication = outcome(topic.publish(webhook(new byte[0]), null));

    assertThat(publication).isEqualTo(new NotSafe(Why.NO_ACK));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(IN_TIME);
    topic.close();
  }

  @Test
  void whatComesBeforeTheBrokersAreKnownWaitsForThem() {
    LocalKafka kafka = LocalKafka.shared();
    kafka.createTopics(List.of(Topic.WEBHOOKS.spec()));
    VerbatimTopic topic = connected(kafka.bootstrapServers());

    assertThat(safe(topic, webhook(new byte[10])).offset()).isNotNegative();
    topic.close();
  }

  @Test
  void anUnknownBrokersNameStopsNothing() {
    VerbatimTopic topic = connected("no-such-host.invalid:9092");

    assertThat(outcome(topic.publish(webhook(new byte[0]), null)))
        .isEqualTo(new NotSafe(Why.NO_ACK));
    topic.close();
  }

  @Test
  void moreThanCanWaitIsAnOverflowAtOnce() throws IOException {
    VerbatimTopic topic = connected("127.0.0.1:" + freePort());
    byte[] body = new byte[250_000];
    int fit = (int) (InFlight.BYTES_MAX / body.length);
    var publications = new ArrayList<CompletableFuture<Publication>>();

    for (int i = 0; i < fit + 5; i++) {
      publications.add(topic.publish(webhook(body), null).toCompletableFuture());
    }

    assertThat(publications.subList(fit, fit + 5))
        .allSatisfy(
            publication -> assertThat(publication).isCompletedWithValue(new NotSafe(Why.OVERFLOW)));
    assertThat(publications.subList(0, fit).stream().map(CompletableFuture::join))
        .containsOnly(new NotSafe(Why.NO_ACK));
    await()
        .atMost(WAIT_MAX)
        .until(() -> !topic.publish(webhook(body), null).toCompletableFuture().isDone());
    topic.close();
  }

  private static VerbatimTopic connected(String bootstrapServers) {
    var topic = new VerbatimTopic(Map.of("bootstrap.servers", bootstrapServers));
    topic.connect();
    return topic;
  }

  /// As a provider does: what isn't acknowledged in time, on a machine that is busy with much else,
  /// is sent again.
  private static Safe safe(VerbatimTopic topic, Webhook webhook) {
    var last = new AtomicReference<Publication>();
    await()
        .atMost(WAIT_MAX)
        .until(() -> {
          last.set(outcome(topic.publish(webhook, "type")));
          return last.get() instanceof Safe;
        });
    return (Safe) Objects.requireNonNull(last.get());
  }

  private static Publication outcome(CompletionStage<Publication> publication) {
    return publication.toCompletableFuture().orTimeout(1, TimeUnit.MINUTES).join();
  }

  private static Webhook webhook(byte[] body) {
    return new Webhook(
        "stripe",
        "evt_" + UUID.randomUUID(),
        body,
        Instant.parse("2026-03-01T12:00:00Z"),
        CloudEvent.Origin.WEBHOOK,
        null);
  }

  private static Optional<ConsumerRecord<byte[], byte[]>> read(LocalKafka kafka, Safe where) {
    var partition = new TopicPartition(Topic.WEBHOOKS.topicName(), where.partition());
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, where.offset());
      return consumer.poll(WAIT_MAX).records(partition).stream().findFirst();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
