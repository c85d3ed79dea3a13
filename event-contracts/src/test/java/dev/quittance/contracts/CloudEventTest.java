package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventTest {

  private static final CloudEvent EVENT =
      Examples.of(FulfillmentEventType.REQUESTED.typeName()).event();

  static List<Examples.Example> examples() {
    return Examples.all();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void itsHeadersAreReadBackAsTheyWere(Examples.Example example) {
    CloudEvent event = example.event();

    CloudEvent read = read(event.headers(), event.data());

    assertThat(read).usingRecursiveComparison().isEqualTo(event);
    assertThat(read.data(Shapes.of(event.type()))).isEqualTo(example.data());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time"})
  void aMissingAttributeIsNamed(String name) {
    var headers = new LinkedHashMap<>(EVENT.headers());
    headers.remove(name);

    assertThatThrownBy(() -> read(headers, EVENT.data()))
        .isInstanceOf(UnreadableEvent.class)
        .hasMessage(name + " is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "ce_id, ''",
    "ce_subject, no-colon",
    "ce_subject, :secret",
    "ce_time, yesterday",
    "ce_translation, one",
    "ce_sequence, 1.5",
    "ce_sequence, 99999999999999999999",
  })
  void aMalformedAttributeIsNamedAndNotQuoted(String name, String value) {
    var headers = new LinkedHashMap<>(EVENT.headers());
    headers.put(name, value);

    assertThatThrownBy(() -> read(headers, EVENT.data()))
        .isInstanceOf(UnreadableEvent.class)
        .hasMessage(name + " is malformed");
  }

  @Test
  void anotherMajorVersionIsUnreadable() {
    var headers = new LinkedHashMap<>(EVENT.headers());
    headers.put("ce_specversion", "2.0");

    assertThatThrownBy(() -> read(headers, EVENT.data())).isInstanceOf(UnreadableEvent.class);
  }

  @Test
  void aTombstoneIsNoEvent() {
    assertThatThrownBy(() -> read(EVENT.headers(), null)).isInstanceOf(UnreadableEvent.class);
  }

  @Test
  void anOriginOfTheFutureCountsAsAWebhook() {
    var headers = new LinkedHashMap<>(EVENT.headers());
    headers.put("ce_origin", "telepathy");

    assertThat(read(headers, EVENT.data()).origin()).isEqualTo(CloudEvent.Origin.WEBHOOK);
  }

  @Test
  void aPaymentFactIsReadFromItsRecord() {
    Examples.Example example = Examples.of(PaymentEventType.SUCCEEDED.typeName());

    assertThat(PaymentFact.read(example.event()))
        .isEqualTo(new PaymentFact(example.id(), 1, (PaymentEvent) example.data()));
  }

  @Test
  void aPaymentFactAboutAnotherOrderThanItsSubjectIsUnreadable() {
    CloudEvent event = Examples.of(PaymentEventType.SUCCEEDED.typeName()).event();
    var headers = new LinkedHashMap<>(event.headers());
    headers.put("ce_subject", "stripe:pi_other");

    assertThatThrownBy(() -> PaymentFact.read(read(headers, event.data())))
        .isInstanceOf(UnreadableEvent.class);
  }

  @Test
  void anotherTypeIsNoPaymentFact() {
    assertThatThrownBy(() -> PaymentFact.read(EVENT)).isInstanceOf(UnreadableEvent.class);
  }

  @Test
  void everyTypeNameIsFoundAgainAndForeignOnesAreNot() {
    for (PaymentEventType type : PaymentEventType.values()) {
      assertThat(PaymentEventType.named(type.typeName())).contains(type);
    }
    for (FulfillmentEventType type : FulfillmentEventType.values()) {
      assertThat(FulfillmentEventType.named(type.typeName())).contains(type);
    }
    for (FulfillmentCommandType type : FulfillmentCommandType.values()) {
      assertThat(FulfillmentCommandType.named(type.typeName())).contains(type);
    }
    for (ReceiptEventType type : ReceiptEventType.values()) {
      assertThat(ReceiptEventType.named(type.typeName())).contains(type);
    }
    assertThat(PaymentEventType.named("dev.quittance.payment.succeeded.v2")).isEmpty();
    assertThat(FulfillmentCommandType.named("succeeded")).isEmpty();
  }

  @Test
  void aPaymentTypeThatIsUnknownIsANewerVersionsAndOthersAreForeign() {
    assertThat(PaymentEventType.isNewer("dev.quittance.payment.postponed.v1")).isTrue();
    assertThat(PaymentEventType.isNewer("dev.quittance.payment.succeeded.v2")).isTrue();
    assertThat(PaymentEventType.isNewer("dev.quittance.payment.succeeded.v1")).isFalse();
    assertThat(PaymentEventType.isNewer(PaymentWithdrawn.TYPE)).isFalse();
    assertThat(PaymentEventType.isNewer("dev.quittance.order.paid.v1")).isFalse();
    assertThat(PaymentEventType.isNewer("com.example.payment")).isFalse();
  }

  @Test
  void howFarTheProviderWasAskedStandsInAHeader() {
    for (LookUpState lookUp : LookUpState.values()) {
      var event =
          new CloudEvent(
              EVENT.id(),
              EVENT.source(),
              EVENT.type(),
              EVENT.subject(),
              EVENT.time(),
              EVENT.origin(),
              2,
              lookUp,
              null,
              null,
              EVENT.data());

      assertThat(event.headers().containsKey("ce_lookup")).isEqualTo(lookUp != LookUpState.NONE);
      assertThat(read(event.headers(), event.data()).lookUp()).isEqualTo(lookUp);
    }
  }

  @Test
  void theTypeNamesAreThoseOfTheDesign() {
    assertThat(Shapes.all().keySet())
        .containsExactly(
            "dev.quittance.payment.pending.v1",
            "dev.quittance.payment.succeeded.v1",
            "dev.quittance.payment.attempt_failed.v1",
            "dev.quittance.payment.failed.v1",
            "dev.quittance.payment.canceled.v1",
            "dev.quittance.payment.reversed.v1",
            "dev.quittance.payment.items_known.v1",
            "dev.quittance.payment.refund_updated.v1",
            "dev.quittance.payment.refund_total_updated.v1",
            "dev.quittance.payment.dispute_updated.v1",
            "dev.quittance.payment.withdrawn.v1",
            "dev.quittance.fulfillment.requested.v1",
            "dev.quittance.fulfillment.held.v1",
            "dev.quittance.fulfillment.released.v1",
            "dev.quittance.fulfillment.canceled.v1",
            "dev.quittance.fulfillment.completed.v1",
            "dev.quittance.fulfillment.reversal_requested.v1",
            "dev.quittance.fulfillment.reversed.v1",
            "dev.quittance.fulfillment.rejected.v1",
            "dev.quittance.order.payment_pending.v1",
            "dev.quittance.order.paid.v1",
            "dev.quittance.order.payment_failed.v1",
            "dev.quittance.order.payment_reversed.v1",
            "dev.quittance.order.refunded.v1",
            "dev.quittance.order.disputed.v1",
            "dev.quittance.order.customer_erased.v1",
            "dev.quittance.order.state.v1",
            "dev.quittance.fulfillment.complete.v1",
            "dev.quittance.fulfillment.hold.v1",
            "dev.quittance.fulfillment.release.v1",
            "dev.quittance.fulfillment.reverse.v1",
            "dev.quittance.letter.code_delivered.v1",
            "dev.quittance.letter.customer_erased.v1",
            "dev.quittance.receipt.sent.v1",
            "dev.quittance.receipt.undeliverable.v1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce_id", "ce_subject"})
  void anIdThatNoDatabaseStoresIsMalformed(String name) {
    var headers = new LinkedHashMap<>(EVENT.headers());
    headers.put(name, "stripe:a\0b");

    assertThatThrownBy(() -> read(headers, EVENT.data()))
        .isInstanceOf(UnreadableEvent.class)
        .hasMessage(name + " is malformed");
  }

  @Test
  void aTraceThatIsNoneCostsNoEvent() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    var headers = new LinkedHashMap<>(EVENT.headers());
    headers.put("traceparent", trace);
    assertThat(read(headers, EVENT.data()).traceparent()).isEqualTo(trace);

    headers.put("traceparent", "\0" + trace);

    assertThat(read(headers, EVENT.data()).traceparent()).isNull();
  }

  private static CloudEvent read(Map<String, String> headers, byte @Nullable [] value) {
    return CloudEvent.read(
        name -> {
          String header = headers.get(name);
          return header == null ? null : header.getBytes(StandardCharsets.UTF_8);
        },
        value);
  }
}
