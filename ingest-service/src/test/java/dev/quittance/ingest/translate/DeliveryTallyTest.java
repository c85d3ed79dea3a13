package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DeliveryTallyTest {

  private static final TranslationOutcome IGNORED =
      new TranslationOutcome.Ignored("batch", "unknown_type", List.of());
  private static final TranslationOutcome TRANSLATED =
      new TranslationOutcome.Translated("batch", List.of());

  @Test
  void aDeliveryEndsOnceWithItsLastEventAsTheWorstOfThem() {
    var delivery = new DeliveryTally(3);

    assertThat(delivery.ended(IGNORED)).isEmpty();
    assertThat(delivery.ended(TRANSLATED)).isEmpty();
    assertThat(delivery.ended(IGNORED)).contains(TRANSLATED);
    assertThat(delivery.worst()).isEqualTo(TRANSLATED);
  }

  @Test
  void anEventThatCameAloneIsItsDelivery() {
    assertThat(new DeliveryTally(1).ended(IGNORED)).contains(IGNORED);
  }

  @Test
  void ofADeliveryThatHasNotBegunToEndNothingIsKnown() {
    assertThatThrownBy(() -> new DeliveryTally(1).worst())
        .isInstanceOf(IllegalStateException.class);
  }
}
