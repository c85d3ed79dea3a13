package dev.quittance.ingest.seam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.Sha256;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.ingest.KafkaForTests;
import dev.quittance.ingest.SeamProfile;
import dev.quittance.ingest.StripeForTests;
import dev.quittance.ingest.provider.HmacSha256;
import dev.quittance.ingest.translate.TopicReader;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/// What the seam lets a provider be: over HTTP, from the delivery to the topics.
@QuarkusTest
@TestProfile(SeamProfile.class)
final class MadeUpProvidersTest {

  private static final int OUTAGES_MAX = 3;

  /// Far more than one look of whoever answers those that waited, far less than their difference.
  private static final Duration APART = Duration.ofSeconds(1);

  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  @TestHTTPResource(value = "/", management = true)
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI management;

  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void eachEventOfADeliveryGoesItsOwnWay() {
    double dead = counted("batch", "dead");
    String body =
        batch(event("a", "paid"), event("b", "odd"), event("c", "ignored"), event("d", "paid"));
    try (var events = reader(Topic.PAYMENT_EVENTS.topicName());
        var letters = reader(Topic.WEBHOOKS.deadLetters(ConsumerGroup.TRANSLATE));
        var verbatim = reader(Topic.WEBHOOKS.topicName())) {
      assertThat(deliver(body).statusCode()).isEqualTo(200);

      List<ConsumerRecord<byte[], byte[]>> said = events.next(2, this::ours);
      assertThat(said)
          .extracting(event -> TopicReader.header(event, "ce_id"))
          .containsExactlyInAnyOrder("batch:a" + run + ":0", "batch:d" + run + ":0");
      assertThat(said)
          .extracting(event -> new String(event.key(), UTF_8))
          .containsExactlyInAnyOrder("batch:order-a" + run, "batch:order-d" + run);
      ConsumerRecord<byte[], byte[]> letter = letters.next(1, this::ours).getFirst();
      assertThat(new String(letter.key(), UTF_8)).isEqualTo("batch:b" + run);
      assertThat(new String(letter.value(), UTF_8)).contains("order-b" + run).doesNotContain("-a");
      ConsumerRecord<byte[], byte[]> whole = verbatim.next(1).getFirst();
      assertThat(new String(whole.key(), UTF_8))
          .isEqualTo("batch:sha256:" + Sha256.hex(body.getBytes(UTF_8)));
      assertThat(TopicReader.header(letter, "webhook_delivery"))
          .isEqualTo(TopicReader.header(whole, "webhook_event_id"));
    }
    // the delivery is one record, and counts as the worst of what it holds
    await().atMost(WAIT_MAX).until(() -> counted("batch", "dead") >= dead + 1);
  }

  @Test
  void aDeadEventIsSentBackAloneAndNothingElseIsSaidAgain() {
    try (var events = reader(Topic.PAYMENT_EVENTS.topicName());
        var letters = reader(Topic.WEBHOOKS.deadLetters(ConsumerGroup.TRANSLATE))) {
      deliver(batch(event("a", "paid"), event("b", "learned" + run)));
      ConsumerRecord<byte[], byte[]> letter = letters.next(1, this::ours).getFirst();
      events.next(1, this::ours);

      BatchProvider.LEARNED.add("learned" + run);
      redrive(letter);

      assertThat(events.next(1, this::ours))
          .extracting(event -> TopicReader.header(event, "ce_id"))
          .containsExactly("batch:b" + run + ":0");
      assertThat(events.withinAMoment().stream().filter(this::ours)).isEmpty();
    }
  }

  @Test
  void anEventThatHasToBeAskedForHoldsUpNoneBesideIt() {
    BatchProvider.UNTOLD.add("order-b" + run);
    try (var events = reader(Topic.PAYMENT_EVENTS.topicName())) {
      deliver(batch(event("a", "paid"), event("b", "asked"), event("c", "asked")));
      assertThat(events.next(2, this::ours))
          .extracting(event -> TopicReader.header(event, "ce_id"))
          .containsExactlyInAnyOrder("batch:a" + run + ":0", "batch:c" + run + ":0");

      BatchProvider.UNTOLD.remove("order-b" + run);

      assertThat(events.next(1, this::ours))
          .extracting(event -> TopicReader.header(event, "ce_id"))
          .containsExactly("batch:b" + run + ":0");
    }
  }

