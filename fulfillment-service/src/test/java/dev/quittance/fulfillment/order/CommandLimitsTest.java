package dev.quittance.fulfillment.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.Tracking;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLimitsTest {

  private static final String GIFT = "\uD83C\uDF81";

  @Test
  void charactersAreCountedAndNotHowManyUnitsTheyTake() {
    assertThat(CommandLimits.exceededBy(tracked(GIFT.repeat(255)))).isEmpty();
    assertThat(CommandLimits.exceededBy(tracked(GIFT.repeat(256)))).isPresent();
    assertThat(CommandLimits.exceededBy(new FulfillmentCommand.Hold(GIFT.repeat(4_000)))).isEmpty();
    assertThat(CommandLimits.exceededBy(new FulfillmentCommand.Hold(GIFT.repeat(4_001))))
        .isPresent();
  }

  private static FulfillmentCommand tracked(String carrier) {
    return new FulfillmentCommand.Complete(List.of(), new Tracking(carrier, "1"), null);
  }
}
