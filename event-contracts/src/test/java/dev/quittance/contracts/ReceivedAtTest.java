package dev.quittance.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedAtTest {

  @Test
  void aTimeIsRead() {
    assertThat(ReceivedAt.read("2026-11-22T10:00:00.5Z".getBytes(UTF_8)))
        .isEqualTo(Instant.parse("2026-11-22T10:00:00.5Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "noon",
        "0001-01-01T00:00:00Z",
        "-4800-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "+294277-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59Z"
      })
  void whatIsNoTimeOfOursIsNone(String text) {
    assertThat(ReceivedAt.read(text.getBytes(UTF_8))).isNull();
    assertThat(ReceivedAt.read(null)).isNull();
  }
}
