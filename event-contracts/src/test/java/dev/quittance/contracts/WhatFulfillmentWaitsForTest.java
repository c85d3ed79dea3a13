package dev.quittance.contracts;

import static dev.quittance.contracts.Facts.at;
import static dev.quittance.contracts.Facts.fact;
import static dev.quittance.contracts.Facts.intent;
import static dev.quittance.contracts.Facts.items;
import static dev.quittance.contracts.Facts.paid;
import static dev.quittance.contracts.Facts.refund;
import static dev.quittance.contracts.Facts.session;
import static dev.quittance.contracts.Facts.usd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.PaymentDetails.Origin;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Each part that an order needs before anything may happen for it, left out alone.
class WhatFulfillmentWaitsForTest {

  private static final PaymentFact PENDING_ITEMS =
      fact(
          "paid",
          new PaymentEvent.Succeeded(
              at(0), session(usd(5_000)).with(report -> report.itemsState = ItemsState.PENDING)));

  @Test
  void allOfItIsComplete() {
    var picture = PaymentPicture.of(List.of(PENDING_ITEMS, items(ItemsState.UNKNOWN, 1)));

    assertThat(picture.complete()).isTrue();
    assertThat(picture.lacksItemsOnly()).isFalse();
  }

  @Test
  void theItemsAloneAreWhatIsAskedFor() {
    var picture = PaymentPicture.of(List.of(PENDING_ITEMS));

    assertThat(picture.complete()).isFalse();
    assertThat(picture.lacksItemsOnly()).isTrue();
  }

  @Test
  void withoutTheMoneyNothingIsComplete() {
    var facts =
        List.of(
            fact("s", new PaymentEvent.Pending(at(0), session(usd(5_000)))),
            items(ItemsState.UNKNOWN, 1));
    var open =
        PaymentPicture.of(
            List.of(
                fact(
                    "s",
                    new PaymentEvent.Pending(
                        at(0),
                        session(usd(5_000))
                            .with(report -> report.itemsState = ItemsState.PENDING)))));

    assertThat(PaymentPicture.of(facts).complete()).isFalse();
    assertThat(PaymentPicture.of(facts).funded()).isFalse();
    assertThat(open.lacksItemsOnly()).isFalse();
  }

  @Test
  void withoutAnAmountNothingIsComplete() {
    var untold =
        fact(
            "s", new PaymentEvent.Succeeded(at(0), PaymentDetails.of(Origin.CHECKOUT, true, null)));

    var picture = PaymentPicture.of(List.of(untold, items(ItemsState.UNKNOWN, 1)));
    assertThat(picture.complete()).isFalse();
    assertThat(picture.lacksItemsOnly()).isFalse();
    assertThat(picture.fullyRefunded()).isFalse();
  }

  @Test
  void aPaymentThatNoReportMakesAnOrderIsNone() {
    var part = fact("i", new PaymentEvent.Succeeded(at(0), intent(usd(5_000))));

    var picture = PaymentPicture.of(List.of(part, items(ItemsState.UNKNOWN, 1)));
    assertThat(picture.complete()).isFalse();
    assertThat(picture.lacksItemsOnly()).isFalse();
  }

  @Test
  void whatWasFreeIsNeverRefunded() {
    assertThat(PaymentPicture.of(List.of(paid(0))).fullyRefunded()).isFalse();
    assertThat(
            PaymentPicture.of(List.of(paid(100), refund("re_1", RefundStatus.SUCCEEDED, 99, 1)))
                .fullyRefunded())
        .isFalse();
  }

  /// The checkout has neither, the payment both.
  @Test
  void itemsAndTotalsComeFromTheFirstSourceThatHasThem() {
    var shirt =
        new LineItem(
            "shirt",
            "Shirt",
            2,
            usd(5_000),
            usd(2_500),
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of());
    var totals = new Totals(usd(5_000), null, null, null, false, List.of());
    var payment =
        fact(
            "i",
            new PaymentEvent.Succeeded(
                at(1),
                intent(usd(5_000))
                    .with(report -> {
                      report.itemsState = ItemsState.KNOWN;
                      report.lineItems = List.of(shirt);
                      report.totals = totals;
                    })));

    var picture = PaymentPicture.of(List.of(paid(5_000), payment));

    assertThat(picture.details().lineItems()).containsExactly(shirt);
    assertThat(picture.details().totals()).isEqualTo(totals);
  }

  /// One event, told twice by one translation: before the provider was asked, and after.
  @Test
  void whatTheProviderSaidGoesBeforeWhatWasOnlySaidUntilItWasAsked() {
    var id = EventId.canonical("stripe", "evt_1", 0);
    var asked =
        new PaymentFact(
            id, 1, LookUpState.PENDING, new PaymentEvent.Succeeded(at(0), session(usd(1))));
    var answered =
        new PaymentFact(
            id, 1, LookUpState.KNOWN, new PaymentEvent.Succeeded(at(0), session(usd(5_000))));

    for (var facts : List.of(List.of(asked, answered), List.of(answered, asked))) {
      assertThat(PaymentPicture.of(facts).amount()).isEqualTo(usd(5_000));
    }
  }
}
