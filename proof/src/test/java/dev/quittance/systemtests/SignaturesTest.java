package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignaturesTest {

  private static final String SECRET = "whsec_local_stripe";

  private final RunningStack stack = RunningStack.get();
  private final Shop shop = stack.shop();

  @Test
  void unsignedWebhookIsRefused() {
    var payment = shop.payment();

    refused(payment, stack.webhooks().unsigned(shop.completed(payment, "paid")));
  }

  @Test
  void forgedWebhookIsRefused() {
    var payment = shop.payment();

    refused(
        payment,
        stack.webhooks().signed(shop.completed(payment, "paid"), "whsec_guess", Duration.ZERO));
  }

  @Test
  void alteredWebhookIsRefused() {
    var payment = shop.payment();
    byte[] signed = shop.completed(payment, "unpaid");
    byte[] altered =
        new String(signed, StandardCharsets.UTF_8)
            .replace("\"unpaid\"", "\"paid\"")
            .getBytes(StandardCharsets.UTF_8);

    refused(payment, stack.webhooks().altered(signed, altered));
  }

  @Test
  void staleWebhookIsRefused() {
    var payment = shop.payment();

    refused(
        payment,
        stack.webhooks().signed(shop.completed(payment, "paid"), SECRET, Duration.ofSeconds(310)));
  }

  @Test
  void webhookFromTheFutureIsRefused() {
    var payment = shop.payment();

    refused(
        payment,
        stack.webhooks().signed(shop.completed(payment, "paid"), SECRET, Duration.ofMinutes(-10)));
  }

  private void refused(Shop.Payment payment, Http.Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(answer.text()).doesNotContain("Exception", "dev.quittance", SECRET);
    assertThat(stack.topics().all(Topic.WEBHOOKS.topicName()))
        .noneMatch(
            found -> new String(found.value(), StandardCharsets.UTF_8).contains(payment.token()));
    assertThat(stack.orders().find(payment.order()).status()).isEqualTo(404);
  }
}
