package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// Who paid, as far as the provider said. Personal data: never printed.
///
/// @param email where the receipt goes
/// @param externalId the shop's own id of the customer
/// @param taxId the customer's tax id, for receipts of businesses
public record Customer(
    @Nullable String email,
    @Nullable String name,
    @Nullable String phone,
    @Nullable Address address,
    @Nullable Shipping shipping,
    @Nullable String externalId,
    @Nullable String taxId) {

  /// A customer of whom nothing is known.
  public static final Customer UNKNOWN = new Customer(null, null, null, null, null, null, null);

  /// This customer, with what is missing taken from another report about the same payment.
  public Customer orElse(Customer other) {
    return new Customer(
        email != null ? email : other.email,
        name != null ? name : other.name,
        phone != null ? phone : other.phone,
        address != null ? address : other.address,
        shipping != null ? shipping : other.shipping,
        externalId != null ? externalId : other.externalId,
        taxId != null ? taxId : other.taxId);
  }

  /// An address for eyes that need not know it: `j…@example.com`.
  public static String masked(String email) {
    int at = email.lastIndexOf('@');
    return at < 1 ? "…" : CodePoints.cut(email, 1) + "…" + email.substring(at);
  }

  @Override
  public String toString() {
    return "Customer[…]";
  }
}
