package dev.quittance.fulfillment.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PersonalDataErasure;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fuzz.Canaries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForgettingTest {

  private static final String PLANTED = Planted.PLANTED;

  static Stream<PaymentFact> facts() {
    return Planted.facts(Facts.here());
  }

  @ParameterizedTest
  @MethodSource("facts")
  void nothingPersonalIsLeftOfAFact(PaymentFact fact) {
    assertThat(json(fact.event())).contains(PLANTED);

    PaymentFact left = PersonalDataErasure.in(fact);

    assertThat(json(left.event())).doesNotContain(PLANTED);
    assertThat(left.id()).isEqualTo(fact.id());
    assertThat(left.event().about()).isEqualTo(fact.event().about());
    assertThat(PersonalDataErasure.in(left)).isEqualTo(left);
  }

  @ParameterizedTest
  @MethodSource("facts")
  void theOrderIsTheSameWhetherItsFactsOrItsViewForget(PaymentFact fact) {
    List<PaymentFact> facts =
        List.of(fact, Facts.here().refund("re_0", PaymentEvent.RefundStatus.SUCCEEDED, 1));
    OrderView before = OrderState.of(facts, List.of()).view(1, Facts.START);
    OrderView after =
        OrderState.of(facts.stream().map(PersonalDataErasure::in).toList(), List.of())
            .view(1, Facts.START);

    assertThat(after).isEqualTo(PersonalDataErasure.in(before));
    assertThat(json(after)).doesNotContain(PLANTED);
  }

  static Stream<Class<?>> shapesOfFacts() {
    return Stream.of(PaymentEventType.values()).map(PaymentEventType::shape);
  }

  @ParameterizedTest
  @MethodSource("shapesOfFacts")
  void everyTextOfAFactIsEitherForgottenOrNamedHereAsOneThatStays(
      Class<? extends PaymentEvent> shape) {
    PaymentEvent fact = Canaries.planted(shape);
    assertThat(Canaries.places(fact)).isNotEmpty();

    assertThat(Canaries.places(PersonalDataErasure.in(fact))).isSubsetOf(Canaries.KEPT);
  }

  @Test
  void everyTextOfAnOrderIsEitherForgottenOrNamedHereAsOneThatStays() {
    assertThat(Canaries.places(PersonalDataErasure.in(Canaries.planted(OrderView.class))))
        .isSubsetOf(Canaries.KEPT);
  }

  private static String json(Object value) {
    return new String(WireFormat.write(value), StandardCharsets.UTF_8);
  }
}
