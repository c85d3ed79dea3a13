package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Money;
import dev.quittance.localstack.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What became of an order.
///
/// @param order as fulfillment-service has it; missing when it has none
/// @param receipts as receipt-service has them
record Outcome(String id, JsonNode order, JsonNode receipts, boolean settled) {

  /// What a receipt ends as.
  private static final Set<String> DONE = Set.of("sent", "undeliverable", "skipped");

  /// Asks until the order has settled, or the time is up.
  ///
  /// @param event that the order has to know of, by the provider's id; null for whatever it knows
  static Outcome await(
      Answers answers,
      Addresses addresses,
      String id,
      @Nullable String event,
      Settled settled,
      Deadline deadline) {
    var last =
        new Object() {
          Outcome seen = ask(answers, addresses, id, event, settled);
        };
    var _ =
        deadline.meets(() -> {
          last.seen = ask(answers, addresses, id, event, settled);
          return last.seen.settled();
        });
    return last.seen;
  }

  private static Outcome ask(
      Answers answers, Addresses addresses, String id, @Nullable String event, Settled settled) {
    // before the order is: what is known now is in the state that is asked for next
    boolean known = event == null || knows(answers, addresses, id, event);
    var order = Answers.admitted("fulfillment-service", answers.get(addresses.order(id)));
    JsonNode receipts =
        Answers.admitted("receipt-service", answers.get(addresses.receiptsOf(id)))
            .body()
            .path("receipts");
    int done = 0;
    for (JsonNode receipt : receipts) {
      done += DONE.contains(receipt.path("status").asText()) ? 1 : 0;
    }
    boolean finished =
        known
            && order.good()
            && settled.by(
                order.body().path("paymentStatus").asText(), done, receipts.size() - done);
    return new Outcome(id, order.body(), receipts, finished);
  }

  private static boolean knows(Answers answers, Addresses addresses, String id, String event) {
    var timeline = Answers.admitted("fulfillment-service", answers.get(addresses.eventsOf(id)));
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
    if (!amount.hasNonNull("minorUnits")) {
      return "";
    }
    return before
        + Money.ofMinor(amount.path("minorUnits").asLong(), amount.path("currency").asText());
  }
}
