package dev.quittance.fulfillment.order;

import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.PaymentDetails;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.Shipping;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Facts that hold one word wherever somebody's data may stand: to look for it afterwards.
public final class Planted {

  public static final String PLANTED = "plantagenet";

  private static final Reason REASON = new Reason("declined", "says " + PLANTED);

  private Planted() {}

  /// One of each type that can hold any.
  public static Stream<PaymentFact> facts(Facts facts) {
    return Stream.of(
        paid(facts),
        facts.fact("p-pending", 0, about -> new PaymentEvent.Pending(about, details())),
        facts.fact(
            "p-attempt", 0, about -> new PaymentEvent.AttemptFailed(about, details(), REASON)),
        facts.fact("p-failed", 0, about -> new PaymentEvent.Failed(about, details(), REASON)),
        facts.fact("p-canceled", 0, about -> new PaymentEvent.Canceled(about, details(), REASON)),
        facts.fact("p-bounced", 0, about -> new PaymentEvent.Reversed(about, "py_p", REASON)),
        facts.fact(
            "p-items",
            2,
            about -> new PaymentEvent.ItemsKnown(about, ItemsState.KNOWN, items(), null)),
        facts.fact(
            "p-refund",
            3,
            about ->
                new PaymentEvent.RefundUpdated(
                    about,
                    "re_p",
                    PaymentEvent.RefundStatus.PENDING,
                    Facts.usd(1),
                    null,
                    false,
                    null,
                    REASON)),
        facts.fact(
            "p-dispute",
            4,
            about ->
                new PaymentEvent.DisputeUpdated(
                    about, "dp_p", PaymentEvent.DisputeStatus.INQUIRY, Facts.usd(1), REASON)));
  }

  /// An order like those of [Facts], and everything that can be known of its customer.
  public static PaymentFact paid(Facts facts) {
    return facts.fact("p-paid", 1, about -> new PaymentEvent.Succeeded(about, details()));
  }

  private static PaymentDetails details() {
    var address = new Address(PLANTED, PLANTED, PLANTED, PLANTED, PLANTED, PLANTED);
    return new PaymentDetails(
        PaymentDetails.Origin.CHECKOUT,
        true,
        Facts.PRICE,
        null,
        null,
        null,
        ItemsState.KNOWN,
        items(),
        null,
        new Customer(
            PLANTED + "@example.com",
            PLANTED,
            PLANTED,
            address,
            new Shipping(PLANTED, PLANTED, address),
            PLANTED,
            PLANTED),
        "cs_1",
        "A-1001",
        "for " + PLANTED,
        PLANTED,
        PLANTED,
        new PaymentMethod("card", "visa", PLANTED),
        Map.of("gift", "to " + PLANTED));
  }

  private static List<LineItem> items() {
    return Facts.LINES.stream()
        .map(line ->
            new LineItem(
                line.id(),
                line.description(),
                line.quantity(),
                line.amount(),
                null,
                null,
                null,
                null,
                null,
                null,
                "code of " + PLANTED,
                Map.of("engraving", PLANTED)))
        .toList();
  }
}
