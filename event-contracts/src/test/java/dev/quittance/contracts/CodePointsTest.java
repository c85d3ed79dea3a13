package dev.quittance.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodePointsTest {

  private static final String GIFT = "\uD83C\uDF81";

  @Test
  void aCharacterBeyondTheBasicPlaneIsOne() {
    assertThat(CodePoints.moreThan(255, GIFT.repeat(255))).isFalse();
    assertThat(CodePoints.moreThan(255, GIFT.repeat(256))).isTrue();
    assertThat(CodePoints.moreThan(3, "abc")).isFalse();
    assertThat(CodePoints.moreThan(3, null)).isFalse();
  }

  @Test
  void nothingIsCutInTwo() {
    assertThat(CodePoints.cut("a" + GIFT.repeat(3), 2)).isEqualTo("a" + GIFT);
    assertThat(CodePoints.cut("abc", 3)).isEqualTo("abc");
  }

  @Test
  void idsAreCountedAsTheirSchemasCountThem() {
    assertThat(new OrderId("shop:" + GIFT.repeat(OrderId.LENGTH_MAX - 5)).value()).isNotNull();
    assertThat(new EventId(GIFT.repeat(EventId.LENGTH_MAX)).value()).isNotNull();
  }

  @Test
  void aMaskedAddressBeginsWithAWholeCharacter() {
    assertThat(Customer.masked(GIFT + "jenny@example.com")).isEqualTo(GIFT + "…@example.com");
  }
}
