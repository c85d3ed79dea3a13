package dev.quittance.ingest.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AgeTest {

  @ParameterizedTest
  @CsvSource({"90m,PT90M", "72h,PT72H", "30d,PT720H", "PT5M,PT5M"})
  void agesAreReadAsPeopleWriteThem(String text, Duration age) {
    assertThat(Age.parse(text)).contains(age);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0h", "-1h", "31d", "72", "72x", "PT-5M", "999999999h", "1e9h"})
  void whatIsNoAgeIsNone(String text) {
    assertThat(Age.parse(text)).isEmpty();
  }
}
