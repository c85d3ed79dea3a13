package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Topic;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PaymentsTest {

  private static final String REQUESTED = "dev.quittance.fulfillment.requested.v1";

  private final RunningStack stack = RunningStack.get();
  private final Shop shop = stack.shop();
  private final Orders orders = stack.orders();

  @Test
  void paymentDeliveredFiveTimesIsFulfilledAndReceiptedOnce() {
    var payment = shop.payment();
    byte[] event = shop.completed(payment, "paid");

    List<Integer> answers =
        Stream.generate(() -> stack.webhooks().send(event).status()).limit(5).toList();

    assertThat(answers).containsOnly(200);
    JsonNode order = orders.await(payment.order(), "paid", "due");
    assertThat(order.at("/amount/minorUnits").asLong()).isEqualTo(3000);
    assertThat(order.at("/amount/currency").asText()).isEqualTo("USD");
    assertThat(order.path("checkoutSession").asText()).isEqualTo(payment.session());
    assertThat(order.path("reference").asText()).isEqualTo(payment.reference());
    assertThat(order.at("/metadata/campaign").asText()).isEqualTo("autumn");
    orders.awaitReceipts(payment.order(), "payment sent");
    stack.topics().awaitDrained();
    assertThat(stack.requests(payment.order())).hasSize(1);
    assertThat(stack.mailbox().of(payment.email())).hasSize(1);
  }

  @Test
  void receiptNamesTheAmountTheOrderAndWhoPaid() {
    var payment = shop.payment();

    stack.webhooks().send(shop.completed(payment, "paid"));

    orders.awaitReceipts(payment.order(), "payment sent");
    JsonNode mail = stack.mailbox().of(payment.email()).getFirst();
    assertThat(mail.path("text").asText()).contains("30.00");
    assertThat(mail.path("html").asText()).contains("30.00");
    assertThat(mail.path("messageId").asText()).isNotBlank();
  }

  @Test
  void delayedPaymentWaitsAndThenIsDue() {
    var payment = shop.payment();

    stack.webhooks().send(shop.completed(payment, "unpaid"));

    orders.await(payment.order(), "pending", "not_due");
    stack.topics().awaitDrained();
    assertThat(stack.requests(payment.order())).isEmpty();
    assertThat(orders.receipts(payment.order())).doesNotContain("payment sent");

    stack.webhooks().send(shop.asyncSucceeded(payment));

    orders.await(payment.order(), "paid", "due");
    orders.awaitReceipts(payment.order(), "payment sent");
    assertThat(stack.requests(payment.order())).hasSize(1);
  }

  @Test
  void delayedPaymentThatFailsIsNeverDue() {
    var payment = shop.payment();

    stack.webhooks().send(shop.completed(payment, "unpaid"));
    stack.webhooks().send(shop.asyncFailed(payment));

    orders.await(payment.order(), "failed", "not_due");
    stack.topics().awaitDrained();
    assertThat(stack.requests(payment.order())).isEmpty();
    assertThat(stack.mailbox().of(payment.email())).isEmpty();
  }

  @Test
  void arrivalOfTheMoneyMayBeToldBeforeTheCheckoutsEnd() {
    var payment = shop.payment();

    stack.webhooks().send(shop.asyncSucceeded(payment));
    stack.webhooks().send(shop.completed(payment, "unpaid"));
    stack.webhooks().send(shop.asyncSucceeded(payment));

    orders.await(payment.order(), "paid", "due");
    orders.awaitReceipts(payment.order(), "payment sent");
    stack.topics().awaitDrained();
    orders.await(payment.order(), "paid", "due");
    assertThat(stack.requests(payment.order())).hasSize(1);
    assertThat(stack.mailbox().of(payment.email())).hasSize(1);
  }

  @Test
  void paymentIntentBeforeItsSessionIsOneRequestWithTheSessionsReference() {
    var payment = shop.payment();

    stack.webhooks().send(shop.intentSucceeded(payment));
    stack.topics().awaitDrained();
    assertThat(stack.requests(payment.order())).isEmpty();
    assertThat(stack.mailbox().of(payment.email())).isEmpty();

    stack.webhooks().send(shop.completed(payment, "paid"));

    orders.await(payment.order(), "paid", "due");
    orders.awaitReceipts(payment.order(), "payment sent");
    stack.topics().awaitDrained();
    List<JsonNode> requests = stack.requests(payment.order());
    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst().at("/order/reference").asText()).isEqualTo(payment.reference());
    assertThat(stack.mailbox().of(payment.email())).hasSize(1);
  }

  @Test
  void orderWithNothingToPayIsPaidDueAndConfirmedOnce() {
    var payment = shop.payment().of(0);

    stack.webhooks().send(shop.completed(payment, "no_payment_required"));

    JsonNode order = orders.await(payment.order(), "paid", "due");
    assertThat(order.at("/amount/minorUnits").asLong()).isZero();
    orders.awaitReceipts(payment.order(), "payment sent");
    stack.topics().awaitDrained();
    assertThat(stack.requests(payment.order())).hasSize(1);
    assertThat(stack.mailbox().of(payment.email())).hasSize(1);
  }

  @Test
  void setupSessionOpensNothing() {
    var setup = shop.payment().inMode("setup");

    int answer = stack.webhooks().send(shop.completed(setup, "no_payment_required")).status();

    assertThat(answer).isEqualTo(200);
    stack.topics().awaitDrained();
    assertThat(orders.find(setup.order()).status()).isEqualTo(404);
    assertThat(stack.mailbox().of(setup.email())).isEmpty();
  }

  @Test
  void expiredCheckoutIsCanceled() {
    var payment = shop.payment();

    stack.webhooks().send(shop.expired(payment));

    // a checkout that nobody finished may have no PaymentIntent: here it has one
    orders.await(payment.order(), "canceled", "not_due");
    assertThat(stack.mailbox().of(payment.email())).isEmpty();
  }

  @Test
  void refundToldBeforeItsPaymentIsNotLost() {
    var payment = shop.payment();
    String refund = shop.id("re_");

    stack.webhooks().send(shop.refund(payment, refund, 3000, "refund.created", "succeeded"));
    stack.topics().awaitDrained();
    stack.webhooks().send(shop.completed(payment, "paid"));

    JsonNode order = orders.await(payment.order(), "refunded", "canceled");
    assertThat(order.at("/refunded/minorUnits").asLong()).isEqualTo(3000);
    stack.topics().awaitDrained();
    assertThat(stack.requests(payment.order())).isEmpty();
  }

  @Test
  void partialRefundIsReceiptedOnceThoughToldThrice() {
    var payment = shop.payment();
    String refund = shop.id("re_");
    stack.webhooks().send(shop.completed(payment, "paid"));
    orders.await(payment.order(), "paid", "due");

    stack.webhooks().send(shop.refund(payment, refund, 1000, "refund.created", "pending"));
    stack.webhooks().send(shop.refund(payment, refund, 1000, "refund.updated", "succeeded"));
    stack.webhooks().send(shop.refund(payment, refund, 1000, "charge.refund.updated", "succeeded"));

    JsonNode order = orders.await(payment.order(), "partially_refunded", "due");
    assertThat(order.at("/refunded/minorUnits").asLong()).isEqualTo(1000);
    orders.awaitReceipts(payment.order(), "payment sent", "refund sent");
    stack.topics().awaitDrained();
    orders.awaitReceipts(payment.order(), "payment sent", "refund sent");
    assertThat(stack.mailbox().of(payment.email())).hasSize(2);
    assertThat(stack.requests(payment.order())).hasSize(1);
  }

  @Test
  void orderIsFulfilledOnceThoughAskedTwice() {
    var payment = shop.payment();
    stack.webhooks().send(shop.completed(payment, "paid"));
    orders.await(payment.order(), "paid", "due");
    String key = shop.id("");

    Http.Answer first = orders.fulfill(payment.order(), key);
    Http.Answer again = orders.fulfill(payment.order(), key);

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.text()).isEqualTo(first.text());
    orders.await(payment.order(), "paid", "fulfilled");
    assertThat(stack.topics().types(Topic.FULFILLMENT_EVENTS, payment.order()))
        .containsOnlyOnce("dev.quittance.fulfillment.completed.v1");
    assertThat(orders.timeline(payment.order()))
        .contains(
            "dev.quittance.payment.succeeded.v1",
            REQUESTED,
            "dev.quittance.fulfillment.completed.v1");
  }
}
