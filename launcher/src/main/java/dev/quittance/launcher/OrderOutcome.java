package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What became of an order.
///
/// @param order as fulfillment-service has it; missing when it has none
/// @param receipts as receipt-service has them
record OrderOutcome(String id, JsonNode order, JsonNode receipts, boolean settled) {

  /// What a receipt ends as.
  private static final Set<String> DONE = Set.of("sent", "undeliverable", "skipped");

  /// Asks until the order has settled, or the time is up.
  ///
  /// @param event that the order has to know of, by the provider's id; null for whatever it knows
  static OrderOutcome await(
      ServiceClient services,
      String id,
      @Nullable String event,
      SettledEvent settled,
      Deadline deadline) {
    return deadline.last(() -> ask(services, id, event, settled), OrderOutcome::settled);
  }

  private static OrderOutcome ask(
      ServiceClient services, String id, @Nullable String event, SettledEvent settled) {
    String path = "/orders/" + ServiceClient.escaped(id);
    // before the order is: what is known now is in the state that is asked for next
    boolean known = event == null || knows(services, path, event);
    var order = services.get(Service.FULFILLMENT, path).admitted();
    JsonNode receipts = receipts(services, id).admitted().body().path("receipts");
    int done = 0;
    for (JsonNode receipt : receipts) {
      done += DONE.contains(receipt.path("status").asText()) ? 1 : 0;
    }
    boolean finished =
        known
            && order.good()
            && settled.by(
                order.body().path("paymentStatus").asText(), done, receipts.size() - done);
    return new OrderOutcome(id, order.body(), receipts, finished);
  }

  static ServiceClient.Answer receipts(ServiceClient services, String order) {
    return services.get(Service.RECEIPTS, "/receipts?order=" + ServiceClient.escaped(order));
  }

  private static boolean knows(ServiceClient services, String order, String event) {
    var timeline = services.get(Service.FULFILLMENT, order + "/events").admitted();
    for (JsonNode happened : timeline.body().path("events")) {
      if (happened.path("sourceEvent").asText().equals(event)) {
        return true;
      }
    }
    return false;
  }

  /// What there is to tell, line by line.
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(
        "order %s: %s, %s%s"
            .formatted(
                id,
                order.path("paymentStatus").asText("unknown"),
                order.path("fulfillmentStatus").asText("unknown").replace('_', ' '),
                money(order.path("amount"), ", ") + received()));
    for (JsonNode receipt : receipts) {
      lines.add(
          "  receipt %s (%s): %s to %s%s"
              .formatted(
                  receipt.path("number").asText("without a number yet"),
                  receipt.path("kind").asText(),
                  receipt.path("status").asText(),
                  receipt.path("to").asText("nobody"),
                  money(receipt.path("amount"), ", ")));
    }
    return lines;
  }

  /// What came in, where it isn't what was agreed.
  private String received() {
    JsonNode received = order.path("received");
    return received.equals(order.path("amount")) ? "" : money(received, ", received ");
  }

  private static String money(JsonNode amount, String before) {
    String money = Output.money(amount);
    return money.isEmpty() ? "" : before + money;
  }
}
