package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ListenCommandTest {

  private static final String PAID =
      """
      {"about": {"order": "stripe:pi_1"},
       "details": {"amount": {"minorUnits": 4650, "currency": "USD"},
                   "customer": {"email": "ada@customer.example", "name": "Ada Petersen",
                                "address": {"line1": "Deich 4", "country": "DE"}}}}\
      """;

  private final String order = "stripe:pi_" + UUID.randomUUID();

  @Test
  void eachEventIsALine() throws Exception {
    CommandBroker.publish(List.of(event(order), event(order + "-another")));

    CommandResult result = listen("--since", "1h", "--order", order, "--count", "1");

    assertThat(result.code()).isZero();
    assertThat(result.lines())
        .singleElement()
        .asString()
        .matches("[0-9:.]{12} payments +payment\\.succeeded +" + order + "  46\\.50 USD replayed");
    assertThat(result.err()).contains("Listening to payments.webhooks.v1");
  }

  @Test
  void asJsonItIsADocumentALineWithoutTheCustomer() throws Exception {
    CommandBroker.publish(List.of(event(order)));

    CommandResult result =
        listen("--json", "--since", "1h", "--order", order, "--count", "1", "--topic", "payments");

    JsonNode event = result.json();
    assertThat(result.lines()).hasSize(1);
    assertThat(event.path("headers").path("ce_type").asText())
        .isEqualTo("dev.quittance.payment.succeeded.v1");
    assertThat(event.at("/data/details/amount/minorUnits").asInt()).isEqualTo(4650);
    assertThat(event.at("/data/details/customer/email").asText()).isEqualTo("a…@customer.example");
    assertThat(event.at("/data/details/customer/address/country").asText()).isEqualTo("DE");
    assertThat(result.out()).doesNotContain("Petersen", "Deich");
  }

  @Test
  void whatComesLaterIsSeenToo() throws Exception {
    CompletableFuture<CommandResult> listening =
        CompletableFuture.supplyAsync(
            () -> listen("--order", order, "--count", "2", "--topic", "payments"));
    // published again and again, as nobody outside knows when it begins to listen
    while (!listening.isDone()) {
      CommandBroker.publish(List.of(event(order)));
    }

    assertThat(listening.get().lines()).hasSize(2);
  }

  @Test
  void whatMovesATerminalsCursorDoesNotGetThrough() throws Exception {
    CommandBroker.publish(List.of(event(order + "\u001b[2J")));

    CommandResult result = listen("--since", "1h", "--order", order + "\u001b[2J", "--count", "1");

    assertThat(result.out()).doesNotContain("\u001b").contains("·[2J");
  }

  @Test
  void whatIsForwardedArrivesSignedAndOfFulfillmentUnlessOthersAreAskedFor() throws Exception {
    var posted = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hooks",
        exchange -> {
          try (exchange) {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            posted.add(
                exchange.getRequestHeaders().getFirst("webhook-id")
                    + " "
                    + WireFormat.mapper().readTree(body).path("type").asText());
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    try {
      CommandBroker.publish(
          List.of(
              event(order),
              CommandBroker.record(
                  Topic.FULFILLMENT_EVENTS.topicName(),
                  order,
                  Map.of(
                      "ce_id", order + "#1", "ce_type", "dev.quittance.fulfillment.requested.v1"),
                  "{}")));

      CommandResult result =
          listen(
              "--since",
              "1h",
              "--order",
              order,
              "--count",
              "1",
              "--forward-to",
              "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks");

      assertThat(result.code()).isZero();
      assertThat(posted).containsExactly(order + "#1 dev.quittance.fulfillment.requested.v1");
      assertThat(result.err())
          .contains(
              "signed with the secret in ", "  → fulfillment.requested " + order + ": 200 in ");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatCantBeForwardedIsSaidAtOnce() {
    assertThat(listen("--forward-to", "nowhere").err()).contains("is an address such as");
    assertThat(listen("--forward-to", "http://127.0.0.1:1/", "--topic", "webhooks").err())
        .contains("takes events of the topics payments, fulfillment, orders and receipts");
    assertThat(listen("--forward-secret", "file").err()).contains("is for --forward-to");
  }

  private static CommandResult listen(String... more) {
    var all = new ArrayList<>(List.of("listen", "--bootstrap", CommandBroker.servers()));
    all.addAll(List.of(more));
    return CommandResult.by(all.toArray(String[]::new));
  }

  private static ProducerRecord<byte[], byte[]> event(String order) {
    return CommandBroker.record(
        Topic.PAYMENT_EVENTS.topicName(),
        order,
        Map.of("ce_type", "dev.quittance.payment.succeeded.v1", "ce_origin", "replayed"),
        PAID);
  }
}
