package dev.quittance.ingest.provider.paysuper;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.About;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import dev.quittance.ingest.provider.Translation;
import dev.quittance.ingest.provider.Webhook;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// PaySuper's notifications in our words. What happened, `event` alone says: the status and the
/// flags of the order in it are unreliable.
final class PaySuperTranslator {

  /// The notifications that are understood.
  static final List<String> KNOWN =
      List.of(
          "payment.success",
          "payment.cancel",
          "payment.canceled",
          "payment.refund",
          "payment.chargeback",
          "user.validate");

  /// PaySuper writes `1970-01-01T00:00:00Z` for "never"; it sent its first webhook long after this.
  private static final Instant EARLIEST = Instant.parse("2010-01-01T00:00:00Z");

  /// A pure function; never throws, whatever the bytes.
  Translation translate(Webhook webhook, Endpoint endpoint) {
    return Fields.parse(webhook.body())
        .map(envelope -> translate(envelope, webhook, endpoint))
        .orElseGet(() -> Translation.unreadable("the body is no JSON object"));
  }

  private static Translation translate(Fields envelope, Webhook webhook, Endpoint endpoint) {
    String event = envelope.text("event");
    if (event == null) {
      return Translation.unreadable("the notification names no event");
    }
    if (!endpoint.mode().admits(livemode(envelope))) {
      return Translation.otherMode();
    }
    if (!KNOWN.contains(event)) {
      return Translation.unknownType();
    }
    if (event.equals("user.validate")) {
      return new Translation.Ignored("user_validate");
    }
    try {
      return payment(event, envelope, webhook, endpoint);
    } catch (UnreadableMoney e) {
      return new Translation.Untranslatable(
          DeadLetter.Why.UNREADABLE_MONEY, "the order holds " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return Translation.unreadable("the order's id can't be one");
    }
  }

  /// The Test button of PaySuper's dashboard sends made-up orders by the real notifier, under the
  /// real secret, with the project's own `live`: only `testing_case` tells them.
  private static boolean livemode(Fields envelope) {
    return envelope.is("live") && !testing(envelope.child("object").node().path("testing_case"));
  }

  /// Real orders may say it too: as an empty text.
  private static boolean testing(JsonNode testingCase) {
    return !testingCase.isMissingNode()
        && !testingCase.isNull()
        && !(testingCase.isTextual() && testingCase.textValue().isBlank());
  }

  private static Translation payment(
      String event, Fields envelope, Webhook webhook, Endpoint endpoint) {
    Fields order = envelope.child("object");
    String uuid = order.text("uuid");
    String id = uuid != null ? uuid : order.text("id");
    if (id == null) {
      return new Translation.Untranslatable(
          DeadLetter.Why.PAYMENT_UNKNOWN, "the notification names no order");
    }
    About about =
        webhook.about(
            endpoint, id, livemode(envelope), occurredAt(event, envelope, webhook), event);
    PaymentEvent fact =
        switch (event) {
          case "payment.success" ->
              new PaymentEvent.Succeeded(
                  about,
                  PaySuperOrder.details(
                      order, id, PaySuperMoney.read(order, "amount", "currency")));
          case "payment.refund" ->
              refund(about, order, id, PaySuperMoney.read(order, "amount", "currency"));
          case "payment.chargeback" ->
              new PaymentEvent.DisputeUpdated(
                  about,
                  id,
                  PaymentEvent.DisputeStatus.LOST,
                  // goods are called back whatever it is
                  PaySuperMoney.readAside(order, "amount", "currency"),
                  reason(order.child("refund"), "chargeback"));
          default ->
              new PaymentEvent.Failed(
                  about,
                  PaySuperOrder.details(
                      order, id, PaySuperMoney.readAside(order, "amount", "currency")),
                  reason(order.child("cancellation"), "canceled"));
        };
    return new Translation.Facts(List.of(fact));
  }

  /// Sent once and for all of the order, so the order's id is the refund's id too.
  private static PaymentEvent refund(About about, Fields order, String id, Money amount) {
    Fields refund = order.child("refund");
    return new PaymentEvent.RefundUpdated(
        about,
        id,
        PaymentEvent.RefundStatus.SUCCEEDED,
        amount,
        PaySuperOrder.other(PaySuperMoney.readAside(refund, "amount", "currency"), amount),
        true,
        null,
        reason(refund, "refunded"));
  }

  private static Reason reason(Fields said, String otherwise) {
    String code = said.text("code");
    String words = said.text("reason");
    return new Reason(code != null ? code : otherwise, words);
  }

  /// The moment that the order names for what happened; else when this delivery was made.
  private static Instant occurredAt(String event, Fields envelope, Webhook webhook) {
    Fields order = envelope.child("object");
    Instant named =
        switch (event) {
          case "payment.cancel", "payment.canceled" -> instant(order.text("canceled_at"));
          case "payment.refund" -> instant(order.text("refunded_at"));
          default -> null;
        };
    if (named != null) {
      return named;
    }
    Instant sent = instant(envelope.text("created_at"));
    return sent != null ? sent : webhook.receivedAt();
  }

  private static @Nullable Instant instant(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      Instant instant = Instant.parse(text);
      return instant.isBefore(EARLIEST) ? null : instant;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
