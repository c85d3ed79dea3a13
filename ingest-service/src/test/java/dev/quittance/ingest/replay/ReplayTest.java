package dev.quittance.ingest.replay;

import static dev.quittance.ingest.IngestProfile.operator;
import static dev.quittance.ingest.translate.TopicReader.header;
import static dev.quittance.ingest.translate.TopicReader.named;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.IngestProfile;
import dev.quittance.ingest.KafkaForTests;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import dev.quittance.ingest.translate.TopicReader;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Replays in the running service, on a real broker. Each test has some seconds of its own, a
/// little ahead of the clock, so that no other test's records are in them.
@QuarkusTest
@TestProfile(IngestProfile.class)
final class ReplayTest {

  private static final Duration WAIT_MAX = Duration.ofMinutes(3);

  /// Where the range of the last test began.
  private static Instant last = Instant.EPOCH;

  private final Instant begin = range();

  /// Some seconds behind those of the test before, however long that took.
  private static synchronized Instant range() {
    Instant ahead = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(10);
    Instant behind = last.plusSeconds(5);
    last = ahead.isAfter(behind) ? ahead : behind;
    return last;
  }

  @Test
  void aStretchIsTranslatedOnceMoreWithTheSameIds() {
    try (var events = new TopicReader(KafkaForTests.bootstrapServers(), canonical())) {
      publish("earlier", 5, begin.minusSeconds(1));
      publish("meant", 30, begin);
      publish("later", 5, begin.plusSeconds(1));
      events.next(40, named("stripe:earlier", "stripe:meant", "stripe:later"));

      JsonPath done = replayed("from=" + begin + "&to=" + begin.plusSeconds(1));

      assertThat(done.getString("state")).isEqualTo("done");
      assertThat(done.getInt("replayed")).isEqualTo(30);
      assertThat(done.getInt("read")).isEqualTo(done.getInt("total"));
      assertThat(events.next(30, named("stripe:earlier", "stripe:meant", "stripe:later")))
          .allSatisfy(event -> assertThat(header(event, "ce_origin")).isEqualTo("replayed"))
          .extracting(event -> header(event, "ce_id"))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 30).mapToObj(n -> "stripe:meant" + n + ":0").toList());
      assertThat(events.withinAMoment())
          .noneMatch(named("stripe:earlier", "stripe:meant", "stripe:later"));
    }
  }

  @Test
  void oneEventIsFoundByItsIdAlone() {
    try (var events = new TopicReader(KafkaForTests.bootstrapServers(), canonical())) {
      publish("single", 10, begin);
      events.next(10, named("stripe:single"));

      JsonPath done = replayed("event=single7&to=" + begin.plusSeconds(1));

      assertThat(done.getInt("replayed")).isEqualTo(1);
      assertThat(events.next(1, named("stripe:single")))
          .extracting((ConsumerRecord<byte[], byte[]> event) -> header(event, "ce_id"))
          .containsExactly("stripe:single7:0");
      assertThat(
              replayed("event=single7&endpoint=paysuper&to=" + begin.plusSeconds(1))
                  .getInt("replayed"))
          .isZero();
    }
  }

  @Test
  void aReplayCanBeEndedAndOnlyOneRunsAtATime() {
    try (var events = new TopicReader(KafkaForTests.bootstrapServers(), canonical())) {
      // at 200 a second it takes fifteen seconds
      publish("many", 3_000, begin);
      events.next(3_000, named("stripe:many"));
    }
    operator().post("/replay?from=" + begin + "&to=" + begin.plusSeconds(1)).then().statusCode(202);

    operator().post("/replay?event=any").then().statusCode(409);
    var errors = new Errors();
    Logger.getLogger("").addHandler(errors);
    operator().delete("/replay").then().statusCode(200).body("state", equalTo("canceled"));
    Logger.getLogger("").removeHandler(errors);

    assertThat(errors.lines).isEmpty();
    operator().get("/replay").then().body("state", equalTo("canceled"));
    assertThat(operator().get("/replay").jsonPath().getInt("replayed")).isLessThan(3_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?from=yesterday",
        "?from=2026-11-20T00:00:00",
        "?from=2026-11-20T00:00:00Z&to=never",
        "?from=2026-11-20T00:00:00Z&to=2026-11-20T00:00:00Z",
      })
  void aStretchThatIsNoneIsRefusedWithASentence(String query) {
    operator()
        .when()
        .post("/replay" + query)
        .then()
        .statusCode(400)
        .contentType(containsString("application/problem+json"))
        .body("detail", containsString("."));
  }

  /// What is logged as an error.
  private static final class Errors extends Handler {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
        lines.add(line.getLoggerName() + ": " + line.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static String canonical() {
    return Topic.PAYMENT_EVENTS.topicName();
  }

  private static JsonPath replayed(String query) {
    operator().post("/replay?" + query).then().statusCode(202);
    await()
        .atMost(WAIT_MAX)
        .until(() -> !operator().get("/replay").jsonPath().getString("state").equals("running"));
    return operator().get("/replay").jsonPath();
  }

  private static void publish(String name, int count, Instant at) {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", KafkaForTests.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int n = 0; n < count; n++) {
        ProducerRecord<byte[], byte[]> verbatim =
            VerbatimRecord.of(
                new Webhook(
                    "stripe",
                    name + n,
                    Bodies.body("stripe/checkout.session.completed.paid"),
                    at,
                    CloudEvent.Origin.WEBHOOK,
                    null),
                null);
        assertThat(new String(verbatim.key(), UTF_8)).isEqualTo("stripe:" + name + n);
        var _ =
            producer.send(
                new ProducerRecord<>(
                    verbatim.topic(),
                    null,
                    at.toEpochMilli(),
                    verbatim.key(),
                    verbatim.value(),
                    verbatim.headers()));
      }
      producer.flush();
    }
  }
}
