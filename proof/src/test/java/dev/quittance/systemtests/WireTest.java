package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WireTest {

  private final RunningStack stack = RunningStack.get();

  @ParameterizedTest
  @EnumSource(names = {"PAYMENT_EVENTS", "FULFILLMENT_EVENTS", "RECEIPT_EVENTS"})
  void everyRecordIsACloudEvent(Topic topic) {
    payAndRefund();

    List<ConsumerRecord<byte[], byte[]>> records = stack.topics().all(topic.topicName());

    assertThat(records).isNotEmpty();
    var seen = new HashMap<String, CloudEvent>();
    for (var found : records) {
      CloudEvent event = Topics.event(found);
      assertThat(event.type()).startsWith("dev.quittance.").endsWith(".v1");
      assertThat(event.subject().value()).isEqualTo(key(found));
      assertThat(Topics.header(found, "content-type")).isEqualTo("application/json");
      assertThat(Topics.header(found, "ce_dataschema")).contains(event.type());
      assertThat(Schemas.faults(event)).as("%s keeps to its schema", event).isEmpty();
      if (RepairTest.isRecorded(key(found))) {
        // the first translators gave two events of one body's id the same id: it is in the history
        continue;
      }
      // a corrected translation, and an answer, say something else under the same id
      String said =
          "%s %s %d %s".formatted(event.source(), event.id(), event.translation(), event.lookUp());
      CloudEvent first = seen.putIfAbsent(said, event);
      if (first != null) {
        // what a provider sends twice is translated twice, and what a killed relay (this stack has
        // seen some) had not yet deleted is told again
        assertThat(event.data()).as("%s says the same again", event).isEqualTo(first.data());
      }
    }
  }

  @Test
  void fulfillmentEventsOfAnOrderAreNumberedWithoutGaps() {
    payAndRefund();

    Map<String, List<Long>> numbers = new HashMap<>();
    for (var found : stack.topics().all(Topic.FULFILLMENT_EVENTS.topicName())) {
      long number = Long.parseLong(Objects.requireNonNull(Topics.header(found, "ce_sequence")));
      numbers.computeIfAbsent(key(found), _ -> new ArrayList<>()).add(number);
    }

    assertThat(numbers).isNotEmpty();
    assertThat(numbers.values())
        .allSatisfy(of ->
            // told again by the relay after a killed one, the same numbers come again
            assertThat(of.stream().distinct())
                .containsExactlyElementsOf(
                    LongStream.rangeClosed(of.getFirst(), of.getLast()).boxed().toList()));
  }

  @Test
  void latestStateOfAnOrderIsOnTheStateTopic() {
    var payment = payAndRefund();
    stack.awaitPublished();

    var states = stack.topics().of(Topic.FULFILLMENT_ORDERS, payment.order());

    assertThat(states).isNotEmpty();
    var latest = Json.read(states.getLast().value());
    assertThat(latest.path("paymentStatus").asText()).isEqualTo("partially_refunded");
    assertThat(latest.path("version").asLong())
        .isEqualTo(stack.orders().find(payment.order()).body().path("version").asLong());
  }

  @Test
  void webhookIsKeptByteForByte() {
    var payment = stack.shop().payment();
    byte[] body = stack.shop().completed(payment, "paid");

    assertThat(stack.webhooks().send(body).status()).isEqualTo(200);

    assertThat(stack.topics().all(Topic.WEBHOOKS.topicName()))
        .filteredOn(
            found -> new String(found.value(), StandardCharsets.UTF_8).contains(payment.token()))
        .singleElement()
        .satisfies(found -> assertThat(found.value()).isEqualTo(body));
  }

  private Shop.Payment payAndRefund() {
    var payment = stack.shop().payment();
    var shop = stack.shop();
    stack.webhooks().send(shop.completed(payment, "paid"));
    stack.orders().await(payment.order(), "paid", "due");
    stack.webhooks().send(shop.refund(payment, shop.id("re_"), 500, "refund.created", "succeeded"));
    stack.orders().await(payment.order(), "partially_refunded", "due");
    stack.orders().awaitReceipts(payment.order(), "payment sent", "refund sent");
    stack.topics().awaitDrained();
    return payment;
  }

  private static String key(ConsumerRecord<byte[], byte[]> found) {
    return new String(found.key(), StandardCharsets.UTF_8);
  }
}
