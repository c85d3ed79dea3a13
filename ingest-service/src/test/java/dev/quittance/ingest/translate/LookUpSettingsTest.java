package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LookUpSettingsTest {

  @Test
  void theDefaultsAreThoseOfTheDocuments() {
    LookUpSettings settings = settings(Map.of());

    assertThat(settings.patience())
        .isEqualTo(
            new RecordTranslation.Patience(
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                Duration.ofDays(3)));
    assertThat(settings.hold()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void eachCanBeSet() {
    LookUpSettings settings =
        settings(
            Map.of(
                "quittance.lookups.pause-first", "PT2S",
                "quittance.lookups.pause-max", "PT3S",
                "quittance.lookups.limit", "PT4S",
                "quittance.lookups.access-limit", "PT5S",
                "quittance.lookups.hold", "PT6S"));

    assertThat(settings.patience())
        .isEqualTo(
            new RecordTranslation.Patience(
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5)));
    assertThat(settings.hold()).isEqualTo(Duration.ofSeconds(6));
  }

  private static LookUpSettings settings(Map<String, String> set) {
    return new SmallRyeConfigBuilder()
        .withMapping(LookUpSettings.class)
        .withDefaultValues(set)
        .build()
        .getConfigMapping(LookUpSettings.class);
  }
}
