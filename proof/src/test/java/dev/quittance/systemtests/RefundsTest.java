package dev.quittance.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.testkit.Service;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Refunds that are asked of ingest-service, which asks the sandbox's Stripe, which tells by
/// webhook.
class RefundsTest {

  private final RunningStack stack = RunningStack.get();
  private final Shop shop = stack.shop();
  private final Orders orders = stack.orders();

  @Test
  void aRefundThatIsAskedTwiceIsMadeOnceAndComesBackByWebhook() {
    String order = bought();
    String key = shop.id("refund-");
    String half =
        "{\"order\": \"%s\", \"amount\": {\"minorUnits\": 1500, \"currency\": \"USD\"}, \"reason\": \"duplicate\"}"
            .formatted(order);

    Http.Answer first = refund(half, key);
    Http.Answer again = refund(half, key);

    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(again.body().path("refund").asText())
        .isEqualTo(first.body().path("refund").asText());
    JsonNode refunded = orders.await(order, "partially_refunded", "due");
    assertThat(refunded.at("/refunded/minorUnits").asLong()).isEqualTo(1500);
    orders.awaitReceipts(order, "payment sent", "refund sent");
  }

  @Test
  void moreThanIsLeftIsRefusedInStripesWords() {
    String order = bought();

    Http.Answer whole = refund("{\"order\": \"%s\"}".formatted(order), shop.id("refund-"));
    assertThat(whole.status()).as(whole.text()).isEqualTo(201);
    orders.await(order, "refunded", "canceled");
    Http.Answer more = refund("{\"order\": \"%s\"}".formatted(order), shop.id("refund-"));

    assertThat(more.status()).isEqualTo(422);
    assertThat(more.body().path("code").asText()).isEqualTo("charge_already_refunded");
  }

  private String bought() {
    Http.Answer triggered =
        Http.post(
            stack.stack().ports().url(Service.SANDBOX).resolve("/trigger"),
            "{\"event\": \"checkout.session.completed\"}".getBytes(UTF_8),
            Map.of());
    String order = triggered.body().at("/orders/0").asText();
    orders.await(order, "paid", "due");
    return order;
  }

  private Http.Answer refund(String body, String key) {
    return Http.post(
        stack.stack().ports().url(Service.INGEST).resolve("/refunds"),
        body.getBytes(UTF_8),
        Map.of("Idempotency-Key", key));
  }
}
