package dev.quittance.ingest.provider.standard;

import static dev.quittance.ingest.provider.standard.StrictDocument.ID_LENGTH_MAX;

import dev.quittance.contracts.About;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEvent.DisputeStatus;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Our own documents in our words. What isn't as documented is never guessed: it is dead-lettered
/// with the place and what belongs there.
final class StandardWebhooksTranslator {

  /// The events that concern a payment.
  static final List<String> KNOWN =
      List.of(
          "payment.pending",
          "payment.succeeded",
          "payment.failed",
          "payment.canceled",
          "payment.reversed",
          "refund.updated",
          "dispute.updated");

  private static final Map<String, RefundStatus> REFUND_STATUSES =
      new TreeMap<>(
          Map.of(
              "pending", RefundStatus.PENDING,
              "succeeded", RefundStatus.SUCCEEDED,
              "canceled", RefundStatus.CANCELED,
              "failed", RefundStatus.FAILED));

  private static final Map<String, DisputeStatus> DISPUTE_STATUSES =
      new TreeMap<>(
          Map.of(
              "inquiry", DisputeStatus.INQUIRY,
              "inquiry_closed", DisputeStatus.WARNING_CLOSED,
              "open", DisputeStatus.OPEN,
              "won", DisputeStatus.WON,
              "lost", DisputeStatus.LOST));

  /// A pure function; never throws, whatever the bytes.
  Translation translate(Webhook webhook, Endpoint endpoint) {
    return Fields.parse(webhook.body())
        .map(fields -> translate(new StrictDocument(fields.node(), ""), webhook, endpoint))
        .orElseGet(() -> Translation.unreadable("the body must be a JSON object"));
  }

  private static Translation translate(
      StrictDocument document, Webhook webhook, Endpoint endpoint) {
    try {
      String type = document.requiredText("type", ID_LENGTH_MAX);
      if (!KNOWN.contains(type)) {
        return Translation.unknownType();
      }
      StrictDocument data = document.requiredChild("data");
      boolean livemode = !Boolean.FALSE.equals(data.flag("livemode"));
      if (!endpoint.mode().admits(livemode)) {
        return Translation.otherMode();
      }
      About about =
          webhook.about(
              endpoint,
              data.requiredId("payment"),
              livemode,
              document.requiredTime("timestamp"),
              type);
      return new Translation.Facts(List.of(event(type, about, data)));
    } catch (StrictDocument.UnfitMoney e) {
      return new Translation.Untranslatable(
          DeadLetter.Why.UNREADABLE_MONEY, String.valueOf(e.getMessage()));
    } catch (StrictDocument.Unfit e) {
      return Translation.unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static PaymentEvent event(String type, About about, StrictDocument data) {
    return switch (type) {
      case "payment.pending" -> new PaymentEvent.Pending(about, PaymentDocuments.details(data));
      case "payment.succeeded" ->
          new PaymentEvent.Succeeded(
              about, PaymentDocuments.details(data), PaymentDocuments.attempt(data));
      case "payment.failed" ->
          new PaymentEvent.Failed(
              about,
              PaymentDocuments.details(data),
              PaymentDocuments.reason(data, "payment_failed"));
      case "payment.canceled" ->
          new PaymentEvent.Canceled(
              about, PaymentDocuments.details(data), PaymentDocuments.reason(data, "canceled"));
      case "payment.reversed" ->
          new PaymentEvent.Reversed(
              about,
              PaymentDocuments.attempt(data),
              PaymentDocuments.reason(data, "payment_reversed"));
      case "refund.updated" ->
          new PaymentEvent.RefundUpdated(
              about,
              data.requiredId("refund"),
              data.requiredChoice("status", REFUND_STATUSES),
              data.requiredMoney("amount"),
              data.moneyAside("charged"),
              data.is("full"),
              null,
              PaymentDocuments.reason(data));
      default ->
          new PaymentEvent.DisputeUpdated(
              about,
              data.requiredId("dispute"),
              data.requiredChoice("status", DISPUTE_STATUSES),
              data.moneyAside("amount"),
              PaymentDocuments.reason(data));
    };
  }
}
