package dev.quittance.ingest.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.provider.stripe.FakeStripe;
import dev.quittance.ingest.provider.stripe.Stripe;
import dev.quittance.ingest.publish.VerbatimRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A refund is told at once, as one of its own PaymentIntent's order; whose it is in truth is
/// learned later.
final class ProvisionalOrderTest {

  private final FakeStripe fake = new FakeStripe();
  private final Endpoint endpoint = fake.endpoint("stripe");
  private final RecordTranslation translation =
      new RecordTranslation(
          _ -> Optional.of(endpoint),
          _ -> Optional.of(new Stripe()),
          new RecordTranslation.Patience(
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofHours(1),
              Duration.ofDays(3)),
          Clock.systemUTC());

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void aRefundIsOfItsPaymentIntentUntilSomebodyKnowsBetter() {
    ProducerRecord<byte[], byte[]> told = told().getFirst();

    assertThat(header(told, "ce_id")).isEqualTo("stripe:evt_1:0");
    assertThat(header(told, "ce_subject")).isEqualTo("stripe:pi_3Qx");
    assertThat(header(told, "ce_lookup")).isEqualTo("pending");
    assertThat(fake.requests()).isEmpty();
  }

  @Test
  void theFirstPaymentsRefundTakesThePlaceOfTheProvisionalOne() {
    subscription("subscription_create");

    ProducerRecord<byte[], byte[]> linked = answered().getFirst();

    assertThat(header(linked, "ce_id")).isEqualTo("stripe:evt_1:0");
    assertThat(header(linked, "ce_subject")).isEqualTo("stripe:cs_live_sub");
    assertThat(header(linked, "ce_lookup")).isEqualTo("known");
  }

  @Test
  void aRenewalsRefundIsWithdrawn() {
    subscription("subscription_cycle");

    ProducerRecord<byte[], byte[]> withdrawn = answered().getFirst();

    assertThat(header(withdrawn, "ce_type")).isEqualTo("dev.quittance.payment.withdrawn.v1");
    assertThat(header(withdrawn, "ce_lookup")).isEqualTo("known");
  }

  private void subscription(String reason) {
    fake.listOf("/v1/checkout/sessions", "payment_intent", List.of());
    fake.listOf("/v1/checkout/sessions", "subscription", List.of("{\"id\": \"cs_live_sub\"}"));
    fake.list("/v1/invoice_payments", List.of("{\"id\": \"inpay_1\", \"invoice\": \"in_1\"}"));
    fake.object(
        "/v1/invoices/in_1",
        "{\"id\": \"in_1\", \"billing_reason\": \"%s\", \"subscription\": \"sub_1\"}"
            .formatted(reason));
  }

  private List<ProducerRecord<byte[], byte[]>> told() {
    var webhook =
        new Webhook(
            "stripe",
            "evt_1",
            Bodies.body("stripe/refund.updated.succeeded"),
            Bodies.RECEIVED_AT,
            CloudEvent.Origin.WEBHOOK,
            null);
    return translation.of(taken(VerbatimRecord.of(webhook, "refund.updated"))).records();
  }

  private List<ProducerRecord<byte[], byte[]>> answered() {
    return translation.answered(taken(told().getLast()), _ -> {}).outcome().records();
  }

  private static ConsumerRecord<byte[], byte[]> taken(ProducerRecord<byte[], byte[]> record) {
    var taken = new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
    record.headers().forEach(taken.headers()::add);
    return taken;
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
