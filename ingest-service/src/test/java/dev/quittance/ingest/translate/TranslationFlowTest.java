package dev.quittance.ingest.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.ingest.IngestProfile;
import dev.quittance.ingest.KafkaForTests;
import dev.quittance.ingest.provider.Bodies;
import dev.quittance.ingest.provider.Webhook;
import dev.quittance.ingest.publish.VerbatimRecord;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// The room in the running service, on a real broker.
@QuarkusTest
@TestProfile(IngestProfile.class)
final class TranslationFlowTest {

  @TestHTTPResource(value = "/", management = true)
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  URI management;

  private static final Duration WAIT_MAX = Duration.ofMinutes(3);

  @Test
  void whatIsPublishedVerbatimIsTranslatedAndThenAcknowledged() {
    try (var events = reader(Topic.PAYMENT_EVENTS.topicName())) {
      publish("flow", 50);

      assertThat(events.next(50, TopicReader.named("stripe:flow")))
          .extracting(event -> TopicReader.header(event, "ce_id"))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 50).mapToObj(n -> "stripe:flow" + n + ":0").toList());
    }
    await().atMost(WAIT_MAX).until(() -> lag() == 0);
  }

  @Test
  void nothingIsLostAndNothingDiesWhenTheBrokerGoesAway() {
    publish("before", 20);
    await().atMost(WAIT_MAX).until(() -> lag() == 0);

    KafkaForTests.kill();
    await()
        .atMost(WAIT_MAX)
        .pollDelay(Duration.ofSeconds(5))
        .until(() -> RestAssured.get(management.resolve("/q/health/live")).statusCode() == 200);
    KafkaForTests.bringBack();

    try (var events = reader(Topic.PAYMENT_EVENTS.topicName())) {
      publish("after", 20);

      var came = new HashSet<String>();
      while (came.size() < 20) {
        events
            .next(1, TopicReader.named("stripe:after"))
            .forEach(event -> came.add(TopicReader.header(event, "ce_id")));
      }
      assertThat(came).contains("stripe:after0:0", "stripe:after19:0");
    }
    await().atMost(WAIT_MAX).until(() -> lag() == 0);
    assertThat(RestAssured.get(management.resolve("/q/health/live")).statusCode()).isEqualTo(200);
  }

  @Test
  void whatBecameOfHowManyIsCounted() {
    publish("counted", 3);
    await().atMost(WAIT_MAX).until(() -> lag() == 0);

    assertThat(RestAssured.get(management.resolve("/q/metrics")).asString())
        .contains("quittance_translate_webhooks_total{")
        .contains("outcome=\"translated\"");
  }

  private static TopicReader reader(String topic) {
    return new TopicReader(KafkaForTests.bootstrapServers(), topic);
  }

  private static void publish(String name, int count) {
    try (var producer =
        CanonicalTopic.producer(
            Map.of("bootstrap.servers", KafkaForTests.bootstrapServers()), "test")) {
      for (int n = 0; n < count; n++) {
        var _ =
            producer.send(
                VerbatimRecord.of(
                    new Webhook(
                        "stripe",
                        name + n,
                        Bodies.body("stripe/checkout.session.completed.paid"),
                        Bodies.RECEIVED_AT,
                        CloudEvent.Origin.WEBHOOK,
                        null),
                    null));
      }
      producer.flush();
    }
  }

  /// What of the verbatim topic the room hasn't acknowledged yet.
  private static long lag() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", KafkaForTests.bootstrapServers()))) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(ConsumerGroup.TRANSLATE.groupName())
              .partitionsToOffsetAndMetadata()
              .get();
      var partitions =
          IntStream.range(0, Topic.PARTITIONS)
              .mapToObj(n -> new TopicPartition(Topic.WEBHOOKS.topicName(), n))
              .collect(
                  java.util.stream.Collectors.toMap(
                      partition -> partition, _ -> OffsetSpec.latest()));
      long lag = 0;
      for (var end : admin.listOffsets(partitions).all().get().entrySet()) {
        OffsetAndMetadata reached = committed.get(end.getKey());
        lag += end.getValue().offset() - (reached == null ? 0 : reached.offset());
      }
      return lag;
    }
  }
}
