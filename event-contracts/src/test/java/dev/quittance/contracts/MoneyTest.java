package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MoneyTest {

  @Test
  void everyCurrencyHasItsRealExponent() {
    assertThat(Money.ofMinor(1234, "usd").major()).isEqualTo(new BigDecimal("12.34"));
    assertThat(Money.ofMinor(1234, "JPY").major()).isEqualTo(new BigDecimal("1234"));
    assertThat(Money.ofMinor(1234, "kwd").major()).isEqualTo(new BigDecimal("1.234"));
  }

  @Test
  void decimalsAreReadExactlyOrNotAtAll() {
    assertThat(Money.ofMajor(new BigDecimal("59.99"), "EUR")).isEqualTo(Money.ofMinor(5999, "EUR"));
    assertThat(Money.ofMajor(new BigDecimal("5.9E+2"), "EUR"))
        .isEqualTo(Money.ofMinor(59000, "EUR"));
    assertThatThrownBy(() -> Money.ofMajor(new BigDecimal("0.001"), "EUR"))
        .isInstanceOf(UnreadableMoney.class)
        .hasMessageNotContaining("0.001");
    assertThatThrownBy(() -> Money.ofMajor(new BigDecimal("1e30"), "EUR"))
        .isInstanceOf(UnreadableMoney.class);
  }

  /// Written out, each would take a gigabyte or more.
  @Test
  @Timeout(5)
  void aNumberOfVeryManyDigitsIsRefusedBeforeItIsWrittenOut() {
    for (String written : new String[] {"1e2000000000", "-1e400000000", "1e-2000000000"}) {
      assertThatThrownBy(() -> Money.ofMajor(new BigDecimal(written), "EUR"))
          .isInstanceOf(UnreadableMoney.class);
    }
    assertThat(Money.ofMajor(new BigDecimal("92233720368547758.07"), "EUR").minorUnits())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void providersThatCountInOtherUnitsAreConvertedExactly() {
    assertThat(Money.ofScaled(50_000, 2, "isk")).isEqualTo(Money.ofMinor(500, "ISK"));
    assertThatThrownBy(() -> Money.ofScaled(50_001, 2, "isk")).isInstanceOf(UnreadableMoney.class);
    assertThat(Money.ofScaled(500, 0, "mga")).isEqualTo(Money.ofMinor(50_000, "MGA"));
  }

  @Test
  void unknownCurrenciesAreRefused() {
    assertThatThrownBy(() -> Money.ofMinor(1, "ZZZ")).isInstanceOf(UnreadableMoney.class);
    assertThatThrownBy(() -> Money.ofMinor(1, "")).isInstanceOf(UnreadableMoney.class);
    assertThatThrownBy(() -> Money.ofMinor(1, "XXX")).isInstanceOf(UnreadableMoney.class);
  }

  @Test
  void differentCurrenciesAreNeverAddedOrCompared() {
    Money dollars = Money.ofMinor(1, "USD");
    Money euros = Money.ofMinor(1, "EUR");

    assertThatThrownBy(() -> dollars.plus(euros)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dollars.compareTo(euros)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void overflowIsAnErrorNotAnAmount() {
    Money most = Money.ofMinor(Long.MAX_VALUE, "USD");

    assertThatThrownBy(() -> most.plus(Money.ofMinor(1, "USD")))
        .isInstanceOf(ArithmeticException.class);
  }

  @Property
  void theWireKeepsEveryAmount(@ForAll long minorUnits) {
    Money money = Money.ofMinor(minorUnits, "KWD");

    byte[] json = WireFormat.write(money);

    assertThat(new String(json, StandardCharsets.UTF_8))
        .isEqualTo("{\"minorUnits\":" + minorUnits + ",\"currency\":\"KWD\"}");
    assertThat(WireFormat.read(json, Money.class)).isEqualTo(money);
  }
}
