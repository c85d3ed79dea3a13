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
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A refund goes out at once, as one of its own PaymentIntent's order; whose it is in truth is
/// learned later.
final class ProvisionalOrderTest {

  private final FakeStripe fake = new FakeStripe();
  private final Endpoint endpoint = fake.endpoint("stripe");
  private final Translations translation =
      Translations.of(endpoint, new Stripe(), Bodies.RECEIVED_AT);

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void aRefundIsOfItsPaymentIntentUntilSomebodyKnowsBetter() {
    ProducerRecord<byte[], byte[]> known = known().getFirst();

    assertThat(header(known, "ce_id")).isEqualTo("stripe:evt_1:0");
    assertThat(header(known, "ce_subject")).isEqualTo("stripe:pi_3Qx");
    assertThat(header(known, "ce_lookup")).isEqualTo("pending");
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

  private List<ProducerRecord<byte[], byte[]>> known() {
    var webhook =
        new Webhook(
            "stripe",
            "evt_1",
            Bodies.body("stripe/refund.updated.succeeded"),
            Bodies.RECEIVED_AT,
            CloudEvent.Origin.WEBHOOK,
            null);
    return translation.translated(VerbatimRecord.of(webhook, "refund.updated")).records();
  }

  private List<ProducerRecord<byte[], byte[]>> answered() {
    return translation.answered(known().getLast()).records();
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
