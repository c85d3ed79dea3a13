package dev.quittance.ingest.afterpayment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.SettingsForTests;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReturnsSettingsTest {

  @Test
  void theDefaultsAreThoseOfTheDocuments() {
    ReturnsSettings settings = SettingsForTests.of(ReturnsSettings.class, Map.of());

    assertThat(settings.askAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.askAgainAfter()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void whoIsAskedIsOnThisMachineUnlessSomebodySaysOtherwise() {
    FulfillmentSettings settings = SettingsForTests.of(FulfillmentSettings.class, Map.of());

    assertThat(settings.url()).isEqualTo(URI.create("http://127.0.0.1:8082"));
    assertThat(settings.token()).isEmpty();
  }
}
