package dev.quittance.systemtests;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.JvmProfile;
import dev.quittance.testkit.Ports;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Carts that are paid twice at the same moment, over two instances of fulfillment-service: its
/// second one is this class's own.
class CartsPaidTwiceTest {

  private static final RunningStack STACK = RunningStack.get();

  private static final WebhookSender CARTS =
      new WebhookSender(STACK.stack().ports(), RunningStack.CARTS);

  private static final int PAIRS = 1_000;

  /// As many customers at a time as a small machine still answers at once.
  private static final int SENDERS = 8;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static ServiceProcess second;

  @BeforeAll
  static void startASecondInstance(@TempDir Path folder) throws Exception {
    var environment = new HashMap<String, String>();
    environment.put("KAFKA_BOOTSTRAP_SERVERS", STACK.stack().kafka().bootstrapServers());
    environment.putAll(
        DatabaseAddress.local(STACK.stack().ports().postgres(), "fulfillment").environment());
    second =
        ServiceProcess.launch(
            "fulfillment-2",
            Service.FULFILLMENT,
            Path.of("").toAbsolutePath().resolve(".."),
            JvmProfile.LAPTOP,
            environment,
            Ports.url(Ports.free()),
            Ports.url(Ports.free()),
            folder.resolve("classes"),
            folder.resolve("fulfillment-2.log"));
    second.awaitReady();
    try (Admin admin = STACK.stack().kafka().admin()) {
      assertThat(Deadline.in(PATIENCE).meets(() -> instancesThatReadPayments(admin) == 2)).isTrue();
    }
  }

  private static long instancesThatReadPayments(Admin admin) {
    String group = ConsumerGroup.FULFILLMENT.groupName();
    try {
      var described = admin.describeConsumerGroups(List.of(group)).all().get();
      return described.values().stream()
          .flatMap(found -> found.members().stream())
          .filter(member ->
              member.assignment().topicPartitions().stream()
                  .anyMatch(
                      partition -> partition.topic().equals(Topic.PAYMENT_EVENTS.topicName())))
          .count();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void stopIt() {
    second.close();
  }

  /// A payment of the pair's cart.
  private record Tab(String cart, Shop.Payment payment) {

    String order() {
      return RunningStack.CARTS + ":" + payment.intent();
    }

    byte[] paid() {
      var event = (ObjectNode) Json.read(STACK.shop().completed(payment, "paid"));
      var session = (ObjectNode) event.at("/data/object");
      session.put("client_reference_id", cart);
      session.remove("customer_details"); // two thousand mails would be another test
      return WireFormat.write(event);
    }
  }

  @Test
  void ofAThousandPairsOneOrderEachGoesOutAndTheOtherIsHeldBehindIt() throws Exception {
    var tabs = new ArrayList<Tab>();
    String run = STACK.shop().id("cart-");
    for (int i = 0; i < PAIRS; i++) {
      tabs.add(new Tab(run + "-" + i, STACK.shop().payment()));
      tabs.add(new Tab(run + "-" + i, STACK.shop().payment()));
    }

    send(tabs);

    Map<String, List<String>> ofCart =
        tabs.stream().collect(groupingBy(Tab::cart, mapping(Tab::order, toList())));
    assertThat(Deadline.in(PATIENCE).meets(() -> told(run) == 2 * PAIRS))
        .as("all are requested or held; so far: %d", told(run))
        .isTrue();
    Map<String, List<JsonNode>> requests = STACK.requests();
    Map<String, JsonNode> held = held();
    assertThat(ofCart.values())
        .allSatisfy(pair -> {
          List<String> out = pair.stream().filter(requests::containsKey).toList();
          List<String> kept = pair.stream().filter(held::containsKey).toList();
          assertThat(out).hasSize(1);
          assertThat(kept).hasSize(1).doesNotContainAnyElementsOf(out);
          assertThat(requests.get(out.getFirst())).hasSize(1);
          JsonNode why = requireNonNull(held.get(kept.getFirst()));
          assertThat(why.at("/reason/code").asText()).isEqualTo("duplicate_payment");
          assertThat(why.at("/duplicateOf").asText()).isEqualTo(out.getFirst());
          assertThat(why.at("/order/duplicateOf").asText()).isEqualTo(out.getFirst());
        });
  }

  @Test
  void theSecondGoesOutWhenTheFirstIsCanceledBeforeAnythingLeft() {
    String cart = STACK.shop().id("cart-");
    var first = new Tab(cart, STACK.shop().payment());
    var second = new Tab(cart, STACK.shop().payment());
    CARTS.send(first.paid());
    STACK.orders().await(first.order(), "paid", "due");
    CARTS.send(second.paid());
    JsonNode held = STACK.orders().await(second.order(), "paid", "on_hold");
    assertThat(held.path("duplicateOf").asText()).isEqualTo(first.order());
    assertThat(STACK.orders().find(first.order()).body().at("/duplicates/0").asText())
        .isEqualTo(second.order());

    CARTS.send(
        STACK
            .shop()
            .refund(first.payment(), STACK.shop().id("re_"), 3000, "refund.updated", "succeeded"));

    STACK.orders().await(first.order(), "refunded", "canceled");
    JsonNode released = STACK.orders().await(second.order(), "paid", "due");
    assertThat(released.has("duplicateOf")).isFalse();
    assertThat(STACK.requests(second.order())).hasSize(1);
  }

  /// Both tabs of a cart at the same time.
  private static void send(List<Tab> tabs) throws Exception {
    try (var customers = Executors.newFixedThreadPool(SENDERS)) {
      List<Callable<Integer>> payments =
          tabs.stream()
              .map(tab -> (Callable<Integer>) () -> CARTS.send(tab.paid()).status())
              .toList();
      for (Future<Integer> answer : customers.invokeAll(payments)) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }
  }

  /// How many of the run's orders were requested or held.
  private static int told(String run) {
    String url = STACK.stack().postgres().adminUrl("fulfillment");
    try (var connection = DriverManager.getConnection(url);
        var statement =
            connection.prepareStatement(
                """
                SELECT count(*) FROM orders JOIN order_events ON order_id = id
                 WHERE reference LIKE ?
                   AND type IN ('dev.quittance.fulfillment.requested.v1', 'dev.quittance.fulfillment.held.v1')
                """)) {
      statement.setString(1, run + "-%");
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What was told of orders that are held, by order.
  private static Map<String, JsonNode> held() {
    var held = new HashMap<String, JsonNode>();
    STACK.topics().all(Topic.FULFILLMENT_EVENTS.topicName()).stream()
        .filter(
            found -> "dev.quittance.fulfillment.held.v1".equals(Topics.header(found, "ce_type")))
        .forEach(found ->
            held.put(String.valueOf(Topics.header(found, "ce_subject")), Json.read(found.value())));
    return held;
  }
}
