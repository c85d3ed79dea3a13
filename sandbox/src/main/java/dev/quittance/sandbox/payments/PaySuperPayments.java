package dev.quittance.sandbox.payments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.page.Shown;
import dev.quittance.sandbox.paysuper.PaySuperProject;
import dev.quittance.sandbox.problem.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/// The pretended PaySuper's orders.
@Singleton
final class PaySuperPayments {

  /// What its orders' ids are kept and shown under.
  static final String PREFIX = "paysuper:";

  private final PaySuperProject project;

  @Inject
  PaySuperPayments(PaySuperProject project) {
    this.project = project;
  }

  /// Somebody presses Test in the dashboard of a live project.
  ProviderEvent pressTest() {
    return project.test(Purchase.ordinary("usd", "test-button@example.com"), true);
  }

  PaymentRow row(String id) {
    return row(id, order(id));
  }

  PaymentDetail detail(String id) {
    ObjectNode order = order(id);
    boolean open = is(order, "created");
    boolean paid = is(order, "processed");
    return new PaymentDetail(
        row(id, order),
        id,
        order.path("receipt_email").asText(),
        open ? "/checkout/paysuper/" + bare(id) : "",
        open,
        false,
        false,
        paid
            ? Shown.money(
                order.path("charge_amount").decimalValue(), order.path("charge_currency").asText())
            : "",
        true,
        paid,
        List.of(),
        List.of());
  }

  List<ProviderEvent> act(String id, String action, RequestedOutcome requested) {
    String bare = bare(id);
    return switch (action) {
      case "expire" -> List.of(project.cancel(bare, "05", "Do not honour"));
      case "refund" -> List.of(project.refund(bare, Shown.words(requested.reason())));
      case "dispute" -> List.of(project.chargeBack(bare));
      default -> throw Refusal.notFound("Nothing like that can happen to a PaySuper order.");
    };
  }

  private PaymentRow row(String id, ObjectNode order) {
    String status = order.path("status").asText();
    return new PaymentRow(
        id,
        "PaySuper",
        order.path("description").asText(),
        Shown.money(order.path("amount").decimalValue(), order.path("currency").asText()),
        switch (status) {
          case "created" -> "open";
          case "processed" -> "paid";
          default -> status;
        },
        switch (status) {
          case "processed" -> "good";
          case "rejected", "chargeback" -> "bad";
          default -> "wait";
        },
        at(order.path("created_at")));
  }

  private ObjectNode order(String id) {
    return project.order(bare(id));
  }

  private static String bare(String id) {
    return id.substring(PREFIX.length());
  }

  private static boolean is(ObjectNode order, String status) {
    return order.path("status").asText().equals(status);
  }

  private static String at(JsonNode time) {
    return Shown.time(Instant.parse(time.asText()));
  }
}
