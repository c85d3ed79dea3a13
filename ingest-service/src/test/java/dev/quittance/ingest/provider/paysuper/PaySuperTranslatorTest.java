package dev.quittance.ingest.provider.paysuper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Guide;
import dev.quittance.ingest.provider.Translation;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PaySuperTranslatorTest {

  private final PaySuperTranslator translator = new PaySuperTranslator();

  @Test
  void everyEventTypeHasItsRowInTheGuide() {
    assertThat(Guide.eventTypes("paysuper"))
        .containsExactlyInAnyOrderElementsOf(PaySuperTranslator.KNOWN);
  }

  @Test
  void anOrderWithoutItemsIsOneLine() {
    assertThat(lines("published/paysuper/payment.success"))
        .containsExactly(
            LineItem.of(
                "726d9e07-1dc8-4159-8d52-f95941066bc8",
                "A summary for the purchase",
                1,
                Money.ofMinor(59_500, "RUB")));
  }

  @Test
  void itemsOfOneKindAreLinesOfTheirOwnWithTheirKeys() {
    List<LineItem> lines = lines("paysuper/payment.success.items");

    assertThat(lines).extracting(LineItem::id).containsExactly("5cc6c4", "5cc6c4#2", "5cc6c5");
    assertThat(lines).extracting(LineItem::quantity).containsOnly(1L);
    assertThat(lines.getFirst().deliveredCode()).isEqualTo("AAAA-BBBB-CCCC");
    assertThat(lines.get(1).deliveredCode()).isEqualTo("DDDD-EEEE-FFFF");
  }

  @Test
  void whatIsPaidInVirtualCurrencyCostsNoMoney() {
    assertThat(lines("paysuper/payment.success.items").getLast().amount())
        .isEqualTo(Money.ofMinor(0, "USD"));
  }

  @Test
  void theNoiseOfFloatsIsNotMoney() {
    assertThat(report("paysuper/payment.success.float_noise").details().amount())
        .isEqualTo(Money.ofMinor(9_000, "EUR"));
  }

  @Test
  void withoutReceiptAddressTheUsersCounts() {
    assertThat(report("paysuper/payment.success.float_noise").details().customer().email())
        .isEqualTo("user.email@example.com");
  }

  @Test
  void aRefundInTheChargedCurrencyGivesBackAllOfTheOrder() {
    PaymentPicture picture = fold("published/paysuper/payment.success", "paysuper/payment.refund");

    assertThat(picture.fullyRefunded()).isTrue();
    assertThat(picture.refunded()).isEqualTo(Money.ofMinor(59_500, "RUB"));
  }

  @Test
  void anOldSnapshotAfterTheRefundChangesNothing() {
    assertThat(fold("paysuper/payment.refund", "published/paysuper/payment.success"))
        .isEqualTo(fold("published/paysuper/payment.success", "paysuper/payment.refund"));
  }

  @Test
  void aChargebackIsALostDispute() {
    PaymentPicture picture =
        fold("published/paysuper/payment.success", "paysuper/payment.chargeback");

    assertThat(picture.disputes().values())
        .extracting(PaymentEvent.DisputeUpdated::status)
        .containsExactly(PaymentEvent.DisputeStatus.LOST);
  }

  private List<LineItem> lines(String name) {
    return report(name).details().lineItems();
  }

  private PaymentEvent.Report report(String name) {
    return (PaymentEvent.Report) Objects.requireNonNull(facts(name).events().getFirst());
  }

  private PaymentPicture fold(String... names) {
    return PaymentPicture.of(
        Stream.of(names)
            .map(name ->
                new PaymentFact(
                    EventId.canonical("paysuper", name, 0), 1, facts(name).events().getFirst()))
            .toList());
  }

  private Translation.Facts facts(String name) {
    return (Translation.Facts)
        translator.translate(
            Bodies.webhook("paysuper", Bodies.body(name)), Bodies.endpoint("paysuper"));
  }
}
