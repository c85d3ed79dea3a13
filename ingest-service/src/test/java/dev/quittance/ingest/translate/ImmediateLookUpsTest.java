package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Providers;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.testkit.LocalKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a webhook leaves open is asked for as it comes; the retry topic is for what isn't answered
/// soon. Nobody reads the retry topic here but the test.
final class ImmediateLookUpsTest {

  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final Duration HOLD = Duration.ofMillis(100);

  private final FakeStripe fake = new FakeStripe();

  /// Also the endpoint's name: what waits on the shared broker's retry topic is no other test's.
  private final String run = "immediate" + RUNS.incrementAndGet() + "x";

  private final LocalKafka kafka = LocalKafka.shared();
  private final Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CircuitBreaker circuit =
      new CircuitBreaker(Duration.ofMinutes(1), Duration.ofMinutes(1));
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final CanonicalTopic topic =
      new CanonicalTopic(() -> CanonicalTopic.producer(client, "test"), () -> {});
  private ImmediateLookUps lookUps;
  private BatchTranslation batches;
  private TopicReader records;

  @BeforeEach
  void start() {
    kafka.createTopics(Topic.all());
    records =
        new TopicReader(
            kafka.bootstrapServers(), Topic.PAYMENT_EVENTS.topicName(), RetryRecord.TOPIC);
    Map<String, Endpoint> endpoints = Map.of(run, fake.endpoint(run));
    var translations =
        Translations.of(
            name -> Optional.ofNullable(endpoints.get(name)),
            new Providers(List.of(new Stripe()))::named,
            Clock.systemUTC());
    OutcomePublisher publisher =
        translations.publisher(topic, TranslationMetrics.ofWebhooks(registry));
    batches = new BatchTranslation(translations.webhooks(), publisher, Clock.systemUTC());
    lookUps =
        new ImmediateLookUps(
            translations.details(),
            publisher,
            new RetryLanes(Set.of(run), _ -> circuit),
            HOLD,
            worker,
            Clock.systemUTC());
  }

  @AfterEach
  void stop() throws InterruptedException {
    lookUps.close();
    worker.shutdownNow();
    worker.awaitTermination(1, TimeUnit.MINUTES);
    topic.close();
    records.close();
    fake.close();
  }

  @Test
  void whatIsAnsweredSoonGoesOutWithItsAnswerAndNeverSeesTheRetryTopic() throws Exception {
    fake.list(lines("a"), List.of(Verbatim.line("li_1")));

    begin(session("a")).get(1, TimeUnit.MINUTES);

    assertThat(next(2)).containsExactly(":a:0", ":a:1");
    assertThat(records.withinAMoment()).isEmpty();
    assertThat(counted("translated")).isEqualTo(1);
  }

  @Test
  void aSlowAnswerHoldsUpNeitherWhatIsKnownNorWhoComesBehind() throws Exception {
    fake.hang(lines("slow"));
    fake.list(lines("quick"), List.of(Verbatim.line("li_1")));

    CompletableFuture<Void> slow = begin(session("slow"));
    begin(session("quick")).get(1, TimeUnit.MINUTES);

    assertThat(next(3)).contains(":slow:0", ":quick:0", ":quick:1");
    assertThat(slow).isNotDone();
  }

  @Test
  void aRefundGoesOutAtOnceAndIsLinkedWhenTheAnswerIsHere() throws Exception {
    fake.hang("/v1/checkout/sessions");

    CompletableFuture<Void> refund =
        begin(verbatim(":refund", Bodies.body("stripe/refund.updated.succeeded")));

    assertThat(next(1)).containsExactly(":refund:0");
    assertThat(refund).isNotDone();
    fake.list("/v1/checkout/sessions", List.of("{\"id\": \"cs_live_3Qx\"}"));
    fake.heal("/v1/checkout/sessions");
  }

  @Test
  void whatIsNotAnsweredSoonWaitsOnTheRetryTopicAndTheNextOnesAtOnce() throws Exception {
    fake.hang(lines("a"));

    begin(session("a")).get(1, TimeUnit.MINUTES);

    assertThat(next(2)).containsExactly(":a:0", "retry:a");
    assertThat(circuit.open()).isFalse();

    fake.list(lines("b"), List.of(Verbatim.line("li_1")));
    begin(session("b")).get(1, TimeUnit.MINUTES);

    assertThat(next(2)).containsExactlyInAnyOrder(":b:0", "retry:b");
  }

  @Test
  void whatCannotBeAnsweredNowWaitsOnTheRetryTopic() throws Exception {
    fake.fail(lines("a"), 503);

    begin(session("a")).get(1, TimeUnit.MINUTES);

    assertThat(next(2)).containsExactly(":a:0", "retry:a");
    assertThat(counted("asking")).isEqualTo(1);
  }

  @Test
  void aRushTakesNoMoreSlotsThanItMayAndLeavesSomeForWhatWaits() throws Exception {
    int many = LookUpKind.ITEMS.questionsMax();
    IntStream.range(0, many).forEach(n -> fake.hang(lines("n" + n)));

    CompletableFuture<Void> all =
        begin(IntStream.range(0, many).mapToObj(n -> session("n" + n)).toList());

    assertThat(next(many + 4).stream().filter(name -> name.startsWith("retry"))).hasSize(4);
    assertThat(all).isNotDone();
    assertThat(fake.requests()).hasSizeLessThanOrEqualTo(8);
  }

  @Test
  void aProviderThatIsSilentIsLeftToTheRetryTopic() throws Exception {
    IntStream.range(0, CircuitBreaker.FAILURES_MAX)
        .forEach(_ -> circuit.failed(Clock.systemUTC().instant()));

    begin(session("a")).get(1, TimeUnit.MINUTES);

    assertThat(next(2)).containsExactlyInAnyOrder(":a:0", "retry:a");
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void whatStopsWithTheServiceIsNotAcknowledged() throws Exception {
    fake.hang(lines("a"));
    CompletableFuture<Void> safe = begin(session("a"));
    await().atMost(Duration.ofMinutes(1)).until(() -> !fake.requests().isEmpty());

    lookUps.close();
    worker.shutdownNow();

    assertThat(worker.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(safe).isNotDone();
  }

  private CompletableFuture<Void> begin(ConsumerRecord<byte[], byte[]> alone) throws Exception {
    return begin(List.of(alone));
  }

  private CompletableFuture<Void> begin(List<ConsumerRecord<byte[], byte[]>> batch)
      throws Exception {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return batches.begin(batch, lookUps);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            worker)
        .get(1, TimeUnit.MINUTES)
        .toCompletableFuture();
  }

  /// Events by the end of their ids, and what waits on the retry topic by its own.
  private List<String> next(int count) {
    return records.next(count, TopicReader.named(run)).stream()
        .map(found -> {
          String id = TopicReader.header(found, "ce_id");
          String end = id.substring(id.lastIndexOf(run) + run.length());
          return found.topic().equals(RetryRecord.TOPIC) ? "retry" + end : end;
        })
        .toList();
  }

  private double counted(String outcome) {
    return registry.get("quittance.translate.webhooks").tag("outcome", outcome).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private String lines(String session) {
    return Verbatim.lines(run + session);
  }

  private ConsumerRecord<byte[], byte[]> session(String name) {
    return Verbatim.session(run, run + ":" + name, run + name, CloudEvent.Origin.WEBHOOK);
  }

  private ConsumerRecord<byte[], byte[]> verbatim(String name, byte[] body) {
    return Verbatim.of(run, run + name, body, CloudEvent.Origin.WEBHOOK);
  }
}
