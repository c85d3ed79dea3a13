package dev.quittance.receipts.render;

import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.Totals;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;

/// Receipts of nobody, to see what receipts look like.
public final class Samples {

  /// The number of every sample.
  public static final String NUMBER = "SAMPLE-2026-1";

  private static final Instant PAID = Instant.parse("2026-11-22T12:00:00Z");

  private Samples() {}

  /// A sample.
  ///
  /// @param locale BCP 47
  public static ReceiptContent of(Kind kind, String locale, Currency currency) {
    Money unit = Money.ofScaled(1, 0, currency.getCurrencyCode());
    Money subtotal = times(unit, 119);
    Money discount = times(unit, 19);
    Money shipping = times(unit, 5);
    Money tax = times(unit, 20);
    Money total = subtotal.minus(discount).plus(shipping).plus(tax);
    Money back = times(unit, 40);
    boolean payment =
        switch (kind) {
          case PAYMENT -> true;
          case REFUND, CORRECTION -> false;
        };
    boolean refunded =
        switch (kind) {
          case REFUND -> true;
          case PAYMENT, CORRECTION -> false;
        };
    return new ReceiptContent(
        kind,
        "sample",
        null,
        "pi_3QxSample",
        false,
        payment ? total : back,
        null,
        total,
        refunded ? back : Money.zero(currency),
        payment ? null : "re_3QxSample",
        payment ? null : Reason.of("requested_by_customer"),
        PAID,
        payment ? PAID : PAID.plus(Duration.ofDays(3)),
        ItemsState.KNOWN,
        List.of(
            line("li_1", "The Complete Guide to Everything, second edition", 2, times(unit, 30)),
            line("li_2", "Käse & Brot <fresh> 🧀 焼きたて", 1, times(unit, 59))),
        new Totals(
            subtotal,
            discount,
            shipping,
            tax,
            false,
            List.of(new Totals.TaxLine("VAT", "20.0", tax))),
        new Customer(
            null,
            "Zoë Müller-Sørensen",
            null,
            new Address("1 High Street", null, "London", null, "N1 9GU", "GB"),
            null,
            null,
            "GB987654321"),
        "order-4711",
        null,
        locale,
        null,
        new PaymentMethod("card", "visa", "4242"),
        null);
  }

  private static LineItem line(String id, String description, long quantity, Money unit) {
    Money subtotal = times(unit, quantity);
    return new LineItem(
        id,
        description,
        quantity,
        subtotal,
        unit,
        subtotal,
        null,
        null,
        null,
        null,
        null,
        Map.of());
  }

  private static Money times(Money unit, long factor) {
    return new Money(Math.multiplyExact(unit.minorUnits(), factor), unit.currency());
  }
}
