package dev.quittance.ingest.provider.stripe;

import dev.quittance.contracts.Address;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.Shipping;
import dev.quittance.ingest.provider.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parts that Stripe's objects have in common: addresses, means of payment, what the customer
/// saw.
final class StripeParties {

  private StripeParties() {}

  static @Nullable Address address(Fields address) {
    var read =
        new Address(
            address.text("line1"),
            address.text("line2"),
            address.text("city"),
            address.text("state"),
            address.text("postal_code"),
            address.text("country"));
    return read.equals(NOWHERE) ? null : read;
  }

  private static final Address NOWHERE = new Address(null, null, null, null, null, null);

  /// The first place that has it: it moved between API versions.
  static @Nullable Shipping shipping(Fields... places) {
    for (Fields place : places) {
      var shipping =
          new Shipping(place.text("name"), place.text("phone"), address(place.child("address")));
      if (shipping.name() != null || shipping.address() != null) {
        return shipping;
      }
    }
    return null;
  }

  /// How a charge was paid.
  static @Nullable PaymentMethod method(Fields charge) {
    Fields details = charge.child("payment_method_details");
    String type = details.text("type");
    if (type == null) {
      return null;
    }
    Fields means = details.child(type);
    return new PaymentMethod(type, means.text("brand"), means.text("last4"));
  }

  /// The type of payment, where only one was offered.
  static @Nullable PaymentMethod onlyMethod(Fields object) {
    List<String> types = object.texts("payment_method_types");
    return types.size() == 1 ? new PaymentMethod(types.getFirst(), null, null) : null;
  }

  /// What the customer was shown and charged, where that is another currency (Adaptive Pricing).
  static @Nullable Money presented(Fields object) {
    return StripeMoney.readAside(
        object.child("presentment_details"), "presentment_amount", "presentment_currency");
  }
}
