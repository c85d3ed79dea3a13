package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicTest {

  @Test
  void theTopicsAreThoseOfTheDesignWithTheirDeadLettersAndRetries() {
    assertThat(Topic.all())
        .extracting(Topic.Spec::name)
        .containsExactly(
            "payments.webhooks.v1",
            "payments.events.v1",
            "fulfillment.events.v1",
            "fulfillment.orders.v1",
            "fulfillment.commands.v1",
            "fulfillment.letters.v1",
            "receipts.events.v1",
            "payments.webhooks.v1.quittance-translate.dlq",
            "payments.webhooks.v1.quittance-translate.retry",
            "payments.events.v1.quittance-fulfillment.dlq",
            "fulfillment.commands.v1.quittance-fulfillment.dlq",
            "payments.events.v1.quittance-receipts.dlq",
            "fulfillment.letters.v1.quittance-receipts.dlq");
  }

  @Test
  void aDeadLetterGoesWhereItsGroupsDeadLettersGo() {
    assertThat(Examples.deadLetter().deadLetterTopic())
        .isEqualTo(Topic.PAYMENT_EVENTS.deadLetters(ConsumerGroup.FULFILLMENT));
  }

  @Test
  void ordersAreCompactedAndEverythingElseIsKept35DaysInSegmentsOfADay() {
    for (Topic.Spec spec : Topic.all()) {
      assertThat(spec.partitions()).isEqualTo(12);
      assertThat(spec.settings())
          .as(spec.name())
          .isEqualTo(
              spec.name().equals(Topic.FULFILLMENT_ORDERS.topicName())
                  ? Map.of(
                      "cleanup.policy",
                      "compact",
                      "max.compaction.lag.ms",
                      "604800000",
                      "segment.ms",
                      "86400000")
                  : Map.of(
                      "cleanup.policy",
                      "delete",
                      "retention.ms",
                      "3024000000",
                      "segment.ms",
                      "86400000"));
    }
  }

  @Test
  void anIdKeepsItsPartsAndRefusesToBeNone() {
    OrderId order = OrderId.of("paysuper", "726d9e07-1111:2");

    assertThat(order.account()).isEqualTo("paysuper");
    assertThat(order.paymentReference()).isEqualTo("726d9e07-1111:2");
    assertThat(new EventId("stripe:evt_1:12").sourceEvent()).isEqualTo("stripe:evt_1");
  }
}
