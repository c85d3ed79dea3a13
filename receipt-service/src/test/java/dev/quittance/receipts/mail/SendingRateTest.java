package dev.quittance.receipts.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// That the measurement measures; what it measures is stated in the documentation.
class SendingRateTest {

  @Test
  void everyLetterIsSentOnceAndCounted() {
    SendingRate.Figures figures = SendingRate.measure(50, 1);

    assertThat(figures.withoutPdf().perSecond()).isPositive();
    assertThat(figures.withPdf().letterBytes())
        .isGreaterThan(figures.withoutPdf().letterBytes() + 5_000);
    assertThat(figures.toString()).contains("| PDF off |", "| PDF on |");
  }
}
