package dev.quittance.fulfillment.broker;

import static java.util.Comparator.comparing;

import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// How the brokers are, whether the topics are as the contract says, and how far behind each
/// consumer group is.
@ApplicationScoped
public class KafkaStatus {

  /// Somebody waits for the page, and it has other panels.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(4);

  private final Map<String, Object> settings;
  private @Nullable Admin open;

  KafkaStatus(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    settings = new HashMap<>(kafka);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    int most = Math.toIntExact(ANSWER_MAX.toMillis());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, most);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, most);
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "quittance-console");
  }

  /// How the brokers and our topics are.
  ///
  /// @param brokers how many are there
  /// @param missing topics of the contract that there aren't
  /// @param repartitioned topics with another number of partitions than the contract says
  /// @param leaderless partitions that nobody leads: neither read nor written
  /// @param thin partitions with fewer replicas in sync than there should be
  /// @param replication the least number of replicas of any of our topics; 0 without topics
  public record State(
      int brokers,
      List<String> missing,
      List<String> repartitioned,
      int leaderless,
      int thin,
      int replication) {

    /// Whether nothing is wrong.
    public boolean sound() {
      return missing.isEmpty() && repartitioned.isEmpty() && leaderless == 0 && thin == 0;
    }
  }

  /// One partition that a group reads.
  ///
  /// @param end one past its last record
  /// @param committed where the group goes on after a crash; −1 where it never was
  /// @param lag records that are not known to be dealt with
  public record Lag(
      String group, String topic, int partition, long end, long committed, long lag) {}

  /// @throws BrokersAway when they don't answer in time
  public State state() throws BrokersUnavailable {
    try {
      Admin admin = admin();
      int brokers = get(admin.describeCluster().nodes()).size();
      Set<String> there = get(admin.listTopics().names());
      var missing = new ArrayList<String>();
      var wanted = new HashMap<String, Topic.Spec>();
      for (Topic.Spec spec : Topic.all()) {
        if (there.contains(spec.name())) {
          wanted.put(spec.name(), spec);
        } else {
          missing.add(spec.name());
        }
      }
      var found = get(admin.describeTopics(wanted.keySet()).allTopicNames());
      return state(brokers, missing, wanted, found);
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      throw new BrokersUnavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokersUnavailable(e);
    }
  }

  private static State state(
      int brokers,
      List<String> missing,
      Map<String, Topic.Spec> wanted,
      Map<String, TopicDescription> found) {
    var repartitioned = new ArrayList<String>();
    int leaderless = 0;
    int thin = 0;
    int replication = found.isEmpty() ? 0 : Integer.MAX_VALUE;
    for (TopicDescription topic : found.values()) {
      Topic.Spec spec = wanted.get(topic.name());
      if (spec != null && spec.partitions() != topic.partitions().size()) {
        repartitioned.add(topic.name());
      }
      for (var partition : topic.partitions()) {
        replication = Math.min(replication, partition.replicas().size());
        if (partition.leader() == null || partition.leader().isEmpty()) {
          leaderless++;
        } else if (partition.isr().size() < partition.replicas().size()) {
          thin++;
        }
      }
    }
    return new State(brokers, missing, repartitioned, leaderless, thin, replication);
  }

  /// Every partition that a group of ours reads, by group, topic and partition.
  ///
  /// @throws BrokersAway when they don't answer in time
  public List<Lag> lags() throws BrokersUnavailable {
    try {
      Admin admin = admin();
      Map<TopicPartition, Long> ends = ends(admin);
      Map<ConsumerGroup, ListConsumerGroupOffsetsResult> asked = new HashMap<>();
      for (ConsumerGroup group : ConsumerGroup.values()) {
        asked.put(group, admin.listConsumerGroupOffsets(group.groupName()));
      }
      var lags = new ArrayList<Lag>();
      for (var answer : asked.entrySet()) {
        var committed = get(answer.getValue().partitionsToOffsetAndMetadata());
        for (Topic topic : answer.getKey().reads()) {
          ends.forEach((place, end) -> {
            if (place.topic().equals(topic.topicName())) {
              lags.add(lag(answer.getKey(), place, end, committed.get(place)));
            }
          });
        }
      }
      lags.sort(comparing(Lag::group).thenComparing(Lag::topic).thenComparingInt(Lag::partition));
      return lags;
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      throw new BrokersUnavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokersUnavailable(e);
    }
  }

  private static Lag lag(
      ConsumerGroup group, TopicPartition place, long end, @Nullable OffsetAndMetadata committed) {
    long offset = committed == null ? -1 : committed.offset();
    return new Lag(
        group.groupName(),
        place.topic(),
        place.partition(),
        end,
        offset,
        Math.max(0, end - Math.max(0, offset)));
  }

  private static Map<TopicPartition, Long> ends(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> read = new HashSet<>();
    for (ConsumerGroup group : ConsumerGroup.values()) {
      group.reads().forEach(topic -> read.add(topic.topicName()));
    }
    read.retainAll(get(admin.listTopics().names()));
    var wanted = new HashMap<TopicPartition, OffsetSpec>();
    get(admin.describeTopics(read).allTopicNames())
        .forEach((topic, description) ->
            description
                .partitions()
                .forEach(partition ->
                    wanted.put(
                        new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
    var ends = new HashMap<TopicPartition, Long>();
    Map<TopicPartition, ListOffsetsResultInfo> found = get(admin.listOffsets(wanted).all());
    found.forEach((place, info) -> ends.put(place, info.offset()));
    return ends;
  }

  private static <T> T get(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized Admin admin() {
    Admin admin = open;
    if (admin == null) {
      admin = Admin.create(settings);
      open = admin;
    }
    return admin;
  }

  @PreDestroy
  synchronized void close() {
    if (open != null) {
      open.close(Duration.ZERO);
    }
  }
}
