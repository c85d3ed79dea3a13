package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.HandClock;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Answer;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Sample;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.VerbatimRecord;
import dev.quittance.localstack.LocalKafka;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A provider whose API takes connections and doesn't answer, or fails again and again. Time stands
/// still unless a test moves it.
final class HangingProviderTest {

  /// Endpoints of each test's own: so they are lanes, and groups, of its own on the shared broker.
  private static final AtomicInteger RUNS = new AtomicInteger();

  private static final RecordTranslation.Patience PATIENCE =
      new RecordTranslation.Patience(
          Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofHours(1), Duration.ofDays(3));

  private final String sick = "sick" + RUNS.incrementAndGet();
  private final String healthy = "healthy" + RUNS.get();
  private final FakeStripe silent = new FakeStripe();
  private final FakeStripe answering = new FakeStripe();
  private final HandClock clock = new HandClock(Instant.parse("2026-11-22T12:00:00Z"));
  private final LocalKafka kafka = LocalKafka.shared();
  private final Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private final List<LookUps> lookUps = new ArrayList<>();
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
    lookUps.forEach(LookUps::close);
    silent.close();
    answering.close();
    for (Thread thread : threads) {
      thread.join();
    }
    topic.close();
    events.close();
  }

  @Test
  void aDisputeAndARefundAreToldWhileItHangs() throws Exception {
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
    int more = LookUps.HELD_MAX + 600;
    batch.work(IntStream.range(0, more).mapToObj(n -> session(sick, "n" + n)).toList());
    events.next(more, of(sick));

    answering.list(lines("good"), List.of(line()));
    batch.work(List.of(session(healthy, "good")));

    assertThat(items(events.next(2, of(healthy)).getLast()).itemsState())
        .isEqualTo(ItemsState.KNOWN);
    await().atMost(Duration.ofMinutes(2)).until(() -> waiting(sick, "items") >= LookUps.HELD_MAX);
    assertThat(waiting(sick, "items")).isLessThan(more);
  }

  @Test
  void whoseARefundIsIsLearnedWhileLineItemsHang() throws Exception {
    IntStream.range(0, 40).forEach(n -> silent.hang(lines("n" + n)));
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
    silent.fail(lines("a"), 503);
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());
    batch.work(List.of(session(sick, "a")));
    await().atMost(Duration.ofMinutes(2)).until(() -> counted("asking") == 1);
    assertThat(silent.requests()).hasSize(1);

    clock.advance(Duration.ofHours(1));

    assertThat(items(events.next(2, of(sick)).getLast()).itemsState())
        .isEqualTo(ItemsState.UNKNOWN);
    assertThat(silent.requests()).hasSize(1);
  }

  @Test
  void oneThatFailsAgainAndAgainIsLeftAloneAndTriedWithASingleQuestion() throws Exception {
    List<String> names = IntStream.range(0, 60).mapToObj(n -> "n" + n).toList();
    names.forEach(name -> silent.fail(lines(name), 503));
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
      silent.heal(lines(name));
      silent.list(lines(name), List.of(line()));
    });
    clock.advance(Duration.ofSeconds(60));
    assertThat(
            events.next(120, of(sick)).stream()
                .filter(event -> TopicReader.header(event, "ce_id").endsWith(":1"))
                .map(event -> items(event).itemsState()))
        .hasSize(60)
        .containsOnly(ItemsState.KNOWN);
    assertThat(circuitIsOpen()).isFalse();
  }

  @Test
  void whileItIsLeftAloneWhatWasNeverAskedForIsGivenUpToo() throws Exception {
    List<String> names = IntStream.range(0, 30).mapToObj(n -> "n" + n).toList();
    names.forEach(name -> silent.fail(lines(name), 503));
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
                .map(event -> items(event).itemsState()))
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

    silent.list(items, List.of(line()));
    silent.heal(items);
    assertThat(events.next(2, of(sick)))
        .extracting(event -> TopicReader.header(event, "ce_id"))
        .containsExactly(sick + ":thin:0", sick + ":thin:1");
  }

  @Test
  void aQuestionThatTakesTooLongEndsAndIsAskedAgain() throws Exception {
    silent.hang(lines("a"));
    BatchTranslation batch = start(Duration.ofSeconds(60), new Stripe());
    batch.work(List.of(session(sick, "a")));
    await().atMost(Duration.ofMinutes(2)).until(() -> asked(silent, lines("a")));

    clock.advance(LookUps.QUESTION_MAX.plusMillis(1));
    await().atMost(Duration.ofMinutes(2)).until(() -> counted("asking") == 1);
    silent.list(lines("a"), List.of(line()));
    silent.heal(lines("a"));
    clock.advance(Duration.ofSeconds(1));

    assertThat(items(events.next(2, of(sick)).getLast()).itemsState()).isEqualTo(ItemsState.KNOWN);
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
  private static final class Broken implements Provider {

    private volatile boolean mended;

    @Override
    public Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
      return Optional.empty();
    }

    @Override
    public String name() {
      return "stripe";
    }

    @Override
    public int revision() {
      return 1;
    }

    @Override
    public Verdict verify(
        Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
      return new Verdict.Genuine();
    }

    @Override
    public Translation translate(Webhook webhook, Endpoint endpoint) {
      return new Translation.Open(List.of());
    }

    @Override
    public Answer answer(Webhook webhook, Endpoint endpoint, Consumer<List<PaymentEvent>> part) {
      if (!mended) {
        throw new NoClassDefFoundError("example/Missing");
      }
      return new Answer.Final(new Translation.Ignored("mended"));
    }

    @Override
    public Sample sample(Endpoint endpoint, String nonce, Instant now) {
      return new Sample(Map.of(), new byte[0]);
    }
  }

  private BatchTranslation start(Duration timeout, Provider provider) {
    endpoints.put(sick, silent.endpoint(sick, timeout));
    endpoints.put(healthy, answering.endpoint(healthy, timeout));
    var translation =
        new RecordTranslation(
            name -> Optional.ofNullable(endpoints.get(name)),
            _ -> Optional.of(provider),
            PATIENCE,
            clock);
    var metrics = TranslationMetrics.ofLookUps(registry);
    var limits =
        new ProviderLimits(
            Set.of(sick, healthy),
            endpoint -> {
              var circuit = new CircuitBreaker(PATIENCE.pauseFirst(), PATIENCE.pauseMax());
              metrics.circuit(endpoint, circuit);
              return circuit;
            });
    for (var one : limits.lanes().entrySet()) {
      Lane lane = one.getKey();
      if (lane instanceof Lane.OfEndpoint) {
        var loop =
            new LookUps(
                lane,
                () -> LookUps.consumer(client, lane),
                new CanonicalTopic(() -> CanonicalTopic.producer(client, lane.group()), () -> {}),
                translation,
                one.getValue(),
                metrics,
                Duration.ofMillis(100),
                clock);
        lookUps.add(loop);
        threads.add(Thread.ofVirtual().start(() -> runToTheEnd(loop)));
      }
    }
    return new BatchTranslation(translation, topic, TranslationMetrics.ofWebhooks(registry));
  }

  private static void runToTheEnd(LookUps loop) {
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

  private static PaymentEvent.ItemsKnown items(ConsumerRecord<byte[], byte[]> event) {
    return WireFormat.read(event.value(), PaymentEvent.ItemsKnown.class);
  }

  private static String lines(String session) {
    return "/v1/checkout/sessions/" + session + "/line_items";
  }

  private static String line() {
    return "{\"id\": \"li_1\", \"amount_total\": 100, \"currency\": \"eur\", \"quantity\": 1}";
  }

  private static ConsumerRecord<byte[], byte[]> session(String endpoint, String name) {
    String body =
        """
        {"type": "checkout.session.completed", "data": {"object": {"id": "%s",
         "payment_status": "paid", "amount_total": 100, "currency": "eur"}}}
        """
            .formatted(name);
    return verbatim(endpoint, name, body.getBytes(UTF_8));
  }

  private static ConsumerRecord<byte[], byte[]> verbatim(
      String endpoint, String eventId, byte[] body) {
    var outgoing =
        VerbatimRecord.of(
            new Webhook(
                endpoint, eventId, body, Bodies.RECEIVED_AT, CloudEvent.Origin.WEBHOOK, null),
            null);
    var taken = new ConsumerRecord<>(outgoing.topic(), 5, 42, outgoing.key(), outgoing.value());
    outgoing.headers().forEach(taken.headers()::add);
    return taken;
  }
}
