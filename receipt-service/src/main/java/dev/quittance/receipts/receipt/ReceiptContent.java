package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.PersonalDataErasure;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.Totals;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a receipt says, frozen when it is first sent, so that every repetition says the same.
///
/// @param endpoint the webhook endpoint of the payment: it names the merchant, unless a connected
///   account does
/// @param connectedAccount the account that a platform took the payment for
/// @param paymentReference the provider's reference of the payment
/// @param livemode false for a payment in the provider's test mode
/// @param amount what this receipt is about, in the order's currency
/// @param charged what the means of payment was charged or given back, where the currency differs
/// @param paid what the order's payment came to
/// @param refunded what was refunded of it so far, this refund included
/// @param refund the provider's id of the refund, where the receipt is about a single one
/// @param happenedAt when the payment, the refund or its failure happened
/// @param customer without the e-mail address
/// @param corrects what was said wrongly, where the receipt says what is right instead
public record ReceiptContent(
    Kind kind,
    String endpoint,
    @Nullable String connectedAccount,
    String paymentReference,
    boolean livemode,
    Money amount,
    @Nullable Money charged,
    Money paid,
    Money refunded,
    @Nullable String refund,
    @Nullable Reason reason,
    Instant paidAt,
    Instant happenedAt,
    ItemsState itemsState,
    List<LineItem> lineItems,
    @Nullable Totals totals,
    Customer customer,
    @Nullable String reference,
    @Nullable String description,
    @Nullable String locale,
    @Nullable String zone,
    @Nullable PaymentMethod method,
    @Nullable Corrected corrects) {

  public ReceiptContent {
    lineItems = List.copyOf(lineItems);
  }

  /// What a receipt said wrongly.
  ///
  /// @param kind what it was about: a payment or a refund
  /// @param number the receipt's
  /// @param said the amount in it
  public record Corrected(Kind kind, String number, Money said) {}

  /// Whether it takes back a payment's receipt, since the payment bounced: a correction of no
  /// single refund and of no number.
  public boolean bounced() {
    return kind == Kind.CORRECTION && refund == null && corrects == null;
  }

  /// Who sold it.
  public Seller seller() {
    return new Seller(endpoint, connectedAccount);
  }

  /// What is left of the payment.
  public Money remaining() {
    return paid.minus(refunded);
  }

  /// What corrects it after it went out.
  ///
  /// @param number of the receipt that said so last
  /// @param said the amount in that one
  /// @param right the amount that should have been in it: nothing where there was no such payment
  ///   or refund
  /// @param at when that was found
  public ReceiptContent corrected(String number, Money said, Money right, Instant at) {
    Kind about = corrects == null ? kind : corrects.kind();
    return new ReceiptContent(
        Kind.CORRECTION,
        endpoint,
        connectedAccount,
        paymentReference,
        livemode,
        right,
        null,
        paid,
        refunded,
        refund,
        null,
        paidAt,
        at,
        itemsState,
        List.of(),
        null,
        customer,
        reference,
        null,
        locale,
        zone,
        null,
        new Corrected(about, number, said));
  }

  /// The same, about some of its lines only.
  ReceiptContent about(List<LineItem> some) {
    return new ReceiptContent(
        kind,
        endpoint,
        connectedAccount,
        paymentReference,
        livemode,
        amount,
        charged,
        paid,
        refunded,
        refund,
        reason,
        paidAt,
        happenedAt,
        itemsState,
        some,
        totals,
        customer,
        reference,
        description,
        locale,
        zone,
        method,
        corrects);
  }

  /// What is left of it once its customer was erased: what the books need.
  public ReceiptContent forgotten() {
    return new ReceiptContent(
        kind,
        endpoint,
        connectedAccount,
        paymentReference,
        livemode,
        amount,
        charged,
        paid,
        refunded,
        refund,
        PersonalDataErasure.in(reason),
        paidAt,
        happenedAt,
        itemsState,
        PersonalDataErasure.inItems(lineItems),
        totals,
        Customer.UNKNOWN,
        reference,
        null,
        null,
        null,
        PersonalDataErasure.in(method),
        corrects);
  }

  @Override
  public String toString() {
    return "ReceiptContent[" + kind + "]";
  }
}
