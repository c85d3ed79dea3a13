package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.LookUpAnswer;
import dev.quittance.ingest.provider.LookUps;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.StubProvider;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.testkit.HandClock;
import dev.quittance.testkit.LocalKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A provider whose API takes connections and doesn't answer, or fails again and again. Time stands
/// still unless a test moves it.
final class HangingProviderTest {

  /// Endpoints of each test's own: so they are lanes, and groups, of its own on the shared broker.
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final String sick = "sick" + RUNS.incrementAndGet();
  private final String healthy = "healthy" + RUNS.get();
  private final FakeStripe silent = new FakeStripe();
  private final FakeStripe answering = new FakeStripe();
  private final HandClock clock = new HandClock(Instant.parse("2026-11-22T12:00:00Z"));
  private final LocalKafka kafka = LocalKafka.shared();
  private final Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private final List<RetryTopicConsumer> consumers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CanonicalTopic topic =
      new CanonicalTopic(() -> CanonicalTopic.producer(client, "test"), () -> {});
  private TopicReader events;

  @BeforeEach
  void read() {
    kafka.createTopics(Topic.all());
    events = new TopicReader(kafka.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName());
  }

  @AfterEach
  void stop() throws InterruptedException {
    consumers.forEach(RetryTopicConsumer::close);
    silent.close();
    answering.close();
    for (Thread thread : threads) {
      thread.join();
    }
    topic.close();
    events.close();
  }

  @Test
  void aDisputeAndARefundGoOutWhileItHangs() throws Exception {
    silent.hang();
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());

    batch.work(
        List.of(
            verbatim(sick, "dispute", Bodies.body("stripe/charge.dispute.created")),
            verbatim(sick, "refund", Bodies.body("stripe/refund.updated.succeeded")),
            verbatim(sick, "total", Bodies.body("stripe/charge.refunded.partial"))));