  @Test
  void anEventThatComesAgainWithOthersIsTheSame() {
    try (var events = reader(Topic.PAYMENT_EVENTS.topicName())) {
      deliver(batch(event("a", "paid"), event("b", "paid")));
      deliver(batch(event("b", "paid"), event("c", "paid")));

      List<ConsumerRecord<byte[], byte[]>> said = events.next(4, this::ours);
      assertThat(said)
          .extracting(event -> TopicReader.header(event, "ce_id"))
          .containsExactlyInAnyOrder(
              "batch:a" + run + ":0",
              "batch:b" + run + ":0",
              "batch:b" + run + ":0",
              "batch:c" + run + ":0");
    }
  }

  @Test
  void aDeliveryWithoutEventsAndOneThatNobodyCanDivideAreOneEach() {
    double ignored = counted("batch", "ignored");
    double dead = counted("batch", "dead");

    deliver("{\"events\": []}");
    deliver("{\"defect\": true, \"run\": \"" + run + "\"}");
    deliver("no JSON " + run);

    await().atMost(WAIT_MAX).until(() -> counted("batch", "ignored") >= ignored + 1);
    await().atMost(WAIT_MAX).until(() -> counted("batch", "dead") >= dead + 2);
  }

  @Test
  void whetherItIsLiveSaysTheEndpointWhereTheBodyDoesNot() {
    try (var events = reader(Topic.PAYMENT_EVENTS.topicName())) {
      deliver(batch(event("a", "paid")));

      assertThat(succeeded(events.next(1, this::ours).getFirst()).about().livemode()).isFalse();
    }
  }

  /// Some four seconds lie between the two answers; none, wherever both wait equally long. A busy
  /// machine, and a producer that gives the patient one up before its time is over, may bring them
  /// closer together: hence more outages than one.
  @Test
  void whoWaitsForASecondIsAnsweredBeforeWhoWaitsForFive() {
    Duration between = betweenTheAnswersInAnOutage();
    for (int outage = 1; outage < OUTAGES_MAX && between.compareTo(APART) < 0; outage++) {
      between = betweenTheAnswersInAnOutage();
    }

    assertThat(between).isGreaterThan(APART);
  }

