package dev.quittance.receipts;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.CustomerNotice;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.Topic;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
class TransactionMarkersServiceTest {

  private static final String LETTERS = Topic.FULFILLMENT_LETTERS.topicName();

  @ConfigProperty(name = "kafka.bootstrap.servers")
  @SuppressWarnings("NullAway.Init") // injected
  String kafka;

  @Test
  void behindALetterThatWasWrittenInATransactionNoLagIsLeft() {
    OrderId order = OrderId.of("stripe", "pi_markers");
    CloudEvent event =
        TestShop.event(
            new CustomerNotice.CodeDelivered(
                order, new EventId("d-markers"), List.of(), "GAME-KEY-1", Shop.NOON));
    var letter =
        new ProducerRecord<byte[], byte[]>(
            LETTERS, 7, order.value().getBytes(StandardCharsets.UTF_8), event.data());
    event
        .headers()
        .forEach(
            (name, value) -> letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", kafka, "transactional.id", "markers-test"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      var _ = producer.send(letter);
      producer.commitTransaction();
    }

    Eventually.holds("no lag", () -> lag() == 0);
  }

  private long lag() {
    List<TopicPartition> partitions =
        IntStream.range(0, Topic.PARTITIONS).mapToObj(n -> new TopicPartition(LETTERS, n)).toList();
    try (var admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(ConsumerGroup.RECEIPTS.groupName())
              .partitionsToOffsetAndMetadata()
              .get();
      long lag = 0;
      for (TopicPartition partition : partitions) {
        long end =
            admin
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
        OffsetAndMetadata reached = committed.get(partition);
        lag += end - (reached == null ? 0 : reached.offset());
      }
      return lag;
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
