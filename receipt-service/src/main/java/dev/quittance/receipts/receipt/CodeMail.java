package dev.quittance.receipts.receipt;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.PaymentPicture;
import dev.quittance.contracts.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A mail with a code that the customer bought. It is no receipt: it has no number, comes once per
/// delivery, and its code is forgotten once it is sent.
///
/// @param delivery what handed the code out
/// @param items what the code is for; empty when that isn't known
public record CodeMail(OrderId order, EventId delivery, List<FulfilledItem> items) {

  /// Why it is skipped when the shop sends codes by itself; its code isn't kept.
  public static final Reason CODES_OFF =
      new Reason("codes_off", "Mails with codes are switched off for this endpoint.");

  public CodeMail {
    items = List.copyOf(items);
  }

  /// Follows from the delivery, as a receipt's id from what it is for.
  public String id() {
    return "cod_" + ReceiptKey.digest(order.value() + "\ncode\n" + delivery.value());
  }

  /// What the order's facts make of it.
  public sealed interface Turn {
    /// Nothing yet: the fact that says who bought what isn't there.
    record Wait() implements Turn {}

    /// It can be sent.
    ///
    /// @param content what was bought, as a receipt would say it
    record Ready(ReceiptContent content, String to) implements Turn {
      @Override
      public String toString() {
        return "Ready[" + content + "]";
      }
    }

    /// There is nobody to send it to, or codes are off.
    ///
    /// @param content what was bought, as far as somebody may want to send it by hand
    record Skip(Reason reason, @Nullable ReceiptContent content) implements Turn {
      @Override
      public String toString() {
        return "Skip[" + reason.code() + "]";
      }
    }
  }

  /// Decides by the order's facts.
  ///
  /// @param facts all facts of the order
  public Turn turn(Collection<PaymentFact> facts, ReceiptPolicy policy) {
    if (facts.isEmpty()) {
      return new Turn.Wait();
    }
    PaymentPicture picture = PaymentPicture.of(facts);
    if (!policy.sendsCodes(picture.about().endpoint())) {
      return new Turn.Skip(CODES_OFF, null);
    }
    Money paid = picture.paid();
    Money refunded = picture.refunded();
    if (!picture.complete() || paid == null || refunded == null) {
      return new Turn.Wait();
    }
    var contents = new ReceiptContents(facts, picture, paid, refunded);
    Optional<String> to = contents.address();
    ReceiptContent payment = contents.payment(1);
    ReceiptContent content = payment.about(itsLines(payment.lineItems()));
    return to.isPresent()
        ? new Turn.Ready(content, to.get())
        : new Turn.Skip(ReceiptPlan.NO_ADDRESS, content);
  }

  private List<LineItem> itsLines(List<LineItem> all) {
    var ids = items.stream().map(FulfilledItem::id).collect(Collectors.toSet());
    return all.stream().filter(line -> ids.isEmpty() || ids.contains(line.id())).toList();
  }
}
