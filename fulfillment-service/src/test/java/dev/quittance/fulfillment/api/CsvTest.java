package dev.quittance.fulfillment.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.access.Caller;
import dev.quittance.access.RefusedRequest;
import dev.quittance.access.Role;
import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.Shipping;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.order.OrderState;
import dev.quittance.fulfillment.order.PersonalData;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

  @Test
  void plainFieldsStandAsTheyAreAndAbsentOnesAreEmpty() {
    assertThat(Csv.line(Arrays.asList("a", null, 7, true))).isEqualTo("a,,7,true\r\n");
  }

  @Test
  void separatorsQuotesBreaksAndOuterSpacesAreQuoted() {
    assertThat(Csv.line(List.of("a,b", "say \"hi\"", "two\r\nlines", " spaced ")))
        .isEqualTo("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\" spaced \"\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+4940123",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠1"
      })
  void nothingBeginsLikeAFormula(String text) {
    assertThat(Csv.line(List.of(text)).replaceFirst("^\"", "")).startsWith("'" + text.charAt(0));
  }

  @Test
  void aFormulaBehindAControlCharacterIsOneToo() {
    assertThat(Csv.line(List.of("\u0000=1", "a\u0007b"))).isEqualTo("'=1,ab\r\n");
  }

  @ParameterizedTest
  @CsvSource({"3000,USD,30.00", "3000,JPY,3000", "3000,KWD,3.000", "5,EUR,0.05", "0,USD,0.00"})
  void amountsAreExactDecimalsOfTheirCurrency(long minor, String currency, String expected) {
    OrderView order = OrderState.of(List.of(Facts.here().paid()), List.of()).view(1, Facts.START);

    String line =
        OrderColumn.line(
            List.of(OrderColumn.AMOUNT, OrderColumn.CURRENCY),
            with(order, Money.ofMinor(minor, currency), order.customer()));

    assertThat(line).isEqualTo(expected + "," + currency + "\r\n");
  }

  @Test
  void whoBoughtStandsInThePersonalColumnsOnly() {
    OrderView order = OrderState.of(List.of(Facts.here().paid()), List.of()).view(1, Facts.START);
    var home = new Address("Hafenstraße 12", null, "Hamburg", "p-state", "20457", "DE");
    var customer =
        new Customer(
            "p-mail",
            "p-name",
            "+p-phone",
            home,
            new Shipping("p-to", "p-tel", home),
            "p-id",
            "p-tax");

    OrderView whole = with(order, Money.ofMinor(1, "USD"), customer);

    assertThat(OrderColumn.line(OrderColumn.of(PersonalData.MASKED), whole))
        .doesNotContain("p-", "Hamburg");
    assertThat(OrderColumn.line(OrderColumn.of(PersonalData.SHOWN), whole))
        .contains("p-mail", "p-name", "'+p-phone", "p-to", "p-tel", "p-id", "p-tax")
        .contains("\"Hafenstraße 12, 20457, Hamburg, p-state, DE\"");
  }

  @Test
  void whoMayOnlyLookIsNotToldWhoBought() {
    var viewer = new Caller("eve", Role.VIEWER, Caller.Way.PASSWORD);
    var operator = new Caller("ada", Role.OPERATOR, Caller.Way.PASSWORD);

    assertThat(OrdersExport.wantsPersonal("true", operator)).isTrue();
    assertThat(OrdersExport.wantsPersonal(null, operator)).isFalse();
    assertThat(OrdersExport.wantsPersonal("false", viewer)).isFalse();
    assertThatThrownBy(() -> OrdersExport.wantsPersonal("true", viewer))
        .isInstanceOfSatisfying(
            RefusedRequest.class, refused -> assertThat(refused.problem().status()).isEqualTo(403));
  }

  private static OrderView with(OrderView order, Money amount, Customer customer) {
    return new OrderView(
        order.id(),
        order.provider(),
        order.account(),
        order.connectedAccount(),
        order.checkoutSession(),
        order.paymentStatus(),
        order.fulfillmentStatus(),
        order.duplicateOf(),
        amount,
        null,
        order.received(),
        order.refunded(),
        order.uncountedRefunds(),
        order.itemsState(),
        customer,
        order.lineItems(),
        order.totals(),
        order.reference(),
        order.description(),
        order.locale(),
        order.method(),
        order.metadata(),
        order.livemode(),
        order.placedAt(),
        order.updatedAt(),
        order.version());
  }
}
