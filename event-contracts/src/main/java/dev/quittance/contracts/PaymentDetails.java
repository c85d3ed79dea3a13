package dev.quittance.contracts;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one report says about a payment besides its standing. Whatever the provider left out is
/// absent.
///
/// @param origin which kind of object reported; decides whose word counts for each field
/// @param carriesOrder whether this report says who bought what; without one that does, an order
///   never becomes due
/// @param amount the order's total in the order's currency: what was agreed
/// @param charged what the customer's means of payment was charged, when that is another currency
/// @param received what was received of it so far, where this report says so: a capture may take
///   less than was agreed, and more (an overcapture, a tip)
/// @param released what was authorized, never captured, and is told as refunded by the provider,
///   though no money goes back; nothing where it isn't told so
/// @param reference the shop's own order number
/// @param locale BCP 47 or the provider's spelling of it
/// @param zone the customer's time zone, an IANA name
public record PaymentDetails(
    Origin origin,
    boolean carriesOrder,
    @Nullable Money amount,
    @Nullable Money charged,
    @Nullable Money received,
    @Nullable Money released,
    ItemsState itemsState,
    List<LineItem> lineItems,
    @Nullable Totals totals,
    Customer customer,
    @Nullable String checkoutSession,
    @Nullable String reference,
    @Nullable String description,
    @Nullable String locale,
    @Nullable String zone,
    @Nullable PaymentMethod method,
    Map<String, String> metadata) {

  /// Whose word counts: earlier constants win, field by field.
  public enum Origin {
    /// The checkout or order, which knows what was bought.
    CHECKOUT,
    /// The payment, which knows what was agreed.
    PAYMENT,
    /// The single charge, which knows what was taken.
    CHARGE
  }

  @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave any of these out
  public PaymentDetails {
    itemsState = itemsState == null ? ItemsState.PENDING : itemsState;
    lineItems = lineItems == null ? List.of() : List.copyOf(lineItems);
    customer = customer == null ? Customer.UNKNOWN : customer;
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
  }

  /// Details that say nothing but where they come from and how much it is about.
  public static PaymentDetails of(Origin origin, boolean carriesOrder, @Nullable Money amount) {
    return new PaymentDetails(
        origin,
        carriesOrder,
        amount,
        null,
        null,
        null,
        ItemsState.PENDING,
        List.of(),
        null,
        Customer.UNKNOWN,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of());
  }

  /// The same details but for the fields that are set, each by its name.
  public PaymentDetails with(Consumer<Draft> changes) {
    var draft = new Draft(this);
    changes.accept(draft);
    return draft.details();
  }

  /// Details on their way to be others: what isn't set stays as it was.
  public static final class Draft {
    public Origin origin;
    public boolean carriesOrder;
    public @Nullable Money amount;
    public @Nullable Money charged;
    public @Nullable Money received;
    public @Nullable Money released;
    public ItemsState itemsState;
    public List<LineItem> lineItems;
    public @Nullable Totals totals;
    public Customer customer;
    public @Nullable String checkoutSession;
    public @Nullable String reference;
    public @Nullable String description;
    public @Nullable String locale;
    public @Nullable String zone;
    public @Nullable PaymentMethod method;
    public Map<String, String> metadata;

    private Draft(PaymentDetails details) {
      origin = details.origin;
      carriesOrder = details.carriesOrder;
      amount = details.amount;
      charged = details.charged;
      received = details.received;
      released = details.released;
      itemsState = details.itemsState;
      lineItems = details.lineItems;
      totals = details.totals;
      customer = details.customer;
      checkoutSession = details.checkoutSession;
      reference = details.reference;
      description = details.description;
      locale = details.locale;
      zone = details.zone;
      method = details.method;
      metadata = details.metadata;
    }

    private PaymentDetails details() {
      return new PaymentDetails(
          origin,
          carriesOrder,
          amount,
          charged,
          received,
          released,
          itemsState,
          lineItems,
          totals,
          customer,
          checkoutSession,
          reference,
          description,
          locale,
          zone,
          method,
          metadata);
    }
  }

  @Override
  public String toString() {
    return "PaymentDetails[" + origin + (carriesOrder ? ", carries the order]" : "]");
  }
}
