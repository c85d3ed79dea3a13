package dev.quittance.ingest.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import dev.quittance.fuzz.HttpFuzzer;
import dev.quittance.ingest.IngestProfile;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.HmacSha256;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Whatever is sent to the running service: it answers, and never that it is its own fault.
@QuarkusTest
@TestProfile(IngestProfile.class)
class WebhookFuzzTest {

  private static final Map<String, String> OPERATOR =
      Map.of("Authorization", "Bearer " + IngestProfile.OPERATOR);

  private static final byte[] NOTHING = {};

  private static final List<String> ENDPOINTS = List.of("stripe", "paysuper", "standard", "choosy");

  private static final List<String> BODIES = Bodies.names();

  private static final List<String> SIGNED_BY =
      List.of(
          "Stripe-Signature",
          "Authorization",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature");

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI service;

  @Test
  void anyDeliveryIsAnswered() {
    try (var fuzzer = new HttpFuzzer(service)) {
      Fuzz.cases(
          1_000,
          rubbish -> {
            String endpoint =
                rubbish.inPercent(90) ? rubbish.of(ENDPOINTS) : rubbish.encoded(rubbish.text());
            fuzzer.ask(
                rubbish.inPercent(95)
                    ? "POST"
                    : rubbish.of("GET", "PUT", "DELETE", "PATCH", "HEAD"),
                "/webhooks/" + endpoint + rubbish.query(List.of("a")),
                headers(rubbish),
                body(rubbish));
          });
    }
  }

  @Test
  void anySignedBodyIsAcceptedAndTranslatedOrDead() {
    try (var fuzzer = new HttpFuzzer(service)) {
      Fuzz.cases(
          300,
          rubbish -> {
            byte[] body = body(rubbish);
            var headers = new HashMap<>(Map.of("Stripe-Signature", stripe(body)));
            if (rubbish.inPercent(30)) {
              headers.put("traceparent", rubbish.headerValue());
            }
            if (rubbish.inPercent(30)) {
              headers.put("Content-Type", rubbish.headerValue());
            }

            assertThat(fuzzer.ask("POST", "/webhooks/stripe", headers, body)).isEqualTo(200);
          });
    }
  }

  @Test
  void anyQuestionOfAnOperatorOrCustomerIsAnswered() {
    try (var fuzzer = new HttpFuzzer(service)) {
      Fuzz.cases(1_000, rubbish -> ask(fuzzer, rubbish));
    }
  }

  private static void ask(HttpFuzzer fuzzer, FuzzRandom rubbish) throws InterruptedException {
    switch (rubbish.below(10)) {
      case 0, 1 ->
          fuzzer.ask(
              "GET",
              "/deliveries" + rubbish.query(List.of("endpoint", "outcome", "limit")),
              OPERATOR,
              NOTHING);
      case 2 ->
          fuzzer.ask(
              rubbish.of("GET", "POST"),
              "/endpoints/" + rubbish.encoded(rubbish.text()) + rubbish.of("", "/test"),
              OPERATOR,
              NOTHING);
      case 3, 4 -> {
        var headers = new HashMap<>(OPERATOR);
        headers.put("Content-Type", "application/json");
        if (rubbish.inPercent(80)) {
          headers.put("Idempotency-Key", rubbish.inPercent(70) ? "k1" : rubbish.headerValue());
        }
        fuzzer.ask(
            "POST",
            "/refunds",
            headers,
            rubbish.inPercent(10)
                ? rubbish.bytes(10_000)
                : rubbish.damagedJson(
                    """
                    {"order": "stripe:pi_1", "amount": {"minorUnits": 100, "currency": "USD"},
                     "reason": "duplicate", "note": "because"}
                    """
                        .getBytes(UTF_8)));
      }
      case 5 ->
          fuzzer.ask(
              rubbish.of("GET", "POST"),
              "/recovery" + rubbish.query(List.of("since")),
              OPERATOR,
              NOTHING);
      case 6 ->
          fuzzer.ask(
              rubbish.of("GET", "POST", "DELETE"),
              "/replay" + rubbish.query(List.of("from", "to", "endpoint", "event")),
              OPERATOR,
              NOTHING);
      default ->
          fuzzer.ask(
              rubbish.of("GET", "GET", "GET", "POST"),
              rubbish.inPercent(90)
                  ? "/after-payment" + rubbish.query(List.of("session_id", "since"))
                  : "/" + rubbish.encoded(rubbish.text()),
              Map.of("Accept-Language", rubbish.headerValue(), "Accept", rubbish.headerValue()),
              NOTHING);
    }
  }

  @Test
  void whatIsNoHttpIsAnsweredOrHungUpOn() {
    try (var fuzzer = new HttpFuzzer(service)) {
      Fuzz.cases(
          300,
          rubbish -> {
            byte[] body = body(rubbish);
            byte[] sound =
                HttpFuzzer.request(
                    "POST", "/webhooks/stripe", Map.of("Stripe-Signature", stripe(body)), body);

            fuzzer.say(rubbish.inPercent(10) ? rubbish.bytes(2_000) : rubbish.damaged(sound));
          });
    }
  }

  private static Map<String, String> headers(FuzzRandom rubbish) {
    var headers = new HashMap<String, String>();
    for (int left = rubbish.below(4); left > 0; left--) {
      headers.put(rubbish.of(SIGNED_BY), rubbish.headerValue());
    }
    if (rubbish.inPercent(20)) {
      headers.put("X-Long", "x".repeat(rubbish.below(30_000)));
    }
    if (rubbish.inPercent(20)) {
      headers.put("Content-Encoding", rubbish.of("gzip", "deflate", "br", "identity", "x"));
    }
    return headers;
  }

  private static byte[] body(FuzzRandom rubbish) {
    return switch (rubbish.below(5)) {
      case 0 -> rubbish.bytes(20_000);
      case 1 -> rubbish.value().getBytes(UTF_8);
      case 2 -> rubbish.damaged(Bodies.body(rubbish.of(BODIES)));
      default -> rubbish.damagedJson(Bodies.body(rubbish.of(BODIES)));
    };
  }

  private static String stripe(byte[] body) {
    long now = Instant.now().getEpochSecond();
    byte[] code =
        HmacSha256.of(
            IngestProfile.STRIPE_SECRET.getBytes(US_ASCII), (now + ".").getBytes(US_ASCII), body);
    return "t=" + now + ",v1=" + HexFormat.of().formatHex(code);
  }
}
