package dev.quittance.ingest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.paysuper.PaySuper;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/// Bodies that nobody in this project wrote, each to its expected end: what it says without an API
/// key, and what it says in the end where Stripe can be asked.
final class PublishedBodiesTest {

  private static final Path TABLE = Path.of("src/test/resources/published-ends.csv");

  private static final Path SHAPES = Path.of("src/test/resources/shapes/stripe");

  private final FakeStripe fake = new FakeStripe();
  private final Providers providers = new Providers(List.of(new Stripe(), new PaySuper()));

  @AfterEach
  void close() {
    fake.close();
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/published-ends.csv", useHeadersInDisplayName = true)
  void everyBodyComesToItsEnd(String body, String alone, String asked) {
    String name = "published/" + body;
    String provider = Bodies.providerOf(name);

    assertThat(end(Bodies.webhook(provider, Bodies.body(name)), Bodies.endpoint(provider)))
        .isEqualTo(alone);
    fake.object(
        "/v1/charges/ch_000000000000000000000000",
        "{\"id\": \"ch_000000000000000000000000\", \"payment_intent\": \"pi_found\"}");
    fake.object(
        "/v1/charges/ch_00000000000000",
        "{\"id\": \"ch_00000000000000\", \"payment_intent\": \"pi_found\"}");
    if (provider.equals("stripe")) {
      assertThat(end(Bodies.webhook(provider, Bodies.body(name)), fake.endpoint("stripe")))
          .isEqualTo(asked);
    }
  }

  @Test
  void noneIsLeftOut() throws IOException {
    assertThat(
            Files.readAllLines(TABLE).stream()
                .skip(1)
                .map(line -> "published/" + line.substring(0, line.indexOf(','))))
        .containsExactlyInAnyOrderElementsOf(
            Bodies.names().stream().filter(name -> name.startsWith("published/")).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "checkout.session,checkout.session.completed,ignored open_session",
    "checkout.session,checkout.session.expired,ignored open_session",
    "payment_intent,payment_intent.payment_failed,AttemptFailed pi_1PgafyB7WZ01zgkWSjxsAJo3",
    "payment_intent,payment_intent.canceled,Canceled pi_1PgafyB7WZ01zgkWSjxsAJo3",
    "charge,charge.succeeded,Pending ch_1PgafuB7WZ01zgkWXYmPNZs8",
    "charge,charge.refunded,ignored uncaptured",
    "refund,refund.created,dead payment_unknown",
    "refund,refund.failed,dead payment_unknown",
    "dispute,charge.dispute.created,dead payment_unknown",
    "price,price.created,ignored unknown_type",
  })
  void everyObjectComesToItsEnd(String shape, String type, String end) throws IOException {
    assertThat(end(event(shape, type), Bodies.endpoint("stripe"))).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource({
    "refund,refund.created,RefundUpdated pi_found",
    "dispute,charge.dispute.created,DisputeUpdated pi_found",
  })
  void anObjectThatNamesOnlyItsChargeIsLinked(String shape, String type, String end)
      throws IOException {
    fake.object(
        "/v1/charges/ch_1PgafuB7WZ01zgkWXYmPNZs8",
        "{\"id\": \"ch_1PgafuB7WZ01zgkWXYmPNZs8\", \"payment_intent\": \"pi_found\"}");

    assertThat(end(event(shape, type), fake.endpoint("stripe"))).isEqualTo(end);
  }

  @Test
  void aWholeEventOfAnotherKindIsNoneOfOurBusiness() throws IOException {
    assertThat(
            end(
                Bodies.webhook("stripe", Files.readString(SHAPES.resolve("event.json"))),
                Bodies.endpoint("stripe")))
        .isEqualTo("ignored unknown_type");
  }

  @Test
  void aLineItemIsRead() throws IOException {
    fake.list(
        "/v1/checkout/sessions/cs_live_3Qx/line_items",
        List.of(Files.readString(SHAPES.resolve("item.json"))));
    Webhook paid =
        Bodies.webhook(
            "stripe",
            """
            {"type": "checkout.session.completed", "data": {"object": {"id": "cs_live_3Qx",
             "payment_intent": "pi_1", "payment_status": "paid", "amount_total": 0,
             "currency": "usd"}}}
            """);

    var answer = (LookUpAnswer.Final) answer(paid, fake.endpoint("stripe"));

    var known =
        (PaymentEvent.ItemsKnown) ((Translation.Facts) answer.translation()).events().getFirst();
    assertThat(known.lineItems()).hasSize(1);
  }

  @Test
  void everyShapeIsUsed() throws IOException {
    try (var files = Files.list(SHAPES)) {
      assertThat(files.map(file -> file.getFileName().toString()).toList())
          .containsExactlyInAnyOrder(
              "charge.json",
              "checkout.session.json",
              "dispute.json",
              "event.json",
              "item.json",
              "payment_intent.json",
              "price.json",
              "refund.json");
    }
  }

  private static Webhook event(String shape, String type) throws IOException {
    String object = Files.readString(SHAPES.resolve(shape + ".json"));
    return Bodies.webhook(
        "stripe",
        ("{\"id\": \"evt_1\", \"type\": \"" + type + "\", \"data\": {\"object\": " + object + "}}")
            .getBytes(UTF_8));
  }

  private String end(Webhook webhook, Endpoint endpoint) {
    Translation meaning = provider(endpoint.provider()).translate(webhook, endpoint);
    if (!(meaning instanceof Translation.Open(var events))) {
      return word(meaning);
    }
    String asked =
        switch (answer(webhook, endpoint)) {
          case LookUpAnswer.Final(var translation) -> word(translation);
          case LookUpAnswer.Unanswered(var translation) -> word(translation);
          case LookUpAnswer.NotNow(var why, _) -> "not now " + why;
          case LookUpAnswer.NoAccess(var why) -> "no access " + why;
        };
    return events.isEmpty() ? asked : word(new Translation.Facts(events)) + "; " + asked;
  }

  private LookUpAnswer answer(Webhook webhook, Endpoint endpoint) {
    return provider(endpoint.provider()).lookUps().orElseThrow().answer(webhook, endpoint, _ -> {});
  }

  private Provider provider(String name) {
    return providers.named(name).orElseThrow();
  }

  private static String word(Translation translation) {
    return switch (translation) {
      case Translation.Facts(var events) -> words(events);
      case Translation.Open(var events) -> words(events);
      case Translation.Ignored(var why) -> "ignored " + why;
      case Translation.Untranslatable(var why, _) -> "dead " + why.wireName();
    };
  }

  private static String words(List<PaymentEvent> events) {
    return events.stream()
        .map(event ->
            event.getClass().getSimpleName() + " " + event.about().order().paymentReference())
        .collect(Collectors.joining("; "));
  }
}
