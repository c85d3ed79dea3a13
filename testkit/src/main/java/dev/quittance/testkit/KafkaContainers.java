package dev.quittance.testkit;

import org.testcontainers.kafka.KafkaContainer;

/// Kafka in a container. Needs an engine, and Testcontainers in test scope.
record KafkaContainers(KafkaContainer container) implements LocalKafka {

  private static final String IMAGE = "apache/kafka:4.1.1";

  static KafkaContainers start() {
    var container =
        new KafkaContainer(IMAGE)
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
    container.start();
    return new KafkaContainers(container);
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  @Override
  public void kill() {
    container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }

  @Override
  public String toString() {
    return "Kafka in container " + IMAGE;
  }
}
