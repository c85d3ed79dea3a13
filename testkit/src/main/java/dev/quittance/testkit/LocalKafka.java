package dev.quittance.testkit;

import dev.quittance.contracts.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// A real Kafka to work with: a broker as a child process of this JVM, in a container, or one that
/// is running already.
///
/// - `-Dquittance.kafka.bootstrap=host:port` names a running one;
/// - `-Dquittance.containers=docker` asks for a container, where an engine answers;
/// - otherwise a KRaft broker is started from this JVM's own class path.
public sealed interface LocalKafka extends LocalServer
    permits KafkaProcess, GivenKafka, KafkaContainers {

  /// The system property that names a running broker.
  String BOOTSTRAP = "quittance.kafka.bootstrap";

  /// How long a new topic may be unknown: the longest that a starved machine was seen to need was
  /// some seconds.
  Duration KNOWN_MAX = Duration.ofSeconds(30);

  /// What clients connect to, `host:port`.
  String bootstrapServers();

  /// The broker that all tests of this JVM share. It is started at the first call and stopped when
  /// the JVM ends, its data with it.
  static LocalKafka shared() {
    return SharedServers.KAFKA.get();
  }

  /// A broker of one's own. Data that an earlier one left in the directory is kept.
  ///
  /// @param port the port on 127.0.0.1, or 0 for any that is free
  /// @throws StackFault when it doesn't start; the message says why
  static LocalKafka start(Path directory, int port) {
    return start(directory, port, Map.of(), JvmProfile.LAPTOP);
  }

  /// A broker of one's own with other settings than the usual: other listeners, or one of several.
  ///
  /// @param port the port on 127.0.0.1 of the listener that this JVM uses
  /// @param settings by their Kafka names; they win over the usual ones
  /// @param profile whether the broker is to run for long
  static LocalKafka start(
      Path directory, int port, Map<String, String> settings, JvmProfile profile) {
    return KafkaProcess.start(KafkaProcess.Place.in(directory).in(profile).with(settings), port);
  }

  /// Creates those of the topics that aren't there yet.
  default void createTopics(Collection<Topic.Spec> topics) {
    createTopics(topics, (short) 1);
  }

  /// Creates those of the topics that aren't there yet.
  ///
  /// @param replicas on how many brokers each record is to be
  default void createTopics(Collection<Topic.Spec> topics, short replicas) {
    try (var admin = admin()) {
      Set<NewTopic> wanted =
          topics.stream()
              .map(topic ->
                  new NewTopic(topic.name(), topic.partitions(), replicas)
                      .configs(topic.settings()))
              .collect(Collectors.toSet());
      for (var created : admin.createTopics(wanted).values().values()) {
        try {
          created.get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw new StackFault("Kafka refused to create a topic", e);
          }
        }
      }
      Set<String> names = topics.stream().map(Topic.Spec::name).collect(Collectors.toSet());
      Deadline.in(KNOWN_MAX)
          .await(
              () -> known(admin, names),
              () -> {
                throw new StackFault("The topics are created, and the broker doesn't know them");
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while creating topics", e);
    }
  }

  /// A topic exists when the controller says so; a busy broker may hear of it a moment later.
  private static boolean known(Admin admin, Set<String> names) {
    try {
      return admin.describeTopics(names).allTopicNames().get().values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.leader() != null);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new StackFault("Kafka can't be asked for its topics", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted while asking for topics", e);
    }
  }

  /// An administration client for this broker. The caller closes it.
  default Admin admin() {
    return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
  }
}
