package dev.quittance.ingest.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quittance.ingest.SettingsForTests;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReplaySettingsTest {

  @Test
  void theDefaultIsThatOfTheDocuments() {
    assertThat(settings(Map.of()).checkedPerSecond()).isEqualTo(500);
  }

  @Test
  void whatIsNoNumberToReplayByIsRefused() {
    ReplaySettings none = settings(Map.of("quittance.replay.per-second", "0"));

    assertThatIllegalArgumentException().isThrownBy(none::checkedPerSecond);
  }

  private static ReplaySettings settings(Map<String, String> set) {
    return SettingsForTests.of(ReplaySettings.class, set);
  }
}
