package dev.quittance.ingest.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.Sha256;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.IngestProfile;
import dev.quittance.ingest.KafkaForTests;
import dev.quittance.ingest.provider.HmacSha256;
import dev.quittance.ingest.publish.VerbatimRecord;
import dev.quittance.testkit.TopicReader;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Webhooks from outside, with a real broker behind it.
@QuarkusTest
@TestProfile(IngestProfile.class)
class WebhookTest {

  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  /// What is promised is five seconds, and `PatienceTest` holds that; a machine that is busy with
  /// much else may say so later, but sooner than Kafka's defaults would: half a minute and more.
  private static final Duration IN_TIME = Duration.ofSeconds(20);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI service;

  @TestHTTPResource(value = "/", management = true)
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI management;

  /// The broker may have been away in the test before.
  @BeforeEach
  void theBrokerAnswers() {
    await()
        .atMost(WAIT_MAX)
        .until(() -> {
          byte[] body = event();
          return post("stripe", body, stripe(body)).statusCode() == 200;
        });
  }

  @Test
  void aSignedEventIsOnTheTopicByteForByteWhenItIsAccepted() {
    String id = "evt_" + UUID.randomUUID();
    byte[] body =
        ("{\n  \"id\": \""
                + id
                + "\", \"data\": {\"type\": \"no\", \"name\": \"Jürgen & Groß\"},"
                + "\n  \"type\" : \"checkout.session.completed\" }\n")
            .getBytes(UTF_8);

    HttpResponse<String> answer = post("stripe", body, stripe(body));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    List<ConsumerRecord<byte[], byte[]>> stored = onTopic("stripe:" + id);
    assertThat(stored).hasSize(1);
    assertThat(stored.getFirst().value()).isEqualTo(body);
    assertThat(header(stored.getFirst(), "webhook_event_type"))
        .isEqualTo("checkout.session.completed");
    assertThat(header(stored.getFirst(), "ce_id")).isEqualTo("stripe:" + id);
    assertThat(header(stored.getFirst(), "traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(VerbatimRecord.read(stored.getFirst()).eventId()).isEqualTo(id);
  }

  @Test
  void everySignedBodyIsAcceptedHoweverOdd() {
    String deep = "[".repeat(50_000);
    for (byte[] body :
        List.of(
            new byte[0],
            "no JSON".getBytes(UTF_8),
            "{\"id\": 12}".getBytes(UTF_8),
            "{\"id\": \"\"}".getBytes(UTF_8),
            deep.getBytes(UTF_8),
            new byte[] {(byte) 0xFF, 0, 1, 2},
            new byte[WebhookRoute.BODY_BYTES_MAX])) {
      HttpResponse<String> answer = post("stripe", body, stripe(body));

      assertThat(answer.statusCode()).isEqualTo(200);
      String key = "stripe:sha256:" + Sha256.hex(body);
      assertThat(onTopic(key)).as(key).isNotEmpty();
      assertThat(onTopic(key).getLast().value()).isEqualTo(body);
    }
  }

  @Test
  void anyContentTypeAndAnyAcceptWillDo() {
    byte[] body = event();
    for (String type : List.of("application/json", "text/plain", "nonsense", ";;", "a/b; c")) {
      HttpResponse<String> answer =
          post(
              "stripe",
              body,
              Map.of(
                  "Stripe-Signature",
                  stripe(body).get("Stripe-Signature"),
                  "Content-Type",
                  type,
                  "Accept",
                  "nonsense;;"));

      assertThat(answer.statusCode()).as(type).isEqualTo(200);
    }
  }

  @Test
  void paySuperAndStandardWebhooksAreTakenByTheirOwnRules() {
    byte[] body =
        "{\"id\":\"n1\",\"type\":\"notification\",\"event\":\"payment.success\"}".getBytes(UTF_8);
    byte[] idless = "{\"type\":\"payment.succeeded\",\"data\":{}}".getBytes(UTF_8);

    assertThat(post("paysuper", body, paySuper(body)).statusCode()).isEqualTo(200);
    assertThat(post("standard", idless, standard("msg_1", idless)).statusCode()).isEqualTo(200);

    assertThat(header(onTopic("paysuper:n1").getFirst(), "webhook_event_type"))
        .isEqualTo("payment.success");
    assertThat(onTopic("standard:msg_1").getFirst().value()).isEqualTo(idless);
  }

  @Test
  void aUserValidationIsAnsweredByPolicy() {
    byte[] question =
        "{\"id\":\"q1\",\"type\":\"notification\",\"event\":\"user.validate\"}".getBytes(UTF_8);
    byte[] payment =
        "{\"id\":\"p1\",\"type\":\"notification\",\"event\":\"payment.success\"}".getBytes(UTF_8);

    assertThat(post("paysuper", question, paySuper(question)).statusCode()).isEqualTo(200);
    assertProblem(post("choosy", question, paySuper(question)), 422);
    assertThat(post("choosy", payment, paySuper(payment)).statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNotSignedRightIsRefusedWithOneAnswerForAll() {
    byte[] body = event();
    long now = Instant.now().getEpochSecond();
    var answers = new ArrayList<HttpResponse<String>>();
    for (String header :
        List.of(
            "",
            "bad_header",
            "t=" + now,
            "t=" + now + ",v0=" + "0".repeat(64),
            "t=" + now + ",v1=" + "0".repeat(64),
            "t=" + now + ", v1=" + hex(now, body),
            "t=" + now + ",t=" + now + ",v1=" + hex(now, body),
            "t=99999999999999999999,v1=" + hex(now, body),
            "t=" + (now - 330) + ",v1=" + hex(now - 330, body),
            "t=" + (now + 330) + ",v1=" + hex(now + 330, body))) {
      answers.add(post("stripe", body, Map.of("Stripe-Signature", header)));
    }
    answers.add(post("stripe", body, Map.of()));
    answers.add(post("stripe", new byte[0], stripe(body)));
    answers.add(post("paysuper", body, stripe(body)));
    answers.add(post("standard", body, stripe(body)));

    answers.forEach(answer -> assertProblem(answer, 400));
    assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.getFirst().body());
  }

  @Test
  void aSignatureInTwoHeadersIsRefused() {
    byte[] body = event();
    String signature = stripe(body).get("Stripe-Signature");
    HttpRequest request =
        HttpRequest.newBuilder(service.resolve("/webhooks/stripe"))
            .header("Stripe-Signature", signature)
            .header("Stripe-Signature", signature)
            .POST(BodyPublishers.ofByteArray(body))
            .build();

    assertProblem(send(request), 400);
  }

  @Test
  void whatIsForNobodyIsNotFound() {
    byte[] body = event();
    for (String name : List.of("nobody", "", "STRIPE", "stripe/", "stripe/more", "%00", "..%2f")) {
      assertProblem(post(name, body, stripe(body)), 404);
    }
  }

  @Test
  void onlyPostIsTaken() {
    for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND")) {
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(service.resolve("/webhooks/stripe"))
                  .method(method, BodyPublishers.noBody())
                  .build());

      assertProblem(answer, 405);
      assertThat(answer.headers().firstValue("Allow")).as(method).hasValue("POST");
    }
    HttpResponse<String> head =
        send(HttpRequest.newBuilder(service.resolve("/webhooks/stripe")).HEAD().build());
    assertThat(head.statusCode()).isEqualTo(405);
  }

  @Test
  void aBodyOverTheLimitIsRefusedWithAndWithoutAStatedLength() {
    for (int size : List.of(WebhookRoute.BODY_BYTES_MAX + 1, 20 * WebhookRoute.BODY_BYTES_MAX)) {
      byte[] body = new byte[size];
      String signature = stripe(body).get("Stripe-Signature");
      for (var publisher :
          List.of(
              BodyPublishers.ofByteArray(body),
              BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
        HttpResponse<String> answer =
            send(
                HttpRequest.newBuilder(service.resolve("/webhooks/stripe"))
                    .header("Stripe-Signature", signature)
                    .POST(publisher)
                    .build());

        assertProblem(answer, 413);
      }
    }
  }

  @Test
  void aBodyInPiecesIsTakenWhole() {
    byte[] body = ("{\"id\":\"evt_pieces\"," + " ".repeat(100_000) + "}").getBytes(UTF_8);
    HttpRequest chunked =
        HttpRequest.newBuilder(service.resolve("/webhooks/stripe"))
            .header("Stripe-Signature", stripe(body).get("Stripe-Signature"))
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
            .build();

    assertThat(send(chunked).statusCode()).isEqualTo(200);
    assertThat(onTopic("stripe:evt_pieces").getFirst().value()).isEqualTo(body);
  }

  @Test
  void whoAsksBeforeSendingIsToldToGoOn() {
    byte[] body = event();
    HttpRequest request =
        HttpRequest.newBuilder(service.resolve("/webhooks/stripe"))
            .header("Stripe-Signature", stripe(body).get("Stripe-Signature"))
            .expectContinue(true)
            .POST(BodyPublishers.ofByteArray(body))
            .build();

    assertThat(send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void headersOverTheLimitAreRefused() {
    byte[] body = event();
    var large = Map.of("X-Large", "x".repeat(WebhookRoute.HEADER_BYTES_MAX));
    var huge = Map.of("X-Huge", "x".repeat(100_000));

    assertProblem(post("stripe", body, large), 431);
    assertThat(post("stripe", body, huge).statusCode()).isEqualTo(431);
  }

  @Test
  void rawNonsenseIsAnsweredCleanlyAndHarmsNobody() throws IOException {
    for (String nonsense :
        List.of(
            "nonsense\r\n\r\n",
            "POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nContent-Length: 9e9\r\n\r\n",
            "POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /webhooks/%zz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")) {
      try (var socket = new Socket(service.getHost(), service.getPort())) {
        socket.setSoTimeout((int) WAIT_MAX.toMillis());
        socket.getOutputStream().write(nonsense.getBytes(US_ASCII));
        socket.shutdownOutput();
        String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

        assertThat(answer).doesNotContain("Exception", "dev.quittance", "\tat ");
        assertThat(answer).as(nonsense).matches("(?s)(HTTP/1.[01] 4.*)?");
      }
    }
    byte[] body = event();
    assertThat(post("stripe", body, stripe(body)).statusCode()).isEqualTo(200);
  }

  @Test
  void theSameEventManyTimesAtOnceIsAcceptedEachTime() {
    byte[] body = event();
    HttpRequest request = request("stripe", body, stripe(body));

    List<Integer> statuses =
        Stream.generate(() -> CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
            .limit(40)
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .map(HttpResponse::statusCode)
            .toList();

    assertThat(statuses).hasSize(40).containsOnly(200);
  }

  @Test
  void withoutABrokerItIsA503AndReadinessStaysAndWhenItIsBackItIsTaken() {
    byte[] body = event();
    KafkaForTests.kill();
    try {
      long before = System.nanoTime();

      HttpResponse<String> answer = post("stripe", body, stripe(body));

      assertProblem(answer, 503);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(IN_TIME);
      assertThat(answer.headers().firstValueAsLong("Retry-After")).hasValue(5);
      assertThat(
              send(HttpRequest.newBuilder(management.resolve("/q/health/live")).build())
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              send(HttpRequest.newBuilder(management.resolve("/q/health/ready")).build())
                  .statusCode())
          .isEqualTo(200);
    } finally {
      KafkaForTests.bringBack();
    }
    await().atMost(WAIT_MAX).until(() -> post("stripe", body, stripe(body)).statusCode() == 200);
  }

  @Test
  void largeBodiesThatNobodyHasVerifiedYetHaveALimitAllTogether() throws IOException {
    byte[] part = new byte[250_000];
    byte[] head =
        ("POST /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + WebhookRoute.BODY_BYTES_MAX
                + "\r\n\r\n")
            .getBytes(US_ASCII);
    byte[] large = new byte[200_000];
    byte[] small = event();
    int held = part.length - UnverifiedBytes.FREE_PER_BODY;
    int room = (int) (UnverifiedBytes.BYTES_MAX / held);
    var strangers = new ArrayList<Socket>();
    try {
      while (strangers.size() < room) {
        var stranger = new Socket(service.getHost(), service.getPort());
        strangers.add(stranger);
        stranger.getOutputStream().write(head);
        stranger.getOutputStream().write(part);
      }
      await().atMost(WAIT_MAX).until(() -> unverified() == (double) room * held);
      for (int more = 0; more < 4; more++) {
        var stranger = new Socket(service.getHost(), service.getPort());
        strangers.add(stranger);
        try {
          stranger.getOutputStream().write(head);
          stranger.getOutputStream().write(part);
        } catch (IOException _) {
          // refused before it was heard out
        }
      }

      HttpResponse<String> answer = post("stripe", large, stripe(large));

      assertProblem(answer, 503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(post("stripe", small, stripe(small)).statusCode()).isEqualTo(200);
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
    await().atMost(WAIT_MAX).until(() -> unverified() == 0);
    assertThat(post("stripe", large, stripe(large)).statusCode()).isEqualTo(200);
    assertThat(unverified()).isZero();
  }

  private double unverified() {
    return send(HttpRequest.newBuilder(management.resolve("/q/metrics")).build())
        .body()
        .lines()
        .filter(line -> line.startsWith("quittance_webhooks_unverified_bytes "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  @Test
  void everyDeliveryIsCounted() {
    byte[] body = event();
    post("stripe", body, stripe(body));
    post("stripe", body, Map.of());
    post("made-up", body, stripe(body));

    String metrics = send(HttpRequest.newBuilder(management.resolve("/q/metrics")).build()).body();

    assertThat(metrics)
        .containsPattern(counted("stripe", "accepted"))
        .containsPattern(counted("stripe", "signature_missing"))
        .containsPattern(counted("unknown", "unknown_endpoint"))
        .contains("quittance_webhooks_answer_seconds_bucket")
        .doesNotContain("made-up");
  }

  private static String counted(String endpoint, String outcome) {
    return "quittance_webhooks_received_total\\{endpoint=\"%s\",outcome=\"%s\",?\\} [1-9]"
        .formatted(endpoint, outcome);
  }

  private static byte[] event() {
    return ("{\"id\":\"evt_" + UUID.randomUUID() + "\",\"type\":\"test\"}").getBytes(UTF_8);
  }

  private static void assertProblem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body())
        .startsWith("{\"type\":\"about:blank\",")
        .contains("\"status\":" + status)
        .doesNotContain("Exception", "dev.quittance", "whsec");
  }

  private HttpResponse<String> post(String endpoint, byte[] body, Map<String, String> headers) {
    return send(request(endpoint, body, headers));
  }

  private HttpRequest request(String endpoint, byte[] body, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(URI.create(service + "webhooks/" + endpoint))
            .timeout(WAIT_MAX)
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return request.build();
  }

  private static HttpResponse<String> send(HttpRequest request) {
    return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
  }

  private static Map<String, String> stripe(byte[] body) {
    long now = Instant.now().getEpochSecond();
    return Map.of("Stripe-Signature", "t=" + now + ",v1=" + hex(now, body));
  }

  private static String hex(long at, byte[] body) {
    byte[] key = IngestProfile.STRIPE_SECRET.getBytes(UTF_8);
    return HexFormat.of().formatHex(HmacSha256.of(key, (at + ".").getBytes(US_ASCII), body));
  }

  private static Map<String, String> paySuper(byte[] body) {
    byte[] secret = IngestProfile.PAYSUPER_SECRET.getBytes(UTF_8);
    byte[] both = new byte[body.length + secret.length];
    System.arraycopy(body, 0, both, 0, body.length);
    System.arraycopy(secret, 0, both, body.length, secret.length);
    return Map.of("Authorization", "Signature " + Sha256.hex(both));
  }

  private static Map<String, String> standard(String id, byte[] body) {
    String now = Long.toString(Instant.now().getEpochSecond());
    byte[] key = Base64.getDecoder().decode(IngestProfile.STANDARD_SECRET.substring(6));
    byte[] code = HmacSha256.of(key, (id + "." + now + ".").getBytes(UTF_8), body);
    return Map.of(
        "webhook-id", id,
        "webhook-timestamp", now,
        "webhook-signature", "v1," + Base64.getEncoder().encodeToString(code));
  }

  private static String header(ConsumerRecord<byte[], byte[]> stored, String name) {
    Header header = stored.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  /// What stands on the topic now under a key, without waiting for more.
  private static List<ConsumerRecord<byte[], byte[]>> onTopic(String key) {
    return new TopicReader(KafkaForTests.bootstrapServers())
        .all(Topic.WEBHOOKS.topicName()).stream()
            .filter(stored -> new String(stored.key(), UTF_8).equals(key))
            .toList();
  }
}
