package dev.quittance.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.chaos.fault.Part;
import dev.quittance.chaos.history.Entry;
import dev.quittance.chaos.load.Provider;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.contracts.WireFormat;
import dev.quittance.messaging.kafka.KafkaHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Writes down, once all is quiet, what stands in the topics, what the services say, and what their
/// ledgers counted.
final class EvidenceCollector {

  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final int ASKED_AT_ONCE = 8;

  private final Cluster cluster;
  private final TopicOffsets topics;
  private final Consumer<Entry> history;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  EvidenceCollector(Cluster cluster, Consumer<Entry> history) {
    this.cluster = cluster;
    this.topics = new TopicOffsets(cluster.kafka());
    this.history = history;
  }

  void run() {
    var orders = new ArrayList<String>();
    topics.read(
        Topic.WEBHOOKS.topicName(),
        found -> history.accept(new Entry.Verbatim(key(found), Provider.sha256(found.value()))));
    topics.read(Topic.PAYMENT_EVENTS.topicName(), found -> history.accept(fact(found)));
    topics.read(
        Topic.FULFILLMENT_EVENTS.topicName(),
        found ->
            history.accept(
                new Entry.Told(
                    key(found),
                    Long.parseLong(header(found, "ce_sequence")),
                    header(found, "ce_id"),
                    header(found, "ce_type"))));
    topics.read(
        Topic.FULFILLMENT_ORDERS.topicName(),
        found -> history.accept(state("topic", json(found.value()))));
    topics.read(
        Topic.RECEIPT_EVENTS.topicName(),
        found ->
            history.accept(
                new Entry.ReceiptTold(
                    header(found, "ce_id"),
                    key(found),
                    header(found, "ce_type"),
                    json(found.value()).path("receipt").asText())));
    deadLetters();
    orders(orders);
    receipts(orders);
    unsupported();
    ledger("fulfillment", ConsumerGroup.FULFILLMENT);
    ledger("receipts", ConsumerGroup.RECEIPTS);
    topics.lags().forEach(history);
  }

  private static Entry.Fact fact(ConsumerRecord<byte[], byte[]> found) {
    var event = CloudEvent.read(name -> KafkaHeaders.value(found.headers(), name), found.value());
    return new Entry.Fact(
        found.timestamp(),
        event.id().value(),
        key(found),
        event.type(),
        found.partition(),
        event.translation(),
        event.lookUp());
  }

  private void deadLetters() {
    for (ConsumerGroup group : ConsumerGroup.values()) {
      for (Topic topic : group.reads()) {
        String name = topic.deadLetters(group);
        topics.read(
            name,
            found -> history.accept(new Entry.Dead(name, key(found), header(found, "dlq_reason"))));
      }
    }
  }

  private void orders(List<String> ids) {
    URI service = cluster.service(Part.FULFILLMENT).url();
    String next = "";
    do {
      JsonNode page = get(service.resolve("/orders?limit=200" + next));
      for (JsonNode order : page.path("orders")) {
        ids.add(order.path("id").asText());
        history.accept(state("api", order));
      }
      String token = page.path("next").asText("");
      next = token.isEmpty() || token.equals("null") ? "" : "&next=" + escaped(token);
    } while (!next.isEmpty());
  }

  private void receipts(List<String> orders) {
    URI service = cluster.service(Part.RECEIPTS).url();
    try (var threads = Executors.newFixedThreadPool(ASKED_AT_ONCE)) {
      var asked = new ArrayList<Future<JsonNode>>();
      for (String order : orders) {
        asked.add(threads.submit(() -> get(service.resolve("/receipts?order=" + escaped(order)))));
      }
      for (Future<JsonNode> one : asked) {
        one.get().path("receipts").forEach(receipt -> history.accept(receipt(receipt)));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void unsupported() {
    URI service = cluster.service(Part.RECEIPTS).url();
    String next = "";
    do {
      JsonNode page = get(service.resolve("/receipts/wrong" + next));
      for (JsonNode wrong : page.path("receipts")) {
        history.accept(
            new Entry.Unsupported(
                wrong.path("receipt").path("id").asText(),
                wrong.path("supported").path("minorUnits").asLong()));
      }
      next = page.hasNonNull("next") ? "?after=" + escaped(page.path("next").asText()) : "";
    } while (!next.isEmpty());
  }

  private static Entry.Receipt receipt(JsonNode receipt) {
    return new Entry.Receipt(
        receipt.path("id").asText(),
        receipt.path("order").asText(),
        receipt.path("kind").asText(),
        receipt.path("subject").asText(),
        receipt.path("status").asText(),
        receipt.path("amount").path("minorUnits").asLong(),
        text(receipt, "messageId"),
        text(receipt, "number"),
        receipt.hasNonNull("to"));
  }

  private static Entry.State state(String source, JsonNode order) {
    return new Entry.State(
        source,
        order.path("id").asText(),
        order.path("version").asLong(),
        order.path("paymentStatus").asText(),
        order.path("fulfillmentStatus").asText(),
        minorUnits(order, "amount"),
        minorUnits(order, "refunded"),
        order.path("itemsState").asText(),
        !order.path("customer").isEmpty());
  }

  private static @Nullable Long minorUnits(JsonNode order, String field) {
    JsonNode money = order.path(field).path("minorUnits");
    return money.isNumber() ? Long.valueOf(money.asLong()) : null;
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.hasNonNull(field) ? node.path(field).asText() : null;
  }

  private void ledger(String database, ConsumerGroup group) {
    try (var connection = DriverManager.getConnection(cluster.database(database));
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT * FROM intake_ledger")) {
      while (rows.next()) {
        String topic = rows.getString("topic");
        int partition = rows.getInt("partition");
        history.accept(
            new Entry.Ledger(
                group.groupName(),
                topic,
                partition,
                rows.getLong("first_offset"),
                rows.getLong("next_offset"),
                rows.getLong("applied"),
                rows.getLong("ignored"),
                rows.getLong("duplicate"),
                rows.getLong("dead"),
                rows.getLong("gaps"),
                topics.end(topic, partition)));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode get(URI url) {
    try {
      var request =
          HttpRequest.newBuilder(url)
              .timeout(ANSWER_MAX)
              .header("Accept", "application/json")
              .build();
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(url + " answers " + answer.statusCode());
      }
      return json(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(byte[] bytes) {
    return WireFormat.read(bytes, JsonNode.class);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String key(ConsumerRecord<byte[], byte[]> found) {
    return new String(found.key(), StandardCharsets.UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> found, String name) {
    String text = KafkaHeaders.text(found.headers(), name);
    if (text == null) {
      throw new IllegalStateException("A record of " + found.topic() + " lacks the header " + name);
    }
    return text;
  }
}
