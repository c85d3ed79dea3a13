package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent;
import dev.quittance.contracts.PaymentEventType;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.contracts.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What every provider's every event makes of an order, after its payment: all translations that
/// ingest-service keeps are taken in, and each order has to stand as it is written down. It holds
/// what a replay of a topic promises: that today's code makes of yesterday's events what
/// yesterday's made of them. `-Dgolden.write=true` writes the file where there is none; it never
/// changes one.
class GoldenOrdersTest {

  private static final Path TRANSLATIONS = Path.of("../ingest-service/src/test/resources/golden");
  private static final Path GOLDEN = Path.of("src/test/resources/golden/orders.jsonl");

  /// By which event an order is paid, by provider.
  private static final Map<String, String> PAID =
      Map.of(
          "stripe", "checkout.session.completed.paid",
          "paysuper", "payment.success.items",
          "standard", "payment.succeeded");

  /// Enough to meet each event before its payment and after it.
  private static final int DISORDERS = 4;

  private static SequencedFacts topic;

  /// The facts of all orders, as they would stand on the topic.
  private record SequencedFacts(Map<String, OrderId> orders, List<PaymentFact> facts) {}

  @BeforeAll
  static void readTopic() throws IOException {
    topic = topic();
  }

  @Test
  void everyTranslationMakesOfAnOrderWhatItMade() throws Exception {
    var service = new ServiceUnderTest(TestDatabase.create());
    service.take(topic.facts());
    Map<String, JsonNode> states = states(service, true);

    if (Boolean.getBoolean("golden.write") && Files.notExists(GOLDEN)) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, lines(states));
    }
    assertThat(lines(states)).isEqualTo(Files.readString(GOLDEN));

    service.take(topic.facts());
    assertThat(lines(states(service, true))).as("after all came again").isEqualTo(lines(states));
  }

  @Test
  void disorderMakesTheSameOfThem() throws Exception {
    var inOrder = new ServiceUnderTest(TestDatabase.create());
    inOrder.take(topic.facts());
    Map<String, JsonNode> states = states(inOrder, false);
    var random = new Random(11);
    for (int disorder = 0; disorder < DISORDERS; disorder++) {
      var shuffled = new ArrayList<>(topic.facts());
      Collections.shuffle(shuffled, random);
      var service = new ServiceUnderTest(TestDatabase.create());
      service.take(shuffled.subList(0, shuffled.size() / 2));
      service.take(shuffled.subList(shuffled.size() / 2, shuffled.size()));

      assertThat(lines(states(service, false))).isEqualTo(lines(states));
    }
  }

  /// @param history whether by which events it came to be so
  private static Map<String, JsonNode> states(ServiceUnderTest service, boolean history)
      throws SQLException {
    var states = new TreeMap<String, JsonNode>();
    for (Map.Entry<String, OrderId> each : topic.orders().entrySet()) {
      ObjectNode state = WireFormat.mapper().createObjectNode().put("of", each.getKey());
      ObjectNode view = WireFormat.mapper().valueToTree(service.order(each.getValue()));
      // the versions are how often it changed on the way
      view.remove(history ? List.of() : List.of("version", "updatedAt"));
      state.set("order", view);
      if (history) {
        var events = state.putArray("events");
        service.published(each.getValue()).forEach(events::add);
      }
      states.put(each.getKey(), state);
    }
    return states;
  }

  private static String lines(Map<String, JsonNode> states) {
    var lines = new StringBuilder();
    states.values().forEach(state -> lines.append(state).append('\n'));
    return lines.toString();
  }

  /// Each translation is about an order of its own, which was paid before.
  private static SequencedFacts topic() throws IOException {
    var orders = new LinkedHashMap<String, OrderId>();
    var facts = new ArrayList<PaymentFact>();
    for (Map.Entry<String, String> each : new TreeMap<>(PAID).entrySet()) {
      String provider = each.getKey();
      List<JsonNode> paid = events(provider, each.getValue());
      for (String name : names(provider)) {
        List<JsonNode> events = events(provider, name);
        if (events.isEmpty()) {
          continue;
        }
        var order = new OrderId(provider + ":" + name.replaceAll("[^A-Za-z0-9]", "_"));
        orders.put(provider + "/" + name, order);
        facts.addAll(facts(order, "paid", paid));
        facts.addAll(facts(order, "then", events));
      }
    }
    return new SequencedFacts(orders, facts);
  }

  private static List<String> names(String provider) throws IOException {
    try (var files = Files.list(TRANSLATIONS.resolve(provider))) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("\\.json$", ""))
          .sorted()
          .toList();
    }
  }

  private static List<JsonNode> events(String provider, String name) throws IOException {
    byte[] golden = Files.readAllBytes(TRANSLATIONS.resolve(provider).resolve(name + ".json"));
    return WireFormat.mapper().readTree(golden).path("events").valueStream().toList();
  }

  private static List<PaymentFact> facts(OrderId order, String when, List<JsonNode> events) {
    var facts = new ArrayList<PaymentFact>();
    for (JsonNode event : events) {
      ObjectNode data = event.path("data").deepCopy();
      data.withObjectProperty("about").put("order", order.value());
      PaymentEventType type = PaymentEventType.named(event.path("type").asText()).orElseThrow();
      PaymentEvent read = WireFormat.read(WireFormat.write(data), type.shape());
      facts.add(
          new PaymentFact(
              EventId.canonical(order.account(), order.paymentReference() + when, facts.size()),
              1,
              read));
    }
    return facts;
  }
}
