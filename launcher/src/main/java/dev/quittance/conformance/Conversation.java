package dev.quittance.conformance;

import dev.quittance.contracts.Topic;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.StackFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// The two topics between us and the subscriber.
final class Conversation implements AutoCloseable {

  /// Brokers that don't answer within this aren't there.
  private static final int ANSWER_MS_MAX = 10_000;

  /// So that an act's records come to the brokers together, as after a stall.
  private static final int LINGER_MS = 50;

  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final KafkaProducer<String, byte[]> producer;
  private final @Nullable KafkaConsumer<String, byte[]> answers;

  private Conversation(
      String topic,
      KafkaProducer<String, byte[]> producer,
      @Nullable KafkaConsumer<String, byte[]> answers) {
    this.topic = topic;
    this.producer = producer;
    this.answers = answers;
  }

  /// @param commandsTopic is heard from now on; null if nobody listens
  /// @throws StackFault when the brokers don't answer
  static Conversation open(
      String bootstrapServers,
      String topic,
      @Nullable String commandsTopic,
      Consumer<String> progress)
      throws ExecutionException, InterruptedException {
    createTopics(
        bootstrapServers,
        commandsTopic == null ? Set.of(topic) : Set.of(topic, commandsTopic),
        progress);
    return new Conversation(
        topic,
        producer(bootstrapServers),
        commandsTopic == null ? null : answers(bootstrapServers, commandsTopic));
  }

  private static void createTopics(
      String bootstrapServers, Set<String> topics, Consumer<String> progress)
      throws ExecutionException, InterruptedException {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX);
    try (var admin = Admin.create(settings)) {
      Set<String> there = admin.listTopics().names().get();
      List<NewTopic> missing =
          topics.stream()
              .filter(name -> !there.contains(name))
              .map(name -> new NewTopic(name, Topic.PARTITIONS, (short) 1))
              .toList();
      admin.createTopics(missing).all().get();
      missing.forEach(created -> progress.accept("created the topic " + created.name()));
    }
  }

  private static KafkaProducer<String, byte[]> producer(String bootstrapServers) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  private static KafkaConsumer<String, byte[]> answers(String bootstrapServers, String topic) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed");
    var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    Set<TopicPartition> partitions = partitions(() -> consumer.partitionsFor(topic));
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // the end as it is now, not as it is when the first answer is asked for
    partitions.forEach(consumer::position);
    return consumer;
  }

  /// A topic that was created just now is not known everywhere at once.
  private static Set<TopicPartition> partitions(Supplier<List<PartitionInfo>> told) {
    var partitions = new HashSet<TopicPartition>();
    Deadline.in(Duration.ofMillis(ANSWER_MS_MAX))
        .await(
            () -> {
              for (PartitionInfo partition : told.get()) {
                partitions.add(new TopicPartition(partition.topic(), partition.partition()));
              }
              return !partitions.isEmpty();
            },
            () -> {
              throw new StackFault("Kafka knows no partition of the topic");
            });
    return partitions;
  }

  /// Returns when the brokers have all of it.
  void tell(List<Publisher.Telling> tellings) throws ExecutionException, InterruptedException {
    int partitions = partitions(() -> producer.partitionsFor(topic)).size();
    var acks = new ArrayList<Future<?>>();
    for (Publisher.Telling telling : tellings) {
      if (telling.everywhere()) {
        for (int partition = 0; partition < partitions; partition++) {
          acks.add(producer.send(record(telling, partition)));
        }
      } else {
        acks.add(producer.send(record(telling, null)));
      }
    }
    producer.flush();
    for (Future<?> ack : acks) {
      ack.get();
    }
  }

  private ProducerRecord<String, byte[]> record(
      Publisher.Telling telling, @Nullable Integer partition) {
    return new ProducerRecord<>(
        topic, partition, telling.key(), telling.value(), List.<Header>copyOf(telling.headers()));
  }

  /// What was commanded lately.
  Iterable<ConsumerRecord<String, byte[]>> hear() {
    return answers == null ? List.of() : answers.poll(POLL);
  }

  @Override
  public void close() {
    producer.close();
    if (answers != null) {
      answers.close();
    }
  }
}
