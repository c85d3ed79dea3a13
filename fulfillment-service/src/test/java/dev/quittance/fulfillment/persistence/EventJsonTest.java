package dev.quittance.fulfillment.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Tracking;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.OrderState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventJsonTest {

  private static final OrderView ORDER =
      OrderState.of(List.of(Facts.here().paid()), List.of()).view(3, Facts.START);
  private static final Reason REASON = Reason.of("by_hand");

  static List<FulfillmentEvent> events() {
    return List.of(
        new FulfillmentEvent.Requested(ORDER),
        new FulfillmentEvent.Held(ORDER, REASON),
        new FulfillmentEvent.Released(ORDER, REASON),
        new FulfillmentEvent.Canceled(ORDER, REASON),
        new FulfillmentEvent.Completed(
            ORDER, List.of(new FulfilledItem("shirt", 1)), new Tracking("DHL", "1Z"), false),
        new FulfillmentEvent.Completed(ORDER, List.of(), null, true),
        new FulfillmentEvent.ReversalRequested(ORDER, REASON),
        new FulfillmentEvent.Reversed(ORDER, REASON),
        new FulfillmentEvent.Rejected(ORDER, new EventId("c1"), "fulfillment.hold", REASON),
        new FulfillmentEvent.PaymentPending(ORDER),
        new FulfillmentEvent.Paid(ORDER),
        new FulfillmentEvent.PaymentFailed(ORDER, REASON),
        new FulfillmentEvent.PaymentReversed(ORDER, REASON),
        new FulfillmentEvent.Refunded(ORDER, Facts.usd(100), false),
        new FulfillmentEvent.Disputed(ORDER, "dp_1", DisputeStatus.OPEN),
        new FulfillmentEvent.CustomerErased(ORDER));
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventAroundItsOrdersJsonIsTheSameBytes(FulfillmentEvent event) {
    assertThat(EventJson.write(event, WireFormat.write(ORDER)))
        .asString()
        .isEqualTo(new String(WireFormat.write(event), StandardCharsets.UTF_8));
  }

  @Test
  void everyKindOfEventIsTried() {
    assertThat(events().stream().map(Object::getClass).distinct())
        .hasSameElementsAs(Arrays.asList(FulfillmentEvent.class.getPermittedSubclasses()));
  }
}
