package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CrashesTest {

  private static final String REQUESTED = "dev.quittance.fulfillment.requested.v1";

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// More than one batch, so that the kill meets one half done.
  private static final int BURST = 300;

  private final RunningStack stack = RunningStack.get();
  private final Shop shop = stack.shop();

  @Test
  void fulfillmentServiceKilledInMidBatchDoesEverythingOnce() {
    List<Shop.Payment> payments = Stream.generate(shop::payment).limit(BURST).toList();

    payments.forEach(this::pay);
    Deadline.in(PATIENCE)
        .await(
            () -> stack.orders().find(payments.getFirst().order()).status() == 200,
            () -> {
              throw new AssertionError("The first of the burst never came through");
            });
    stack.stack().service(Service.FULFILLMENT).kill();
    stack.stack().startService(Service.FULFILLMENT);

    payments.forEach(payment -> stack.orders().await(payment.order(), "paid", "due"));
    // it goes on; and where a rebalance refused to take offsets, they go with the next records
    List<Shop.Payment> later = Stream.generate(shop::payment).limit(BURST / 2).toList();
    later.forEach(this::pay);
    later.forEach(payment -> stack.orders().await(payment.order(), "paid", "due"));
    stack.topics().awaitDrained();
    requestedOnceEach(payments);
    requestedOnceEach(later);
  }

  @Test
  void receiptServiceKilledSendsEveryReceipt() {
    List<Shop.Payment> payments = Stream.generate(shop::payment).limit(20).toList();

    payments.forEach(this::pay);
    stack.stack().service(Service.RECEIPTS).kill();
    stack.stack().startService(Service.RECEIPTS);

    payments.forEach(payment -> stack.orders().awaitReceipts(payment.order(), "payment sent"));
    // a crash between the mail server's acceptance and our commit repeats a mail under the same id
    for (Shop.Payment payment : payments) {
      assertThat(
              stack.mailbox().of(payment.email()).stream()
                  .map(mail -> mail.path("messageId").asText())
                  .distinct())
          .hasSize(1);
    }
  }

  @Test
  void brokerThatIsDownLosesNothing() {
    var before = shop.payment();
    pay(before);
    stack.stack().kafka().kill();
    var during = shop.payment();
    byte[] event = shop.completed(during, "paid");

    Http.Answer answer = stack.webhooks().sendOnce(event);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();

    stack.stack().startKafka();

    // the provider's own retry
    Deadline.in(PATIENCE)
        .await(
            () -> stack.webhooks().sendOnce(event).status() == 200,
            () -> {
              throw new AssertionError("The webhooks are still refused though the broker is back");
            });
    stack.orders().await(before.order(), "paid", "due");
    stack.orders().await(during.order(), "paid", "due");
    stack.orders().awaitReceipts(during.order(), "payment sent");
    requestedOnceEach(List.of(before, during));
  }

  @Test
  void databaseThatIsDownLosesNothing() {
    stack.stack().postgres().kill();
    var payment = shop.payment();

    pay(payment);
    stack.stack().startPostgres();

    stack.orders().await(payment.order(), "paid", "due");
    stack.orders().awaitReceipts(payment.order(), "payment sent");
    requestedOnceEach(List.of(payment));
  }

  private void pay(Shop.Payment payment) {
    assertThat(stack.webhooks().send(shop.completed(payment, "paid")).status()).isEqualTo(200);
  }

  /// By the requests' ids: what a relay has published and not deleted when it is killed is told
  /// again, under its own id and with the same words.
  private void requestedOnceEach(List<Shop.Payment> payments) {
    List<String> orders = payments.stream().map(Shop.Payment::order).toList();
    var counted =
        new Object() {
          Map<String, Set<String>> requests = Map.of();
        };
    Deadline.in(PATIENCE)
        .meets(() -> {
          counted.requests =
              stack.topics().all(Topic.FULFILLMENT_EVENTS.topicName()).stream()
                  .filter(found -> REQUESTED.equals(Topics.header(found, "ce_type")))
                  .collect(
                      Collectors.groupingBy(
                          found -> new String(found.key(), StandardCharsets.UTF_8),
                          Collectors.mapping(
                              found ->
                                  Topics.header(found, "ce_id")
                                      + " "
                                      + new String(found.value(), StandardCharsets.UTF_8),
                              Collectors.toSet())));
          return counted.requests.keySet().containsAll(orders);
        });
    assertThat(orders).allSatisfy(order -> assertThat(counted.requests.get(order)).hasSize(1));
  }
}
