package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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

    Told told = listen("--since", "1h", "--order", order, "--count", "1");

    assertThat(told.code()).isZero();
    assertThat(told.lines())
        .singleElement()
        .asString()
        .matches("[0-9:.]{12} payments +payment\\.succeeded +" + order + "  46\\.50 USD replayed");
    assertThat(told.err()).contains("Listening to payments.webhooks.v1");
  }

  @Test
  void asJsonItIsADocumentALineWithoutTheCustomer() throws Exception {
    CommandBroker.publish(List.of(event(order)));

    Told told =
        listen("--json", "--since", "1h", "--order", order, "--count", "1", "--topic", "payments");

    JsonNode event = told.json();
    assertThat(told.lines()).hasSize(1);
    assertThat(event.path("headers").path("ce_type").asText())
        .isEqualTo("dev.quittance.payment.succeeded.v1");
    assertThat(event.at("/data/details/amount/minorUnits").asInt()).isEqualTo(4650);
    assertThat(event.at("/data/details/customer/email").asText()).isEqualTo("a…@customer.example");
    assertThat(event.at("/data/details/customer/address/country").asText()).isEqualTo("DE");
    assertThat(told.out()).doesNotContain("Petersen", "Deich");
  }

  @Test
  void whatComesLaterIsSeenToo() throws Exception {
    CompletableFuture<Told> listening =
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

    Told told = listen("--since", "1h", "--order", order + "\u001b[2J", "--count", "1");

    assertThat(told.out()).doesNotContain("\u001b").contains("·[2J");
  }

  private static Told listen(String... more) {
    var all = new ArrayList<>(List.of("listen", "--bootstrap", CommandBroker.servers()));
    all.addAll(List.of(more));
    return Told.by(all.toArray(String[]::new));
  }

  private static ProducerRecord<byte[], byte[]> event(String order) {
    return CommandBroker.record(
        Topic.PAYMENT_EVENTS.topicName(),
        order,
        Map.of("ce_type", "dev.quittance.payment.succeeded.v1", "ce_origin", "replayed"),
        PAID);
  }
}
