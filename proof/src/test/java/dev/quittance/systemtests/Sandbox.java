package dev.quittance.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackPorts;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.api.Assertions;

/// The pretended provider: what happens there, how it delivers, and how its API fares.
final class Sandbox {

  private final URI base;

  Sandbox(StackPorts ports) {
    base = ports.url(Service.SANDBOX);
  }

  /// Lets something happen, and returns the orders that it concerns.
  List<String> trigger(String event, Map<String, ?> overrides, int count) {
    return orders(Map.of("event", event, "overrides", overrides, "count", count));
  }

  /// Lets a checkout be paid whose session has this id.
  String paid(String session) {
    return orders(
            Map.of("event", "checkout.session.completed", "session", Map.of("session", session)))
        .getFirst();
  }

  private List<String> orders(Map<String, ?> wanted) {
    JsonNode triggered = posted("/trigger", wanted).body();
    return StreamSupport.stream(triggered.path("orders").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  /// Events that happen from now on never arrive, and are never tried again, until [#deliversWell].
  void losesEvents() {
    habits(Map.of("dropPercent", 100));
  }

  /// Every event comes twice, and half of them after later ones, until [#deliversWell].
  void deliversTwiceAndInDisorder() {
    habits(Map.of("duplicatePercent", 100, "reorderPercent", 50));
  }

  void deliversWell() {
    habits(Map.of());
  }

  private void habits(Map<String, Integer> habits) {
    Http.Answer answer =
        Http.put(base.resolve("/deliveries/habits"), WireFormat.write(habits), Map.of());
    Assertions.assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  /// Delivers what an order's events say, once more.
  void resend(String order) {
    JsonNode found = Http.get(base.resolve("/deliveries?order=" + Http.escaped(order))).body();
    JsonNode deliveries = found.path("deliveries");
    Assertions.assertThat(deliveries).as("deliveries of %s", order).isNotEmpty();
    for (JsonNode delivery : deliveries) {
      posted("/deliveries/" + delivery.path("eventId").asText() + "/resend", Map.of());
    }
  }

  /// Breaks the API.
  void breaks(Map<String, ?> fault) {
    posted("/faults", fault);
  }

  /// Mends all that was broken.
  void mends() {
    Http.delete(base.resolve("/faults"));
  }

  private Http.Answer posted(String path, Map<String, ?> body) {
    Http.Answer answer = Http.post(base.resolve(path), WireFormat.write(body), Map.of());
    Assertions.assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
    return answer;
  }
}
