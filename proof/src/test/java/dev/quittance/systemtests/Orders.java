package dev.quittance.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackPorts;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.api.Assertions;

/// What the services tell about orders and their receipts.
final class Orders {

  /// Two seconds is what a warm stack promises. After a SIGKILL the broker waits up to 45 s for the
  /// dead consumer before its partitions go to another, and the machine may be busy with much else.
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final URI fulfillment;
  private final URI receipts;

  Orders(StackPorts ports) {
    fulfillment = ports.url(Service.FULFILLMENT);
    receipts = ports.url(Service.RECEIPTS);
  }

  Http.Answer find(String order) {
    return Http.get(fulfillment.resolve("/orders/" + Http.escaped(order)));
  }

  /// Waits until the order has both statuses, and returns it.
  JsonNode await(String order, String payment, String fulfillmentStatus) {
    var last =
        new Object() {
          JsonNode body = MissingNode.getInstance();
        };
    boolean met =
        Deadline.in(PATIENCE)
            .meets(() -> {
              try {
                last.body = find(order).body();
              } catch (UncheckedIOException _) {
                return false; // the service is just being started again
              }
              return last.body.path("paymentStatus").asText().equals(payment)
                  && last.body.path("fulfillmentStatus").asText().equals(fulfillmentStatus);
            });
    Assertions.assertThat(met)
        .as("%s is %s, %s; last seen: %s", order, payment, fulfillmentStatus, last.body)
        .isTrue();
    return last.body;
  }

  /// The types of the events of the order's timeline.
  List<String> timeline(String order) {
    JsonNode events =
        Http.get(fulfillment.resolve("/orders/" + Http.escaped(order) + "/events"))
            .body()
            .path("events");
    return StreamSupport.stream(events.spliterator(), false)
        .map(event -> event.path("type").asText())
        .toList();
  }

  Http.Answer fulfill(String order, String idempotencyKey) {
    String body = "{\"tracking\": {\"carrier\": \"DHL\", \"number\": \"JD0146\"}}";
    return Http.post(
        fulfillment.resolve("/orders/" + Http.escaped(order) + "/fulfillments"),
        body.getBytes(StandardCharsets.UTF_8),
        Map.of("Idempotency-Key", idempotencyKey));
  }

  /// The kinds of the order's receipts, with what has become of each: `payment sent`.
  List<String> receipts(String order) {
    JsonNode all =
        Http.get(receipts.resolve("/receipts?order=" + Http.escaped(order)))
            .body()
            .path("receipts");
    return StreamSupport.stream(all.spliterator(), false)
        .map(receipt -> receipt.path("kind").asText() + " " + receipt.path("status").asText())
        .sorted()
        .toList();
  }

  /// Waits until exactly these receipts are there.
  void awaitReceipts(String order, String... expected) {
    List<String> wanted = List.of(expected).stream().sorted().toList();
    boolean met = Deadline.in(PATIENCE).meets(() -> receipts(order).equals(wanted));
    Assertions.assertThat(met)
        .as("receipts of %s are %s; last seen: %s", order, wanted, receipts(order))
        .isTrue();
  }
}
