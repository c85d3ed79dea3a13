package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.VerbatimRecord;
import dev.quittance.messaging.kafka.KafkaHeaders;
import dev.quittance.testkit.LocalKafka;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BatchTranslationTest {

  private static final String DEAD = Topic.WEBHOOKS.deadLetters(ConsumerGroup.TRANSLATE);
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:01Z");
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void everyRecordEndsTranslatedIgnoredOrDead() throws Exception {
    LocalKafka kafka = kafka();
    try (var events = new TopicReader(kafka.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName());
        var dead = new TopicReader(kafka.bootstrapServers(), DEAD);
        var topic = canonicalTopic(kafka)) {
      batch(topic)
          .work(
              List.of(
                  verbatim("stripe", "evt_1", "stripe/checkout.session.completed.paid"),
                  verbatim("stripe", "evt_2", "published/stripe/customer.created"),
                  verbatim("paysuper", "n_1", "paysuper/payment.refund"),
                  verbatim("stripe", "evt_3", "stripe/refund.created.by_charge"),
                  verbatim("gone", "evt_4", "stripe/refund.updated.succeeded"),
                  new ConsumerRecord<>(Topic.WEBHOOKS.topicName(), 3, 7, null, null)));

      // what can't be translated takes back what an earlier revision may have made of it
      assertThat(events.next(3))
          .extracting(event -> TopicReader.header(event, "ce_id"))
          .containsExactlyInAnyOrder("stripe:evt_1:0", "paysuper:n_1:0", "stripe:evt_3:withdrawn");
      assertThat(dead.next(3))
          .extracting(letter -> TopicReader.header(letter, "dlq_reason"))
          .containsExactlyInAnyOrder("payment_unknown", "unknown_endpoint", "unreadable");
    }
    assertThat(counted("translated")).isEqualTo(2);
    assertThat(counted("ignored")).isEqualTo(1);
    assertThat(counted("dead")).isEqualTo(3);
  }

  @Test
  void aCanonicalEventIsACloudEventKeyedByItsOrder() throws Exception {
    LocalKafka kafka = kafka();
    try (var events = new TopicReader(kafka.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName());
        var topic = canonicalTopic(kafka)) {
      batch(topic).work(List.of(verbatim("stripe", "evt_1", "stripe/charge.refunded.listed")));

      List<ConsumerRecord<byte[], byte[]>> records = events.next(3);
      assertThat(records)
          .extracting(record -> TopicReader.header(record, "ce_id"))
          .containsExactly("stripe:evt_1:0", "stripe:evt_1:1", "stripe:evt_1:2");
      ConsumerRecord<byte[], byte[]> first = records.getFirst();
      assertThat(new String(first.key(), UTF_8)).isEqualTo("stripe:pi_3Qx");
      CloudEvent envelope =
          CloudEvent.read(name -> KafkaHeaders.value(first.headers(), name), first.value());
      assertThat(envelope.source()).isEqualTo("/quittance/ingest");
      assertThat(envelope.origin()).isEqualTo(CloudEvent.Origin.RECOVERED);
      assertThat(envelope.translation()).isEqualTo(new Stripe().revision());
      assertThat(envelope.traceparent()).isEqualTo(TRACE);
      assertThat(TopicReader.header(first, "webhook_received_at"))
          .isEqualTo(Bodies.RECEIVED_AT.toString());
      assertThat(PaymentFact.read(envelope).event())
          .isInstanceOf(PaymentEvent.RefundTotalUpdated.class);
    }
  }

  @Test
  void aDeadLetterKeepsWhatItWasAndSaysWhereItDied() throws Exception {
    LocalKafka kafka = kafka();
    var incoming = verbatim("stripe", "evt_1", "stripe/refund.created.by_charge");
    incoming.headers().add("dlq_reason", "of an earlier death".getBytes(UTF_8));
    try (var dead = new TopicReader(kafka.bootstrapServers(), DEAD);
        var topic = canonicalTopic(kafka)) {
      batch(topic).work(List.of(incoming));

      ConsumerRecord<byte[], byte[]> letter = dead.next(1).getFirst();
      assertThat(letter.key()).isEqualTo(incoming.key());
      assertThat(letter.value()).isEqualTo(incoming.value());
      assertThat(VerbatimRecord.read(letter).eventId()).isEqualTo("evt_1");
      assertThat(TopicReader.header(letter, "dlq_topic")).isEqualTo(incoming.topic());
      assertThat(TopicReader.header(letter, "dlq_partition")).isEqualTo("5");
      assertThat(TopicReader.header(letter, "dlq_offset")).isEqualTo("42");
      assertThat(TopicReader.header(letter, "dlq_group")).isEqualTo("quittance-translate");
      assertThat(TopicReader.header(letter, "dlq_at")).isEqualTo(NOW.toString());
      assertThat(letter.headers().headers("dlq_reason")).hasSize(1);
    }
  }

  @Test
  void aStrangersRecordThatNoBrokerTakesWithItsReasonIsDeadWithoutItsValue() throws Exception {
    LocalKafka kafka = kafka();
    byte[] large = new byte[1_048_000];
    byte[] largeQuestion =
        (new String(Bodies.body("stripe/refund.created.by_charge"), UTF_8) + " ".repeat(1_040_000))
            .getBytes(UTF_8);
    try (var dead = new TopicReader(kafka.bootstrapServers(), DEAD);
        var topic = canonicalTopic(kafka)) {
      batch(topic)
          .work(
              List.of(
                  new ConsumerRecord<>(Topic.WEBHOOKS.topicName(), 3, 7, null, large),
                  verbatim("stripe", "evt_1", largeQuestion)));

      assertThat(dead.next(2))
          .allSatisfy(letter -> assertThat(letter.value()).isNull())
          .extracting(letter -> TopicReader.header(letter, "dlq_left_out"))
          .containsOnly("value");
    }
    assertThat(counted("dead")).isEqualTo(2);
  }

  @Test
  void aRepeatedBatchSaysTheSameAgain() throws Exception {
    LocalKafka kafka = kafka();
    var incoming = verbatim("stripe", "evt_1", "stripe/checkout.session.completed.paid");
    try (var events = new TopicReader(kafka.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName());
        var topic = canonicalTopic(kafka)) {
      batch(topic).work(List.of(incoming));
      batch(topic).work(List.of(incoming));

      List<ConsumerRecord<byte[], byte[]>> records = events.next(2);
      assertThat(records.getFirst().value()).isEqualTo(records.getLast().value());
      assertThat(records)
          .extracting(record -> TopicReader.header(record, "ce_id"))
          .containsOnly("stripe:evt_1:0");
    }
  }

  @Test
  void aBatchWaitsForABrokerThatIsAway(@TempDir Path directory) throws Exception {
    LocalKafka broker = LocalKafka.start(directory, 0);
    broker.createTopics(Topic.all());
    int port = Integer.parseInt(broker.bootstrapServers().replaceAll(".*:", ""));
    var failed = new CountDownLatch(1);
    try (var topic = canonicalTopic(broker, failed::countDown);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      batch(topic).work(List.of(verbatim("stripe", "evt_0", "stripe/charge.succeeded")));
      broker.kill();

      Future<?> batch =
          executor.submit(() -> {
            batch(topic).work(List.of(verbatim("stripe", "evt_1", "stripe/charge.succeeded")));
            return null;
          });
      assertThat(failed.await(3, TimeUnit.MINUTES)).isTrue();
      assertThat(batch.isDone()).isFalse();
      try (LocalKafka restarted = LocalKafka.start(directory, port)) {
        batch.get(3, TimeUnit.MINUTES);
        // from the beginning: it may have been quicker than any reader that starts at the end
        var events = new dev.quittance.testkit.TopicReader(restarted.bootstrapServers());
        assertThat(events.all(Topic.PAYMENT_EVENTS.topicName()))
            .extracting(record -> TopicReader.header(record, "ce_id"))
            .containsOnly("stripe:evt_0:0", "stripe:evt_1:0");
      }
    }
  }

  @Test
  void aBatchThatIsStoppedInMidOutageAcknowledgesNothing(@TempDir Path directory) throws Exception {
    LocalKafka broker = LocalKafka.start(directory, 0);
    broker.createTopics(Topic.all());
    var failed = new CountDownLatch(1);
    try (var topic = canonicalTopic(broker, failed::countDown)) {
      broker.kill();
      Thread stopped = Thread.currentThread();
      Thread.startVirtualThread(() -> {
        try {
          failed.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        stopped.interrupt();
      });

      assertThatExceptionOfType(InterruptedException.class)
          .isThrownBy(() ->
              batch(topic).work(List.of(verbatim("stripe", "evt_1", "stripe/charge.succeeded"))));
    }
    assertThat(counted("translated")).isZero();
  }

  @Test
  void whatTheBrokersRefuseForEverIsADeadLetterAndStopsNothing() throws Exception {
    LocalKafka kafka = kafka();
    byte[] large = charge(6_000);
    try (var topic = canonicalTopic(kafka);
        var limit = new TopicLimit(kafka, Topic.PAYMENT_EVENTS.topicName(), 3_000);
        var events = new TopicReader(kafka.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName());
        var letters = new TopicReader(kafka.bootstrapServers(), DEAD_LETTERS)) {
      limit.awaitItHolds();

      batch(topic)
          .work(
              List.of(
                  verbatim("stripe", "evt_large", large),
                  verbatim("stripe", "evt_small", charge(10))));

      assertThat(events.next(1, TopicReader.named("stripe:evt_small"))).hasSize(1);
      ConsumerRecord<byte[], byte[]> letter =
          letters.next(1, TopicReader.named("stripe:evt_large")).getFirst();
      assertThat(letter.value()).isEqualTo(large);
      assertThat(TopicReader.header(letter, "dlq_reason")).isEqualTo("poison");
      assertThat(TopicReader.header(letter, "dlq_offset")).isEqualTo("42");
      assertThat(counted("dead")).isEqualTo(1);
      assertThat(counted("translated")).isEqualTo(1);
    }
  }

  @Test
  void aDeadLetterThatIsRefusedTooGoesWithoutItsValue() throws Exception {
    LocalKafka kafka = kafka();
    try (var topic = canonicalTopic(kafka);
        var limit = new TopicLimit(kafka, Topic.PAYMENT_EVENTS.topicName(), 3_000);
        var ofLetters = new TopicLimit(kafka, DEAD_LETTERS, 3_000);
        var letters = new TopicReader(kafka.bootstrapServers(), DEAD_LETTERS)) {
      limit.awaitItHolds();
      ofLetters.awaitItHolds();

      batch(topic).work(List.of(verbatim("stripe", "evt_both", charge(6_000))));

      ConsumerRecord<byte[], byte[]> letter =
          letters.next(1, TopicReader.named("stripe:evt_both")).getFirst();
      assertThat(letter.value()).isNull();
      assertThat(TopicReader.header(letter, "dlq_left_out")).isEqualTo("value");
      assertThat(counted("dead")).isEqualTo(1);
    }
  }

  private static final String DEAD_LETTERS = Topic.WEBHOOKS.deadLetters(ConsumerGroup.TRANSLATE);

  /// A charge whose description can't be compressed away.
  private static byte[] charge(int descriptionBytes) {
    var random = new Random(7);
    var description = new StringBuilder();
    while (description.length() < descriptionBytes) {
      description.append(Long.toString(random.nextLong() >>> 1, 36));
    }
    return """
    {"id": "evt_1", "object": "event", "type": "charge.succeeded", "created": 1785000000,
     "livemode": true, "data": {"object": {"id": "ch_1", "object": "charge", "amount": 100,
      "amount_captured": 100, "captured": true, "currency": "eur", "payment_intent": "pi_1",
      "description": "%s"}}}
    """
        .formatted(description)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static LocalKafka kafka() {
    LocalKafka kafka = LocalKafka.shared();
    kafka.createTopics(Topic.all());
    return kafka;
  }

  private static CanonicalTopic canonicalTopic(LocalKafka kafka) {
    return canonicalTopic(kafka, () -> {});
  }

  private static CanonicalTopic canonicalTopic(LocalKafka kafka, Runnable onRetry) {
    Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    return new CanonicalTopic(() -> CanonicalTopic.producer(client, "test"), onRetry);
  }

  private BatchTranslation batch(CanonicalTopic topic) {
    var providers = new Providers(List.of(new Stripe(), new PaySuper()));
    Map<String, Endpoint> endpoints =
        Map.of("stripe", Bodies.endpoint("stripe"), "paysuper", Bodies.endpoint("paysuper"));
    return Translations.of(
            name -> Optional.ofNullable(endpoints.get(name)),
            providers::named,
            Clock.fixed(NOW, ZoneOffset.UTC))
        .batches(topic, registry);
  }

  private double counted(String outcome) {
    return registry.find("quittance.translate.webhooks").tag("outcome", outcome).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static ConsumerRecord<byte[], byte[]> verbatim(
      String endpoint, String eventId, String body) {
    return verbatim(endpoint, eventId, Bodies.body(body));
  }

  private static ConsumerRecord<byte[], byte[]> verbatim(
      String endpoint, String eventId, byte[] body) {
    return Verbatim.read(
        new Webhook(
            endpoint, eventId, body, Bodies.RECEIVED_AT, CloudEvent.Origin.RECOVERED, TRACE));
  }
}
