package dev.quittance.ingest.provider;

import dev.quittance.contracts.Money;
import org.jspecify.annotations.Nullable;

/// Refunds at one endpoint's provider, asked for through its API.
public interface Refunds {

  /// Asks for a refund. Blocks for as long as the provider takes; never throws. Asking again with
  /// the same key gives the first answer again, and no second refund.
  Outcome refund(Request request);

  /// What is asked for.
  ///
  /// @param paymentReference the provider's own id of the payment
  /// @param connectedAccount whose payment it is, where a platform took it for another account
  /// @param amount positive; null for all that is left
  /// @param note for the shop's own books, at most [#NOTE_LENGTH_MAX] characters
  /// @param idempotencyKey 1 to [#KEY_LENGTH_MAX] visible ASCII characters
  record Request(
      String paymentReference,
      @Nullable String connectedAccount,
      @Nullable Money amount,
      Why why,
      @Nullable String note,
      String idempotencyKey) {

    /// Notes may say anything of anybody.
    @Override
    public String toString() {
      return "Request[" + paymentReference + ", " + amount + ", " + why + "]";
    }
  }

  /// Stripe's own limit of a metadata value; more is no note.
  int NOTE_LENGTH_MAX = 500;

  /// Stripe's own limit.
  int KEY_LENGTH_MAX = 255;

  /// The reasons that providers know.
  enum Why {
    REQUESTED_BY_CUSTOMER,
    DUPLICATE,
    FRAUDULENT
  }

  /// What came of it.
  sealed interface Outcome {

    /// The provider has it. What becomes of it comes by webhook, like everything else.
    ///
    /// @param status the provider's word, for example `succeeded` or `pending`
    record Asked(String refund, String status, Money amount) implements Outcome {}

    /// The provider, or a check before it, says no. Asking again gives the same.
    ///
    /// @param code a stable lower_snake word
    /// @param sentence for the person who asked
    record Refused(String code, String sentence) implements Outcome {}

    /// The provider doesn't take our API key, or not for this.
    record NotAllowed() implements Outcome {}

    /// The provider took nothing; it may be asked again, with the same key.
    ///
    /// @param why a stable lower_snake word
    record NotNow(String why) implements Outcome {}

    /// The provider was asked and no answer came. Asking again with the same key finds out.
    record Unknown() implements Outcome {}
  }
}
