package dev.quittance.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A history with the faults of the first translators in it, recorded from their running services
/// (`resources/repair`: the records of both topics, invented), replayed and folded by today's: it
/// ends right, and what went out wrong is listed.
class RepairTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final RunningStack STACK = RunningStack.get();

  private static final Map<String, JsonNode> WRONG = new HashMap<>();

  /// What the old services said goes into orders and receipts; then what the providers said is
  /// translated by today's, live and once more.
  @BeforeAll
  static void replayTheHistory() throws IOException, SQLException {
    publish(Topic.PAYMENT_EVENTS);
    STACK.orders().awaitReceipts("stripe:pi_golden_right", "payment sent");
    STACK.orders().awaitReceipts("paysuper:golden-testing-case", "payment sent");
    STACK.orders().awaitReceipts("stripe:pi_golden_connect", "payment sent");
    STACK.orders().awaitReceipts("stripe:pi_golden_negative", "payment sent");
    STACK.orders().awaitReceipts("stripe:pi_golden_partial", "payment sent", "refund sent");
    STACK.orders().awaitReceipts("stripe:pi_golden_over", "payment sent");
    STACK.orders().awaitReceipts("standard:golden-foreign", "payment sent", "refund sent");
    STACK.topics().awaitDrained();
    wasSent("stripe:pi_golden_over", "payment", 10_000, "USD");
    wasSent("standard:golden-foreign", "refund", 4_500, "EUR");
    publish(Topic.WEBHOOKS);
    STACK.topics().awaitDrained();
    replay();
    STACK.topics().awaitDrained();
    all(Service.FULFILLMENT, "/orders/refold");
    all(Service.RECEIPTS, "/receipts/replan");
    wrong();
  }

  /// Whether an order is one of the recorded history's.
  static boolean isRecorded(String order) {
    return order.contains("golden");
  }

  private static void publish(Topic topic) throws IOException {
    var settings =
        Map.<String, Object>of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            STACK.stack().kafka().bootstrapServers(),
            ProducerConfig.ACKS_CONFIG,
            "all");
    try (InputStream file =
            RepairTest.class.getResourceAsStream("/repair/" + topic.topicName() + ".jsonl");
        var producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      String lines = new String(Objects.requireNonNull(file, "the history").readAllBytes(), UTF_8);
      for (String line : lines.lines().toList()) {
        JsonNode recorded = Json.read(line.getBytes(UTF_8));
        var record =
            new ProducerRecord<byte[], byte[]>(
                topic.topicName(),
                recorded.path("key").asText().getBytes(UTF_8),
                recorded.path("value").asText().getBytes(UTF_8));
        recorded
            .path("headers")
            .properties()
            .forEach(header ->
                record.headers().add(header.getKey(), header.getValue().asText().getBytes(UTF_8)));
        var _ = producer.send(record);
      }
      producer.flush();
    }
  }

  /// Today's receipts count these facts right, so what the recording receipt-service sent for them
  /// has to be put into the database: what was agreed for what was received, and a refund in
  /// another currency as it was told.
  private static void wasSent(String order, String kind, long minorUnits, String currency)
      throws SQLException {
    String url = STACK.stack().postgres().adminUrl("receipts");
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement sent =
            connection.prepareStatement(
                "UPDATE mails SET amount_minor = ?, currency = ? WHERE order_id = ? AND kind = ?")) {
      sent.setLong(1, minorUnits);
      sent.setString(2, currency);
      sent.setString(3, order);
      sent.setString(4, kind);
      assertThat(sent.executeUpdate()).isEqualTo(1);
    }
  }

  private static void replay() {
    URI replay = STACK.stack().ports().url(Service.INGEST).resolve("/replay");
    assertThat(post(replay.resolve("/replay?from=2026-01-01T00:00:00Z")).status()).isEqualTo(202);
    boolean ended =
        Deadline.in(PATIENCE)
            .meets(() -> Http.get(replay).body().path("state").asText().equals("done"));
    assertThat(ended).as("the replay has ended").isTrue();
  }

  private static void all(Service service, String path) {
    String next = "";
    do {
      Http.Answer answer =
          post(STACK.stack().ports().url(service).resolve(path + "?after=" + Http.escaped(next)));
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      next = answer.body().path("next").asText("");
    } while (!next.isEmpty());
  }

  private static Http.Answer post(URI url) {
    return Http.post(url, new byte[0], Map.of());
  }

  private static void wrong() {
    String after = "";
    do {
      JsonNode page =
          Http.get(
                  STACK
                      .stack()
                      .ports()
                      .url(Service.RECEIPTS)
                      .resolve("/receipts/wrong?after=" + after))
              .body();
      page.path("receipts").forEach(one -> WRONG.put(one.at("/receipt/id").asText(), one));
      after = page.path("next").asText("");
    } while (!after.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    // captured in part and refunded: what was released is no refund
    "stripe:pi_golden_partial, partially_refunded, due, 500",
    // more was captured than was agreed
    "stripe:pi_golden_over, paid, due, 0",
    // 45.00 of the 90.00 EUR that were charged for 100.00 USD
    "standard:golden-foreign, partially_refunded, due, 5000",
    // a connected account's
    "stripe:pi_golden_connect, canceled, not_due, 0",
    // without a usable amount
    "stripe:pi_golden_noamount, canceled, not_due, ",
    "stripe:pi_golden_negative, canceled, not_due, 0",
    "stripe:pi_golden_unknown, paid, due, 0",
    "stripe:pi_golden_right, paid, due, 0",
  })
  void endsRight(String order, String payment, String fulfillment, Long refunded) {
    JsonNode found = STACK.orders().find(order).body();

    assertThat(found.path("paymentStatus").asText()).as(found.toString()).isEqualTo(payment);
    assertThat(found.path("fulfillmentStatus").asText()).isEqualTo(fulfillment);
    assertThat(
            found.at("/refunded/minorUnits").isMissingNode()
                ? null
                : found.at("/refunded/minorUnits").asLong())
        .isEqualTo(refunded);
  }

  @Test
  void whatTheTestButtonSentIsNoLiveOrder() {
    JsonNode found = STACK.orders().find("paysuper:golden-testing-case").body();

    assertThat(
            found.path("paymentStatus").asText().equals("canceled")
                || !found.path("livemode").asBoolean())
        .as(found.toString())
        .isTrue();
  }

  @Test
  void whatWentOutWrongIsListedWithWhatIsRight() {
    var listed = new ArrayList<String>();
    WRONG.values().stream()
        .filter(one -> isRecorded(one.at("/receipt/order").asText()))
        .forEach(one ->
            listed.add(
                one.at("/receipt/order").asText()
                    + " "
                    + one.at("/receipt/kind").asText()
                    + " "
                    + one.at("/receipt/amount/minorUnits").asLong()
                    + " "
                    + one.at("/supported/minorUnits").asLong()));

    assertThat(listed)
        .containsExactlyInAnyOrder(
            "stripe:pi_golden_partial refund 4000 500",
            "stripe:pi_golden_over payment 10000 11500",
            "standard:golden-foreign refund 4500 5000",
            "stripe:pi_golden_connect payment 2500 0",
            "stripe:pi_golden_negative payment -500 0");
  }

  @ParameterizedTest
  @CsvSource({
    "stripe:pi_golden_partial, payment sent|refund sent",
    "stripe:pi_golden_over, payment sent",
    "standard:golden-foreign, payment sent|refund sent",
    "stripe:pi_golden_connect, payment sent",
    "stripe:pi_golden_negative, payment sent",
  })
  void nothingIsMailedAboutIt(String order, String receipts) {
    assertThat(STACK.orders().receipts(order)).containsExactly(receipts.split("\\|"));
  }
}
