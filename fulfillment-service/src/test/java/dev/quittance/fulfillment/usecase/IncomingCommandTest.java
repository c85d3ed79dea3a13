package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Topic;
import org.junit.jupiter.api.Test;

class IncomingCommandTest {

  private static final CloudEvent HOLD =
      Records.event(
          new OrderId("stripe:pi_1"), "cmd_1", new FulfillmentCommand.Hold("out of stock"));

  @Test
  void whoeverWritesToTheTopicIsNotTakenForSomebodyAtOurDoors() {
    assertThat(source("/shop/shipping")).isEqualTo("/shop/shipping");
    assertThat(source("/quittance/console/ada")).isEqualTo("topic:/quittance/console/ada");
  }

  private static String source(String source) {
    var forged =
        new CloudEvent(
            HOLD.id(),
            source,
            HOLD.type(),
            HOLD.subject(),
            HOLD.time(),
            HOLD.origin(),
            0,
            null,
            null,
            HOLD.data());
    var asked =
        (IncomingCommand.Asked)
            IncomingCommand.read(Records.record(Topic.FULFILLMENT_COMMANDS, 0, forged));
    return asked.source();
  }
}
