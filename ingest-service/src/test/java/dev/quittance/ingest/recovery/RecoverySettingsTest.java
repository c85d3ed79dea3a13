package dev.quittance.ingest.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.SettingsForTests;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecoverySettingsTest {

  @Test
  void theDefaultsAreThoseOfTheDocuments() {
    RecoverySettings settings = SettingsForTests.of(RecoverySettings.class, Map.of());

    assertThat(settings.every()).isEqualTo("15m");
    assertThat(settings.firstAfter()).isEqualTo("1m");
    assertThat(settings.since()).isEqualTo(Duration.ofDays(3));
  }
}
