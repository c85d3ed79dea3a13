package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.testkit.LocalKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RetryTopicConsumerTest {

  /// A broker of its own would cost more than telling the tests' orders apart.
  private static final AtomicInteger RUNS = new AtomicInteger();

  private static final LookUpRetryPolicy SOON =
      new LookUpRetryPolicy(
          Duration.ofMillis(50),
          Duration.ofMillis(200),
          Duration.ofMinutes(10),
          Duration.ofDays(3));

  private final FakeStripe fake = new FakeStripe();
  private final String run = "run" + RUNS.incrementAndGet();
  private final LocalKafka kafka = LocalKafka.shared();
  private final Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private TopicReader events = new TopicReader(kafka.bootstrapServers());
  private BatchTranslation batch;
  private final List<RetryTopicConsumer> consumers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private CanonicalTopic canonicalTopic;

  @BeforeEach
  void start() {
    kafka.createTopics(Topic.all());
    events.close();
    events = new TopicReader(kafka.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName());
    start(SOON);
  }

  private void start(LookUpRetryPolicy retries) {
    Map<String, Endpoint> endpoints =
        Map.of("stripe", fake.endpoint("stripe"), "paysuper", Bodies.endpoint("paysuper"));
    var translations =
        Translations.of(
                name -> Optional.ofNullable(endpoints.get(name)),
                new Providers(List.of(new Stripe(), new PaySuper()))::named,
                Clock.systemUTC())
            .with(retries);
    canonicalTopic = new CanonicalTopic(() -> CanonicalTopic.producer(client, "test"), () -> {});
    batch = translations.batches(canonicalTopic, registry);
    var lanes =
        new RetryLanes(
            Set.of("stripe"),
            _ -> new CircuitBreaker(Duration.ofMillis(50), Duration.ofMillis(200)));
    for (RetryLane lane : lanes.all()) {
      var topic = new CanonicalTopic(() -> CanonicalTopic.producer(client, "test"), () -> {});
      var loop =
          new RetryTopicConsumer(
              lane,
              () -> RetryTopicConsumer.consumer(client, lane),
              translations.publisher(topic, TranslationMetrics.ofLookUps(registry)),
              translations.details(),
              Duration.ofMillis(100),
              Clock.systemUTC());
      consumers.add(loop);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  loop.run();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    stopConsumers();
    events.close();
    fake.close();
  }

  private void stopConsumers() throws InterruptedException {
    consumers.forEach(RetryTopicConsumer::close);
    for (Thread thread : threads) {
      thread.join();
    }
    consumers.clear();
    threads.clear();
    canonicalTopic.close();
  }

  @Test
  void aKilledOnesQuestionsAreTakenUpWithinSeconds() {
    assertThat(
            RetryTopicConsumer.settings(
                Map.of(),
                RetryLane.ofNobody(
                    Set.of(), new CircuitBreaker(Duration.ofSeconds(1), Duration.ofSeconds(1)))))
        .containsEntry("session.timeout.ms", 10_000);
  }

  @Test
  void thePaymentGoesOutAtOnceAndItsItemsFollow() throws Exception {
    fake.list(lines("a"), List.of(Verbatim.line("li_1"), Verbatim.line("li_2")));

    batch.work(List.of(session("a")));

    List<ConsumerRecord<byte[], byte[]>> both = events.next(2);
    assertThat(both)
        .extracting(event -> TopicReader.header(event, "ce_id"))
        .containsExactly("stripe:" + run + "a:0", "stripe:" + run + "a:1");
    assertThat(Verbatim.items(both.getLast()).lineItems()).hasSize(2);
    assertThat(TopicReader.header(both.getLast(), "ce_origin")).isEqualTo("recovered");
    assertThat(both)
        .extracting(event -> TopicReader.header(event, "webhook_received_at"))
        .containsOnly(Bodies.RECEIVED_AT.toString());
  }

  @Test
  void aSessionThatStripeCannotTellHoldsUpNoOther() throws Exception {
    fake.fail(lines("failing"), 500);
    fake.hang(lines("hanging"));
    fake.list(lines("good"), List.of(Verbatim.line("li_1")));

    batch.work(List.of(session("failing"), session("hanging"), session("good"), payment()));

    assertThat(events.next(5))
        .extracting(event -> TopicReader.header(event, "ce_id"))
        .contains("stripe:" + run + "good:1", "paysuper:" + run + ":0");

    fake.list(lines("failing"), List.of(Verbatim.line("li_1")));
    fake.list(lines("hanging"), List.of(Verbatim.line("li_1")));
    fake.heal(lines("failing"));
    fake.heal(lines("hanging"));

    assertThat(events.next(2))
        .allSatisfy(
            event -> assertThat(Verbatim.items(event).itemsState()).isEqualTo(ItemsState.KNOWN));
  }

  @Test
  void afterARestartWhatWaitedIsAskedAgain() throws Exception {
    fake.fail(lines("a"), 503);
    batch.work(List.of(session("a")));
    events.next(1);
    stopConsumers();

    fake.list(lines("a"), List.of(Verbatim.line("li_1")));
    fake.heal(lines("a"));
    start(SOON);

    assertThat(Verbatim.items(events.next(1).getFirst()).itemsState()).isEqualTo(ItemsState.KNOWN);
  }

  @Test
  void afterTheLimitTheItemsAreUnknown() throws Exception {
    stopConsumers();
    start(
        new LookUpRetryPolicy(
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofDays(3)));
    fake.fail(lines("a"), 429);

    batch.work(List.of(session("a")));

    assertThat(Verbatim.items(events.next(2).getLast()).itemsState()).isEqualTo(ItemsState.UNKNOWN);
    assertThat(fake.requests()).isNotEmpty();
  }

  @Test
  void whatCannotBeLinkedIsDeadLetteredWithTheVerbatimRecordsPlace() throws Exception {
    try (var dead =
        new TopicReader(
            kafka.bootstrapServers(), Topic.WEBHOOKS.deadLetters(ConsumerGroup.TRANSLATE))) {
      batch.work(List.of(verbatim("stripe", run, Bodies.body("stripe/refund.created.by_charge"))));

      ConsumerRecord<byte[], byte[]> letter =
          dead.next(1, TopicReader.named("stripe:" + run)).getFirst();
      assertThat(TopicReader.header(letter, "dlq_reason")).isEqualTo("payment_unknown");
      assertThat(TopicReader.header(letter, "dlq_topic")).isEqualTo("payments.webhooks.v1");
      assertThat(TopicReader.header(letter, "dlq_offset")).isEqualTo("42");
      assertThat(letter.headers().lastHeader("retry_attempt")).isNull();
    }
  }

  @Test
  void whatNeedsAMendedKeyWaitsForItLongerThanForAnOutage() throws Exception {
    stopConsumers();
    start(
        new LookUpRetryPolicy(
            Duration.ofMillis(20), Duration.ofMillis(20), Duration.ZERO, Duration.ofDays(3)));
    fake.fail("/v1/charges/ch_3Qx", 401);
    fake.list("/v1/checkout/sessions", List.of("{\"id\": \"cs_live_3Qx\"}"));

    batch.work(List.of(verbatim("stripe", run, Bodies.body("stripe/refund.created.by_charge"))));
    await().atMost(Duration.ofMinutes(2)).until(() -> fake.requests().size() > 3);
    fake.object("/v1/charges/ch_3Qx", "{\"id\": \"ch_3Qx\", \"payment_intent\": \"pi_3Qx\"}");
    fake.heal("/v1/charges/ch_3Qx");

    assertThat(TopicReader.header(events.next(1).getFirst(), "ce_subject"))
        .isEqualTo("stripe:pi_3Qx");
  }

  @Test
  void anOutageHoldsUpNoNewsOfARefund() throws Exception {
    fake.fail("/v1/checkout/sessions", 503);

    batch.work(List.of(verbatim("stripe", run, Bodies.body("stripe/refund.updated.succeeded"))));
    var meanwhile = events.next(1).getFirst();
    fake.list("/v1/checkout/sessions", List.of("{\"id\": \"cs_live_3Qx\"}"));
    fake.heal("/v1/checkout/sessions");
    var linked = events.next(1).getFirst();

    assertThat(TopicReader.header(meanwhile, "ce_id")).isEqualTo("stripe:" + run + ":0");
    // the answer takes the provisional fact's place, by its rank
    assertThat(TopicReader.header(linked, "ce_id")).isEqualTo("stripe:" + run + ":0");
    assertThat(TopicReader.header(linked, "ce_lookup")).isEqualTo("known");
    assertThat(linked.value()).isEqualTo(meanwhile.value());
  }

  @Test
  void manyQuestionsAreAskedSideBySide() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> sessions =
        IntStream.range(0, 300)
            .mapToObj(n -> {
              fake.list(lines("n" + n), List.of(Verbatim.line("li_" + n)));
              return session("n" + n);
            })
            .toList();

    batch.work(sessions);

    assertThat(events.next(600).stream().map(event -> TopicReader.header(event, "ce_id")))
        .doesNotHaveDuplicates()
        .hasSize(600);
  }

  private String lines(String session) {
    return Verbatim.lines(run + session);
  }

  private ConsumerRecord<byte[], byte[]> session(String name) {
    return Verbatim.session("stripe", run + name, run + name, CloudEvent.Origin.RECOVERED);
  }

  private ConsumerRecord<byte[], byte[]> payment() {
    return verbatim("paysuper", run, Bodies.body("published/paysuper/payment.success"));
  }

  private static ConsumerRecord<byte[], byte[]> verbatim(
      String endpoint, String eventId, byte[] body) {
    return Verbatim.of(endpoint, eventId, body, CloudEvent.Origin.RECOVERED);
  }
}
