package dev.quittance.contracts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a provider said about a payment, in our words. Published on [Topic#PAYMENT_EVENTS], keyed
/// by [About#order()]. Events are facts: they may arrive in any order and any number of times.
public sealed interface PaymentEvent {

  /// Whom it concerns, when it happened and where it came from.
  About about();

  /// The event's whole type name, as it stands in `ce_type`.
  default String type() {
    return PaymentEventType.of(this).typeName();
  }

  /// How a payment stands, by one report.
  sealed interface Report extends PaymentEvent {
    /// What the report says besides.
    PaymentDetails details();
  }

  /// Money is on its way but not there: a delayed method, an authorisation.
  record Pending(About about, PaymentDetails details) implements Report {}

  /// The money is there (or nothing was to pay).
  ///
  /// @param attempt the provider's id of the attempt that brought it, where the report names one
  record Succeeded(About about, PaymentDetails details, @Nullable String attempt)
      implements Report {

    /// A report that names no attempt.
    public Succeeded(About about, PaymentDetails details) {
      this(about, details, null);
    }
  }

  /// Money that was there is gone again, and neither a refund nor a dispute says so: a debit
  /// bounced, a capture failed. It takes back all that one attempt brought, and nothing where that
  /// attempt brought nothing.
  ///
  /// @param attempt the provider's id of the attempt; where it names none, whatever succeeded up to
  ///   then is gone
  record Reversed(About about, @Nullable String attempt, Reason reason) implements PaymentEvent {}

  /// One attempt was declined; the customer may try again.
  record AttemptFailed(About about, PaymentDetails details, Reason reason) implements Report {}

  /// The payment failed for good.
  record Failed(About about, PaymentDetails details, Reason reason) implements Report {}

  /// The payment or its checkout was given up or ran out of time.
  record Canceled(About about, PaymentDetails details, Reason reason) implements Report {}

  /// What was bought, told apart from the payment because it takes a question to the provider.
  ///
  /// @param itemsState `known` with the line items, or `unknown`
  record ItemsKnown(
      About about, ItemsState itemsState, List<LineItem> lineItems, @Nullable Totals totals)
      implements PaymentEvent {
    @SuppressWarnings({"NullAway", "ConstantConditions"}) // JSON may leave the list out
    public ItemsKnown {
      lineItems = lineItems == null ? List.of() : List.copyOf(lineItems);
    }
  }

  /// How one refund stands.
  ///
  /// @param refund the provider's id of the refund
  /// @param amount in the order's currency
  /// @param charged in the currency that was charged, where that is another
  /// @param full whether the provider says that this refund is all of the payment
  /// @param transaction the provider's id of the movement of money on its books, where it names
  ///   one: money went back, nothing was merely released
  record RefundUpdated(
      About about,
      String refund,
      RefundStatus status,
      Money amount,
      @Nullable Money charged,
      boolean full,
      @Nullable String transaction,
      @Nullable Reason reason)
      implements PaymentEvent {}

  /// How much of a payment was refunded up to a moment, over all refunds.
  ///
  /// @param total without what was only released, where it is told what that was
  /// @param released what was authorized, never captured, and was taken out of what the provider
  ///   counts; nothing where it counts none of it; absent where that isn't known, and the total may
  ///   then contain it
  record RefundTotalUpdated(About about, Money total, @Nullable Money released)
      implements PaymentEvent {}

  /// How one dispute stands.
  record DisputeUpdated(
      About about,
      String dispute,
      DisputeStatus status,
      @Nullable Money amount,
      @Nullable Reason reason)
      implements PaymentEvent {}

  /// A refund's statuses; [#rank()] decides which of two reports counts.
  enum RefundStatus {
    PENDING(0),
    REQUIRES_ACTION(0),
    SUCCEEDED(1),
    CANCELED(2),
    FAILED(3);

    private final int rank;

    RefundStatus(int rank) {
      this.rank = rank;
    }

    /// The higher outweighs the lower, whenever either was said.
    public int rank() {
      return rank;
    }
  }

  /// A dispute's statuses; [#rank()] decides which of two reports counts, then the time.
  enum DisputeStatus {
    INQUIRY(0),
    OPEN(1),
    WON(2),
    /// Not above an open one: some providers go on with a closed inquiry under the same id.
    WARNING_CLOSED(1),
    LOST(2);

    private final int rank;

    DisputeStatus(int rank) {
      this.rank = rank;
    }

    /// The higher outweighs the lower, whenever either was said.
    public int rank() {
      return rank;
    }
  }
}
