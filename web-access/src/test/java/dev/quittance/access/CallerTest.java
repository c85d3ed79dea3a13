package dev.quittance.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallerTest {

  private static String named(String name) {
    return new Caller(name, Role.OPERATOR, Caller.Way.PROVIDER).name();
  }

  @Test
  void aNameIsOneLineWhateverAProviderCallsSomebody() {
    assertThat(named("ada")).isEqualTo("ada");
    assertThat(named("Ada Lovelace ✓")).isEqualTo("Ada Lovelace ✓");
    assertThat(named("ada\r\nrefund.asked by=otto")).isEqualTo("ada  refund.asked by=otto");
    assertThat(named("a\u0000b\u2028c\u0085d")).isEqualTo("a b c d");
  }

  @Test
  void aNameIsAsLongAsOpenIdLetsItBeAndIsNotCutWithinACharacter() {
    assertThat(named("a".repeat(255))).hasSize(255);
    assertThat(named("a".repeat(300))).isEqualTo("a".repeat(255));
    assertThat(named("\uD83D\uDE00".repeat(300))).isEqualTo("\uD83D\uDE00".repeat(255));
  }
}
