package dev.quittance.messaging.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.CustomerNoticeType;
import dev.quittance.contracts.FulfillmentCommandType;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fuzz.Fuzz;
import dev.quittance.fuzz.FuzzRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whatever stands on a topic is read, or is unreadable: nothing else ever comes of it.
class RecordsFuzzTest {

  private static final List<String> TYPES =
      Stream.of(
              Stream.of(PaymentEventType.values()).map(PaymentEventType::typeName),
              Stream.of(FulfillmentCommandType.values()).map(FulfillmentCommandType::typeName),
              Stream.of(CustomerNoticeType.values()).map(CustomerNoticeType::typeName))
          .flatMap(types -> types)
          .toList();

  private static final byte[] DATA =
      """
      {"about": {"order": "stripe:pi_1", "provider": "stripe", "account": "stripe", "endpoint": "stripe",
                 "livemode": true, "occurredAt": "2026-11-22T10:00:00Z", "sourceEvent": "evt_1", "sourceType": "test"},
       "details": {"origin": "checkout", "carriesOrder": true, "amount": {"minorUnits": 3000, "currency": "USD"},
                   "itemsState": "known",
                   "lineItems": [{"id": "li_1", "description": "Shirt", "quantity": 2,
                                  "amount": {"minorUnits": 3000, "currency": "USD"}}],
                   "customer": {"email": "jane@example.com", "name": "Jane", "address": {"city": "London"}},
                   "checkoutSession": "cs_1", "reference": "A-1", "metadata": {"shop": "one"}},
       "reason": {"code": "expired", "message": "It took too long."},
       "itemsState": "known", "items": [{"id": "li_1", "quantity": 1}],
       "lineItems": [{"id": "li_1", "description": "Shirt", "quantity": 1}], "delivery": "cmd-1", "refund": "re_1", "dispute": "dp_1", "status": "succeeded",
       "amount": {"minorUnits": 3000, "currency": "USD"}, "total": {"minorUnits": 1, "currency": "USD"},
       "full": false, "order": "stripe:pi_1", "code": "AAAA-BBBB",
       "deliveredAt": "2026-11-22T10:00:00Z", "erasedAt": "2026-11-22T10:00:00Z", "deliveredCode": "AAAA",
       "tracking": {"carrier": "DHL", "number": "1"}}
      """
          .getBytes(UTF_8);

  @Test
  void anyRecordIsReadOrUnreadable() {
    Fuzz.cases(Fuzz.USUAL_MAX, rubbish -> read(record(rubbish)));
  }

  @Test
  void whatIsReadIsWrittenTheSame() {
    List<PaymentEventType> types = List.of(PaymentEventType.values());
    Fuzz.cases(
        2 * Fuzz.USUAL_MAX,
        rubbish -> {
          PaymentEventType type = rubbish.of(types);
          Object event;
          try {
            event = WireFormat.read(rubbish.damagedJson(DATA), type.shape());
          } catch (UnreadableEvent e) {
            return;
          }
          assertThat(WireFormat.read(WireFormat.write(event), type.shape())).isEqualTo(event);
        });
  }

  private static IncomingRecord record(FuzzRandom rubbish) {
    var headers = new HashMap<String, byte[]>();
    sound(rubbish).forEach((name, value) -> headers.put(name, value.getBytes(UTF_8)));
    var names = new ArrayList<>(headers.keySet());
    for (int left = rubbish.below(4); left > 0; left--) {
      String name = rubbish.of(names);
      switch (rubbish.below(4)) {
        case 0 -> headers.remove(name);
        case 1 -> headers.put(name, rubbish.bytes(2_000));
        default -> headers.put(name, rubbish.text().getBytes(UTF_8));
      }
    }
    byte[] value =
        switch (rubbish.below(10)) {
          case 0 -> null;
          case 1 -> rubbish.bytes(5_000);
          case 2 -> rubbish.damaged(DATA);
          default -> rubbish.damagedJson(DATA);
        };
    byte[] key = rubbish.inPercent(10) ? null : rubbish.bytes(400);
    return new IncomingRecord("payments.events.v1", 0, 0, key, headers, value);
  }

  private static Map<String, String> sound(FuzzRandom rubbish) {
    return Map.of(
        "ce_specversion", "1.0",
        "ce_id", "stripe:evt_1:0",
        "ce_source", "/quittance/ingest",
        "ce_type", rubbish.of(TYPES),
        "ce_time", "2026-11-22T10:00:00Z",
        "ce_subject", "stripe:pi_1",
        "ce_origin", "webhook",
        "ce_translation", "1",
        "ce_sequence", "1",
        "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  private static void read(IncomingRecord record) {
    try (var _ = record.inLog()) {
      CloudEvent event = CloudEvent.read(record.headers()::get, record.value());
      PaymentEventType.named(event.type()).ifPresent(_ -> PaymentFact.read(event));
      FulfillmentCommandType.named(event.type()).ifPresent(type -> event.data(type.shape()));
      CustomerNoticeType.named(event.type()).ifPresent(type -> event.data(type.shape()));
    } catch (UnreadableEvent e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