    assertThat(events.next(3, of(sick)))
        .extracting(event -> TopicReader.header(event, "ce_id"))
        .contains(sick + ":dispute:0", sick + ":refund:0", sick + ":total:0");
  }

  @Test
  void anotherEndpointGetsItsAnswersHoweverManyQuestionsWait() throws Exception {
    silent.hang();
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());
    int more = RetryTopicConsumer.HELD_MAX + 600;
    batch.work(IntStream.range(0, more).mapToObj(n -> session(sick, "n" + n)).toList());
    events.next(more, of(sick));

    answering.list(Verbatim.lines("good"), List.of(Verbatim.line("li_1")));
    batch.work(List.of(session(healthy, "good")));

    assertThat(Verbatim.items(events.next(2, of(healthy)).getLast()).itemsState())
        .isEqualTo(ItemsState.KNOWN);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> waiting(sick, "items") >= RetryTopicConsumer.HELD_MAX);
    assertThat(waiting(sick, "items")).isLessThan(more);
  }

  @Test
  void whoseARefundIsIsLearnedWhileLineItemsHang() throws Exception {
    IntStream.range(0, 40).forEach(n -> silent.hang(Verbatim.lines("n" + n)));
    silent.list("/v1/checkout/sessions", List.of("{\"id\": \"cs_live_3Qx\"}"));
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());

    batch.work(IntStream.range(0, 40).mapToObj(n -> session(sick, "n" + n)).toList());
    batch.work(List.of(verbatim(sick, "refund", Bodies.body("stripe/refund.updated.succeeded"))));

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> silent.requests().stream().anyMatch(url -> url.contains("payment_intent=")));
    assertThat(events.next(42, of(sick)))
        .extracting(event -> TopicReader.header(event, "ce_id"))
        .contains(sick + ":refund:0");
  }

  @Test
  void pastTheLimitNobodyIsAskedOnceMore() throws Exception {
    silent.fail(Verbatim.lines("a"), 503);
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());
    batch.work(List.of(session(sick, "a")));
    await().atMost(Duration.ofMinutes(2)).until(() -> counted("asking") == 1);
    assertThat(silent.requests()).hasSize(1);

    clock.advance(Duration.ofHours(1));

    assertThat(Verbatim.items(events.next(2, of(sick)).getLast()).itemsState())
        .isEqualTo(ItemsState.UNKNOWN);
    assertThat(silent.requests()).hasSize(1);
  }

  @Test
  void oneThatFailsAgainAndAgainIsLeftAloneAndTriedWithASingleQuestion() throws Exception {
    List<String> names = IntStream.range(0, 60).mapToObj(n -> "n" + n).toList();
    names.forEach(name -> silent.fail(Verbatim.lines(name), 503));
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());

    batch.work(names.stream().map(name -> session(sick, name)).toList());
    await().atMost(Duration.ofMinutes(2)).until(() -> circuitIsOpen());
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> counted("asking") == silent.requests().size());
    int asked = silent.requests().size();
    assertThat(asked)
        .isBetween(
            CircuitBreaker.FAILURES_MAX,
            CircuitBreaker.FAILURES_MAX + LookUpKind.ITEMS.questionsMax());

    clock.advance(Duration.ofSeconds(1));
    await().atMost(Duration.ofMinutes(2)).until(() -> counted("asking") == asked + 1);
    assertThat(silent.requests()).hasSize(asked + 1);

    names.forEach(name -> {
      silent.heal(Verbatim.lines(name));
      silent.list(Verbatim.lines(name), List.of(Verbatim.line("li_1")));
    });
    clock.advance(Duration.ofSeconds(60));
    assertThat(
            events.next(120, of(sick)).stream()
                .filter(event -> TopicReader.header(event, "ce_id").endsWith(":1"))
                .map(event -> Verbatim.items(event).itemsState()))
        .hasSize(60)
        .containsOnly(ItemsState.KNOWN);
    assertThat(circuitIsOpen()).isFalse();
  }

  @Test
  void whileItIsLeftAloneWhatWasNeverAskedForIsGivenUpToo() throws Exception {
    List<String> names = IntStream.range(0, 30).mapToObj(n -> "n" + n).toList();
    names.forEach(name -> silent.fail(Verbatim.lines(name), 503));
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());
    batch.work(names.stream().map(name -> session(sick, name)).toList());
    await().atMost(Duration.ofMinutes(2)).until(() -> circuitIsOpen());
    // one that fails behind the advance would be put off from there
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> counted("asking") == silent.requests().size());

    clock.advance(Duration.ofHours(1));

    assertThat(
            events.next(60, of(sick)).stream()
                .filter(event -> TopicReader.header(event, "ce_id").endsWith(":1"))
                .map(event -> Verbatim.items(event).itemsState()))
        .hasSize(30)
        .containsOnly(ItemsState.UNKNOWN);
  }

  @Test
  void whatAFirstAnswerSaysDoesNotWaitForASecondThatHangs() throws Exception {
    silent.object(
        "/v1/checkout/sessions/cs_thin",
        """
        {"id": "cs_thin", "payment_intent": "pi_thin", "payment_status": "paid",
         "status": "complete", "mode": "payment", "amount_total": 500, "currency": "eur"}
        """);
    String items = "/v1/checkout/sessions/cs_thin/line_items";
    silent.hang(items);
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());
    batch.work(
        List.of(
            verbatim(
                sick,
                "thin",
                """
                {"id": "evt_thin", "object": "v2.core.event",
                 "type": "v1.checkout.session.completed", "livemode": true,
                 "created": "2026-11-22T10:00:00.000Z",
                 "related_object": {"id": "cs_thin", "type": "checkout.session",
                  "url": "/v1/checkout/sessions/cs_thin"}}
                """
                    .getBytes(UTF_8))));
    await().atMost(Duration.ofMinutes(2)).until(() -> asked(silent, items));

    clock.advance(Duration.ofMillis(100));
    var paid = events.next(1, of(sick)).getFirst();

    assertThat(TopicReader.header(paid, "ce_id")).isEqualTo(sick + ":thin:0");
    assertThat(TopicReader.header(paid, "ce_type")).isEqualTo("dev.quittance.payment.succeeded.v1");

    silent.list(items, List.of(Verbatim.line("li_1")));
    silent.heal(items);
    assertThat(events.next(2, of(sick)))
        .extracting(event -> TopicReader.header(event, "ce_id"))
        .containsExactly(sick + ":thin:0", sick + ":thin:1");
  }

  @Test
  void aQuestionThatTakesTooLongEndsAndIsAskedAgain() throws Exception {
    silent.hang(Verbatim.lines("a"));
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());
    batch.work(List.of(session(sick, "a")));
    await().atMost(Duration.ofMinutes(2)).until(() -> asked(silent, Verbatim.lines("a")));

    clock.advance(RetryTopicConsumer.QUESTION_MAX.plusMillis(1));
    await().atMost(Duration.ofMinutes(2)).until(() -> counted("asking") == 1);
    silent.list(Verbatim.lines("a"), List.of(Verbatim.line("li_1")));
    silent.heal(Verbatim.lines("a"));
    clock.advance(Duration.ofSeconds(1));

    assertThat(Verbatim.items(events.next(2, of(sick)).getLast()).itemsState())
        .isEqualTo(ItemsState.KNOWN);
  }

  @Test
  void anErrorInAQuestionFreesItsSlotAndTheQuestionIsAskedAgain() throws Exception {
    var broken = new Broken();
    BatchTranslation batch = start(Duration.ofSeconds(60), broken);
    int more = 3 * LookUpKind.PAYMENT.questionsMax();

    batch.work(
        IntStream.range(0, more)
            .mapToObj(n -> verbatim(sick, "n" + n, "{}".getBytes(UTF_8)))
            .toList());
    await().atMost(Duration.ofMinutes(2)).until(() -> counted("asking") == more);

    broken.mended = true;
    clock.advance(Duration.ofSeconds(1));
    await().atMost(Duration.ofMinutes(2)).until(() -> counted("ignored") == more);
  }

  /// A provider whose library isn't there.
  private static final class Broken implements StubProvider {

    private volatile boolean mended;

    @Override
    public int revision() {
      return 1;
    }

    @Override
    public Translation translate(Webhook webhook, Endpoint endpoint) {
      return new Translation.Open(List.of());
    }

    @Override
    public Optional<LookUps> lookUps() {
      Answers answers =
          (_, _, _) -> {
            if (!mended) {
              throw new NoClassDefFoundError("example/Missing");
            }
            return new LookUpAnswer.Final(new Translation.Ignored("mended"));
          };
      return Optional.of(answers);
    }
  }

  private BatchTranslation start(Duration timeout, Provider provider) {
    endpoints.put(sick, silent.endpoint(sick, timeout));
    endpoints.put(healthy, answering.endpoint(healthy, timeout));
    var translations =
        Translations.of(
            name -> Optional.ofNullable(endpoints.get(name)), _ -> Optional.of(provider), clock);
    var metrics = TranslationMetrics.ofLookUps(registry);
    var lanes =
        new RetryLanes(
            Set.of(sick, healthy),
            endpoint -> {
              var circuit =
                  new CircuitBreaker(
                      Translations.RETRIES.pauseFirst(), Translations.RETRIES.pauseMax());
              metrics.circuit(endpoint, circuit);
              return circuit;
            });
    for (RetryLane lane : lanes.all()) {
      if (!lane.endpoint().equals(TranslationOutcome.NO_ENDPOINT)) {
        var retried =
            new CanonicalTopic(() -> CanonicalTopic.producer(client, lane.group()), () -> {});
        var loop =
            new RetryTopicConsumer(
                lane,
                () -> RetryTopicConsumer.consumer(client, lane),
                translations.publisher(retried, metrics),
                translations.details(),
                Duration.ofMillis(100),
                clock);
        consumers.add(loop);
        threads.add(Thread.ofVirtual().start(() -> runToTheEnd(loop)));
      }
    }
    return translations.batches(topic, registry);
  }

  private static void runToTheEnd(RetryTopicConsumer loop) {
    try {
      loop.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean circuitIsOpen() {
    return registry
            .get("quittance.translate.lookups.circuit.open")
            .tag("endpoint", sick)
            .gauge()
            .value()
        > 0;
  }

  private double waiting(String endpoint, String kind) {
    return registry
        .get("quittance.translate.lookups.waiting")
        .tags("endpoint", endpoint, "kind", kind)
        .gauge()
        .value();
  }

  private int counted(String outcome) {
    return (int)
        registry
            .find("quittance.translate.lookups")
            .tags("endpoint", sick, "outcome", outcome)
            .counters()
            .stream()
            .mapToDouble(counter -> counter.count())
            .sum();
  }

  private static boolean asked(FakeStripe fake, String path) {
    return fake.requests().stream().anyMatch(url -> url.startsWith(path));
  }

  private static Predicate<ConsumerRecord<byte[], byte[]>> of(String endpoint) {
    return TopicReader.named(endpoint + ":");
  }

  private static ConsumerRecord<byte[], byte[]> session(String endpoint, String name) {
    return Verbatim.session(endpoint, name, name, CloudEvent.Origin.WEBHOOK);
  }

  private static ConsumerRecord<byte[], byte[]> verbatim(
      String endpoint, String eventId, byte[] body) {
    return Verbatim.of(endpoint, eventId, body, CloudEvent.Origin.WEBHOOK);
  }
}
