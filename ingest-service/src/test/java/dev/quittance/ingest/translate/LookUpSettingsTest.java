package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.SettingsForTests;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LookUpSettingsTest {

  @Test
  void theDefaultsAreThoseOfTheDocuments() {
    LookUpSettings settings = SettingsForTests.of(LookUpSettings.class, Map.of());

    assertThat(settings.retryPolicy()).isEqualTo(Translations.RETRIES);
    assertThat(settings.hold()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void eachCanBeSet() {
    LookUpSettings settings =
        SettingsForTests.of(
            LookUpSettings.class,
            Map.of(
                "quittance.lookups.pause-first", "PT2S",
                "quittance.lookups.pause-max", "PT3S",
                "quittance.lookups.limit", "PT4S",
                "quittance.lookups.access-limit", "PT5S",
                "quittance.lookups.hold", "PT6S"));

    assertThat(settings.retryPolicy())
        .isEqualTo(
            new LookUpRetryPolicy(
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5)));
    assertThat(settings.hold()).isEqualTo(Duration.ofSeconds(6));
  }
}
