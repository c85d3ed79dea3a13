package dev.quittance.fulfillment.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.OrderView;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.PersonalData;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchWordsTest {

  private static final OrderView ORDER =
      OrderState.of(List.of(Facts.here().paid()), List.of()).view(1, Facts.START);

  @Test
  void customersAreFoundByThoseWhoMaySeeThem() {
    for (String text : List.of("ada", "ada@example.com", "a", "cs_1 ada")) {
      assertThat(SearchWords.match(ORDER, text, PersonalData.SHOWN)).as(text).isTrue();
    }
    for (String text : List.of("ad", "ada@example.com", "cs_1 ada", "\u0001ada")) {
      assertThat(SearchWords.match(ORDER, text, PersonalData.MASKED)).as(text).isFalse();
    }
    assertThat(SearchWords.match(ORDER, "cs_1 a-1001", PersonalData.MASKED)).isTrue();
  }

  @Test
  void theMarkOfPersonalWordsCantBeTyped() {
    assertThat(SearchWords.query("\u0001ada", PersonalData.MASKED))
        .isEqualTo(SearchWords.query("ada", PersonalData.MASKED))
        .isEqualTo("'ada':*");
    assertThat(SearchWords.of(ORDER, List.of("\u0001re_1")).split(" "))
        .contains("re_1", "a-1001", "\u0001ada@example.com")
        .doesNotContain("\u0001re_1", "ada@example.com", "\u0001a-1001");
  }
}
