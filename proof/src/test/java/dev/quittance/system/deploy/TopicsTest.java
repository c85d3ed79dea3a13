package dev.quittance.system.deploy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.LocalKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/// One source for the topics: everything that creates them or scales by them says the same.
class TopicsTest {

  private static final String STRIMZI = "deploy/kubernetes/components/strimzi/";
  private static final String BROKERS_NEEDED = "min.insync.replicas";

  @Test
  void theListIsWhatTheContractsSay() {
    assertThat(list()).containsExactlyInAnyOrderElementsOf(Topic.all());
  }

  @Test
  void strimziIsAskedForWhatTheContractsSay() {
    List<Topic.Spec> asked =
        Yaml.documentsOf(STRIMZI + "topics.yaml").stream().map(TopicsTest::spec).toList();

    assertThat(asked).containsExactlyInAnyOrderElementsOf(Topic.all());
  }

  @Test
  void everythingIsOnThreeBrokersOfWhichTwoMustHaveIt() {
    assertThat(Yaml.documentsOf(STRIMZI + "topics.yaml"))
        .allSatisfy(topic -> {
          assertThat(topic.at("/spec/replicas").asInt()).isEqualTo(3);
          assertThat(topic.at("/spec/config").path(BROKERS_NEEDED).asInt()).isEqualTo(2);
        });
  }

  @Test
  void theLocalStackMakesWhatTheContractsSay() {
    LocalKafka kafka = LocalKafka.shared();

    kafka.createTopics(Topic.all());

    try (var admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      assertThat(Topic.all()).allSatisfy(topic -> assertThat(there(admin, topic)).isEqualTo(topic));
    }
  }

  /// The topic as the broker has it, as far as the contracts say anything of it.
  private static Topic.Spec there(Admin admin, Topic.Spec wanted) throws Exception {
    var name = wanted.name();
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    var description = admin.describeTopics(List.of(name)).topicNameValues();
    var config = admin.describeConfigs(List.of(resource)).values();
    var settings =
        requireNonNull(config.get(resource)).get().entries().stream()
            .filter(entry -> wanted.settings().containsKey(entry.name()))
            .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    int partitions = requireNonNull(description.get(name)).get().partitions().size();
    return new Topic.Spec(name, partitions, settings);
  }

  @Test
  void groupsAreRememberedAsLongAsTheRecordsAreKept() {
    JsonNode kafka = Yaml.documentsOf(STRIMZI + "kafka.yaml").getFirst();

    long minutes = kafka.at("/spec/kafka/config").path("offsets.retention.minutes").asLong();

    assertThat(Duration.ofMinutes(minutes)).isGreaterThanOrEqualTo(Topic.RETENTION);
  }

  @Test
  void consumersAreScaledByAllThatTheyRead() {
    var scaledBy = new TreeMap<String, TreeSet<String>>();
    for (JsonNode scaled : scaledObjects()) {
      Yaml.each(scaled, "/spec/triggers")
          .map(trigger -> trigger.path("metadata"))
          .forEach(kafka ->
              scaledBy
                  .computeIfAbsent(kafka.path("consumerGroup").asText(), _ -> new TreeSet<>())
                  .add(kafka.path("topic").asText()));
    }

    assertThat(scaledBy)
        .isEqualTo(
            Stream.of(ConsumerGroup.FULFILLMENT, ConsumerGroup.RECEIPTS)
                .collect(
                    Collectors.toMap(
                        ConsumerGroup::groupName,
                        group ->
                            group.reads().stream()
                                .map(Topic::topicName)
                                .collect(Collectors.toCollection(TreeSet::new)))));
  }

  @Test
  void nobodyScalesBeyondThePartitions() {
    assertThat(scaledObjects())
        .allSatisfy(scaled ->
            assertThat(scaled.at("/spec/maxReplicaCount").asInt()).isBetween(1, Topic.PARTITIONS));
    assertThat(Yaml.documentsOf("deploy/kubernetes/base/ingest-service.yaml"))
        .filteredOn(node -> node.path("kind").asText().equals("HorizontalPodAutoscaler"))
        .isNotEmpty()
        .allSatisfy(
            hpa -> assertThat(hpa.at("/spec/maxReplicas").asInt()).isBetween(1, Topic.PARTITIONS));
  }

  private static List<JsonNode> scaledObjects() {
    return Yaml.documentsOf("deploy/kubernetes/components/keda/scaled-objects.yaml");
  }

  private static List<Topic.Spec> list() {
    return Checkout.text("deploy/topics/topics.list")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> {
          List<String> words = List.of(line.split(" "));
          Map<String, String> settings =
              words.stream()
                  .skip(2)
                  .map(setting -> setting.split("=", 2))
                  .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
          return new Topic.Spec(words.get(0), Integer.parseInt(words.get(1)), settings);
        })
        .toList();
  }

  /// As the contracts have it: how many brokers there are is not their business.
  private static Topic.Spec spec(JsonNode topic) {
    assertThat(topic.path("kind").asText()).isEqualTo("KafkaTopic");
    var settings = Yaml.scalars(topic.at("/spec/config"));
    settings.remove(BROKERS_NEEDED);
    return new Topic.Spec(
        topic.at("/metadata/name").asText(), topic.at("/spec/partitions").asInt(), settings);
  }
}
