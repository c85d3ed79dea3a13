package dev.quittance.ingest.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdminGateTest {

  private static final String HERE = "127.0.0.1";

  private static final AdminGate WITH_TOKEN = new AdminGate(Optional.of("long-token"), true);
  private static final AdminGate LOCAL = new AdminGate(Optional.empty(), true);
  private static final AdminGate PRODUCTION = new AdminGate(Optional.empty(), false);

  @Test
  void whoeverHasTheTokenMayFromAnywhere() {
    assertThat(WITH_TOKEN.admits("Bearer long-token", null, "203.0.113.7")).isTrue();
    assertThat(WITH_TOKEN.admits("Bearer long-token", "https://console.example", HERE)).isTrue();
  }

  @Test
  void withATokenConfiguredNothingElseCounts() {
    assertThat(WITH_TOKEN.admits(null, null, HERE)).isFalse();
    assertThat(WITH_TOKEN.admits("Bearer ", null, HERE)).isFalse();
    assertThat(WITH_TOKEN.admits("Bearer long-toke", null, HERE)).isFalse();
    assertThat(WITH_TOKEN.admits("Basic long-token", null, HERE)).isFalse();
  }

  @Test
  void withoutOneOnlyProgramsOnTheDevelopersMachineMay() {
    assertThat(LOCAL.admits(null, null, HERE)).isTrue();
    assertThat(LOCAL.admits(null, null, "0:0:0:0:0:0:0:1")).isTrue();
    assertThat(LOCAL.admits(null, null, "10.1.2.3")).isFalse();
    assertThat(LOCAL.admits(null, null, "localhost")).isFalse();
    assertThat(LOCAL.admits(null, null, null)).isFalse();
  }

  @Test
  void aPageInTheDevelopersBrowserMayNot() {
    assertThat(LOCAL.admits(null, "https://evil.example", HERE)).isFalse();
  }

  @Test
  void inProductionNobodyMayWithoutAToken() {
    assertThat(PRODUCTION.admits(null, null, HERE)).isFalse();
  }
}
