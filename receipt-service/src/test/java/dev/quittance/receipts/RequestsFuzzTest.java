package dev.quittance.receipts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import dev.quittance.fuzz.HttpFuzzer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whatever knocks at the running service: it answers, and never that it is its own fault.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
class RequestsFuzzTest {

  private static final byte[] NOTHING = {};

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI service;

  @Test
  void anyRequestIsAnswered() {
    try (var knocking = new HttpFuzzer(service)) {
      Fuzz.cases(800, rubbish -> ask(knocking, rubbish));
    }
  }

  @Test
  void whatIsNoHttpIsAnsweredOrHungUpOn() {
    byte[] sound =
        HttpFuzzer.request(
            "POST",
            "/receipts/rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa/resend",
            Map.of("Authorization", "Bearer " + ServicesForTests.ADMIN),
            "{\"to\": \"jane@example.com\"}".getBytes(UTF_8));
    try (var knocking = new HttpFuzzer(service)) {
      Fuzz.cases(200, rubbish -> knocking.say(rubbish.damaged(sound)));
    }
  }

  private static void ask(HttpFuzzer knocking, FuzzRandom rubbish) throws InterruptedException {
    var headers = new HashMap<>(Map.of("Authorization", "Bearer " + ServicesForTests.ADMIN));
    if (rubbish.inPercent(10)) {
      headers.put(
          rubbish.of(
              "Authorization", "Accept", "Content-Type", "Accept-Language", "Idempotency-Key"),
          rubbish.headerValue());
    }
    String id =
        switch (rubbish.below(4)) {
          case 0 -> "rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa";
          case 1 -> UUID.nameUUIDFromBytes(rubbish.bytes(4)).toString();
          default -> rubbish.encoded(rubbish.text());
        };
    switch (rubbish.below(6)) {
      case 0 ->
          knocking.ask("GET", "/receipts" + rubbish.query(List.of("order")), headers, NOTHING);
      case 1 ->
          knocking.ask(
              "GET",
              "/receipts/preview"
                  + rubbish.query(List.of("kind", "locale", "currency", "endpoint", "format")),
              headers,
              NOTHING);
      case 2 ->
          knocking.ask(
              "GET",
              rubbish.of(
                  "/receipts/" + id + rubbish.of("", "/pdf"),
                  "/receipts/wrong/" + id + "/correction",
                  "/receipts/undeliverable" + rubbish.query(List.of("since"))),
              headers,
              NOTHING);
      case 3 ->
          knocking.ask(
              "POST",
              "/receipts/test-mail",
              headers,
              rubbish.damagedJson(
                  "{\"to\": \"jane@example\", \"endpoint\": \"stripe\"}".getBytes(UTF_8)));
      case 4 ->
          knocking.ask(
              rubbish.of("GET", "POST", "PUT", "DELETE"),
              rubbish.of("/inspection", "/conservation", "/", "/receipts/") + id,
              headers,
              rubbish.bytes(500));
      default ->
          knocking.ask(
              "POST",
              rubbish.of(
                  "/receipts/" + id + "/resend",
                  "/receipts/codes/" + id + "/resend",
                  "/receipts/codes/" + id + "/discard",
                  "/receipts/wrong/" + id + "/correct",
                  "/receipts/wrong/correct-all",
                  "/receipts/resend-undeliverable"),
              headers,
              rubbish.inPercent(20)
                  ? rubbish.bytes(5_000)
                  : rubbish.damagedJson(
                      "{\"to\": \"jane@example.com\", \"by\": \"jane\", \"since\": \"2026-11-30T00:00:00Z\", \"dryRun\": true}"
                          .getBytes(UTF_8)));
    }
  }
}
