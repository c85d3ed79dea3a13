package dev.quittance.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {

  @Test
  void whoCameByOurDoorsIsNamed() {
    assertThat(Labels.author("/quittance/console/Zo%C3%AB%20K")).isEqualTo("Zoë K");
    assertThat(Labels.author("/quittance/api/ada")).isEqualTo("ada");
    assertThat(Labels.author("/warehouse")).isEqualTo("/warehouse");
  }

  /// A page that can't be shown takes its forms along.
  @ParameterizedTest
  @ValueSource(strings = {"/quittance/console/100%", "/quittance/api/%D0%9", "/quittance/api/%zz"})
  void aSourceThatIsNoWholeOneIsShownAsItStands(String source) {
    assertThat(Labels.author(source)).isEqualTo(source);
  }
}
