package dev.quittance.sandbox.events;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What somebody is about to pay for.
///
/// @param currency ISO 4217 code in lower case
/// @param discount what is taken off the sum of the items, in minor units
/// @param email the customer's address
/// @param reference the shop's own reference of the order
/// @param locale the customer's language, as BCP 47; null when unknown
/// @param seller the connected account that a platform sells for; null for what is its own
public record Purchase(
    Mode mode,
    String currency,
    List<Item> items,
    long discount,
    String email,
    String name,
    @Nullable String reference,
    Map<String, String> metadata,
    @Nullable String locale,
    Country country,
    boolean livemode,
    @Nullable String successUrl,
    @Nullable String cancelUrl,
    @Nullable String seller) {

  public Purchase {
    items = List.copyOf(items);
    metadata = Map.copyOf(metadata);
  }

  /// Two of what the Stripe CLI sells too, for 3,000 in all.
  public static Purchase ordinary(String currency, String email) {
    return new Purchase(
        Mode.PAYMENT,
        currency,
        List.of(new Item("myproduct", "(created by the sandbox)", 1_500, 2, false)),
        0,
        email,
        "Jenny Rosen",
        null,
        Map.of(),
        null,
        Country.US,
        false,
        null,
        null,
        null);
  }

  /// The sum of the items, in minor units.
  public long subtotal() {
    return items.stream()
        .mapToLong(item -> Math.multiplyExact(item.unitAmount(), item.quantity()))
        .reduce(0, Math::addExact);
  }

  /// What is to be paid, in minor units.
  public long total() {
    return subtotal() - discount;
  }

  /// The same with other items and no discount.
  public Purchase withItems(List<Item> newItems) {
    return new Purchase(
        mode,
        currency,
        newItems,
        0,
        email,
        name,
        reference,
        metadata,
        locale,
        country,
        livemode,
        successUrl,
        cancelUrl,
        seller);
  }

  /// The same with an amount taken off.
  public Purchase withDiscount(long newDiscount) {
    return new Purchase(
        mode,
        currency,
        items,
        newDiscount,
        email,
        name,
        reference,
        metadata,
        locale,
        country,
        livemode,
        successUrl,
        cancelUrl,
        seller);
  }

  /// The same with the shop's own number of it.
  public Purchase withReference(String newReference) {
    return new Purchase(
        mode,
        currency,
        items,
        discount,
        email,
        name,
        newReference,
        metadata,
        locale,
        country,
        livemode,
        successUrl,
        cancelUrl,
        seller);
  }

  /// The same, paid by somebody else.
  public Purchase withCustomer(String newEmail, String newName) {
    return new Purchase(
        mode,
        currency,
        items,
        discount,
        newEmail,
        newName,
        reference,
        metadata,
        locale,
        country,
        livemode,
        successUrl,
        cancelUrl,
        seller);
  }

  /// The same, sold for a connected account.
  public Purchase soldFor(@Nullable String newSeller) {
    return new Purchase(
        mode,
        currency,
        items,
        discount,
        email,
        name,
        reference,
        metadata,
        locale,
        country,
        livemode,
        successUrl,
        cancelUrl,
        newSeller);
  }

  /// What kind of session it is.
  public enum Mode {
    PAYMENT,
    SUBSCRIPTION,
    SETUP
  }

  /// Where the customer lives.
  public enum Country {
    US,
    DE
  }

  /// A line of the cart.
  ///
  /// @param unitAmount the price of one, in minor units
  /// @param adjustable whether the customer may change the quantity at the checkout
  public record Item(
      String name, String description, long unitAmount, long quantity, boolean adjustable) {

    /// The same in another quantity.
    public Item times(long newQuantity) {
      return new Item(name, description, unitAmount, newQuantity, adjustable);
    }
  }
}