  /// Both are sent at once by one client, without blocking.
  ///
  /// @return how much sooner the impatient one was answered
  private Duration betweenTheAnswersInAnOutage() {
    var answered = new ConcurrentHashMap<String, Long>();
    KafkaForTests.kill();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var all =
          Stream.of(
                  sharedRequest(),
                  posted("/webhooks/batch", batch(event("a", "paid")).getBytes(UTF_8))
                      .header("x-secret", SeamProfile.BATCH_SECRET)
                      .build())
              .map(request ->
                  client
                      .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                      .thenAccept(answer -> {
                        assertThat(answer.statusCode()).isEqualTo(503);
                        answered.put(request.uri().getPath(), System.nanoTime());
                      }))
              .toList();
      all.forEach(one -> one.orTimeout(1, TimeUnit.MINUTES).join());
    } finally {
      KafkaForTests.bringBack();
    }
    await().atMost(WAIT_MAX).until(() -> deliver("{\"events\": []}").statusCode() == 200);
    return Duration.ofNanos(
        answered.getOrDefault("/webhooks/shared", 0L)
            - answered.getOrDefault("/webhooks/batch", 0L));
  }

  @Test
  void aKeyIsFetchedMeanwhileAndNoDeliveryWaitsForIt() {
    var held = new CountDownLatch(1);
    HintProvider.SLOW.put("key-" + run, held);
    HintProvider.PUBLISHED.put("key-" + run, "k");

    Response early = hint("a", 100, "k:" + SeamProfile.HINT_WEBHOOK_ID);
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.header("Retry-After")).isEqualTo("5");
    assertThat(hint("a", 100, "anything").statusCode()).isEqualTo(503);
    held.countDown();

    await()
        .atMost(WAIT_MAX)
        .until(() -> hint("a", 100, "k:" + SeamProfile.HINT_WEBHOOK_ID).statusCode() == 200);
    // signed for another endpoint: the settings take part in the signature
    assertThat(hint("a", 100, "k:webhook-2").statusCode()).isEqualTo(400);
    assertThat(counted("hint", "no_key_yet")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void noFactComesFromTheBodyOfAHint() {
    HintProvider.PUBLISHED.put("key-" + run, "k");
    HintProvider.PAID.put("order-a" + run, 1_900L);
    String signature = "k:" + SeamProfile.HINT_WEBHOOK_ID;
    await().atMost(WAIT_MAX).until(() -> hint("warm", 1, signature).statusCode() == 200);
    try (var events = reader(Topic.PAYMENT_EVENTS.topicName());
        var letters = reader(Topic.WEBHOOKS.deadLetters(ConsumerGroup.TRANSLATE))) {
      assertThat(hint("a", 999_999, signature).statusCode()).isEqualTo(200);
      assertThat(hint("b", 999_999, signature).statusCode()).isEqualTo(200);

      PaymentEvent.Succeeded paid = succeeded(events.next(1, this::ours).getFirst());
      assertThat(paid.about().order().value()).isEqualTo("hint:order-a" + run);
      assertThat(paid.details().amount()).isEqualTo(Money.ofMinor(1_900, "EUR"));
      // what the provider doesn't confirm is nothing, whatever its own package would have made of
      // it
      ConsumerRecord<byte[], byte[]> letter =
          letters
              .next(1, found -> new String(found.key(), UTF_8).equals("hint:b" + run))
              .getFirst();
      assertThat(TopicReader.header(letter, "dlq_reason")).isEqualTo("payment_unknown");
      assertThat(events.withinAMoment().stream().filter(this::ours)).isEmpty();
    }
  }

  private Response hint(String name, long amount, String signature) {
    return RestAssured.given()
        .headers(
            Map.of("x-key", "key-" + run, "x-signature", signature, "x-transmission", name + run))
        .body(
            "{\"type\": \"paid\", \"order\": \"order-%s\", \"amount\": \"%d\"}"
                .formatted(name + run, amount))
        .post("/webhooks/hint");
  }

  /// One of Stripe's, signed.
  private static HttpRequest sharedRequest() {
    byte[] body = "{}".getBytes(UTF_8);
    long now = Instant.now().getEpochSecond();
    String signature =
        HexFormat.of()
            .formatHex(
                HmacSha256.of(
                    StripeForTests.SECRET.getBytes(UTF_8), (now + ".").getBytes(UTF_8), body));
    return posted("/webhooks/shared", body)
        .header("Stripe-Signature", "t=" + now + ",v1=" + signature)
        .build();
  }

  private static HttpRequest.Builder posted(String path, byte[] body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + path))
        .version(HttpClient.Version.HTTP_1_1)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private static Response deliver(String body) {
    return RestAssured.given()
        .header("x-secret", SeamProfile.BATCH_SECRET)
        .body(body)
        .post("/webhooks/batch");
  }

  private static String batch(String... events) {
    return "{\"events\": [" + String.join(", ", events) + "]}";
  }

  private String event(String name, String type) {
    return "{\"id\": \"%1$s\", \"type\": \"%2$s\", \"order\": \"order-%1$s\"}"
        .formatted(name + run, type);
  }

  private static PaymentEvent.Succeeded succeeded(ConsumerRecord<byte[], byte[]> event) {
    return WireFormat.read(event.value(), PaymentEvent.Succeeded.class);
  }

  private boolean ours(ConsumerRecord<byte[], byte[]> found) {
    return TopicReader.header(found, "ce_id").contains(run);
  }

  private double counted(String endpoint, String outcome) {
    return RestAssured.get(management.resolve("/q/metrics"))
        .asString()
        .lines()
        .filter(line ->
            Stream.of("quittance_translate_webhooks_total{", "quittance_webhooks_received_total{")
                .anyMatch(line::startsWith))
        .filter(line -> line.contains("endpoint=\"" + endpoint + "\""))
        .filter(line -> line.contains("outcome=\"" + outcome + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /// As the dead letters' commands do: key, value and the other headers, to where it came from.
  private static void redrive(ConsumerRecord<byte[], byte[]> letter) {
    var again =
        new ProducerRecord<>(TopicReader.header(letter, "dlq_topic"), letter.key(), letter.value());
    letter
        .headers()
        .forEach(header -> {
          if (!header.key().startsWith("dlq_")) {
            again.headers().add(header);
          }
        });
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KafkaForTests.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var _ = producer.send(again);
    }
  }

  private static TopicReader reader(String topic) {
    return new TopicReader(KafkaForTests.bootstrapServers(), topic);
  }
}
