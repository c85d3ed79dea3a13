package dev.quittance.launcher;

import dev.quittance.contracts.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;

/// Examines the brokers, and their topics against the contract.
final class BrokerExam {

  private static final String BROKERS = "brokers";
  private static final String TOPICS = "topics";

  /// A broker on another continent answers in a tenth of it.
  private static final int ANSWER_MS_MAX = 5_000;

  private final Map<String, Object> client;

  BrokerExam(Map<String, Object> client) {
    this.client = new HashMap<>(client);
    this.client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX);
    this.client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS_MAX);
  }

  List<Finding> findings() {
    Object servers = client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    try (var admin = Admin.create(client)) {
      int brokers = admin.describeCluster().nodes().get().size();
      var findings = new ArrayList<Finding>();
      findings.add(Finding.ok(BROKERS, "%d answer at %s".formatted(brokers, servers)));
      findings.addAll(topics(admin));
      return findings;
    } catch (ExecutionException | KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return List.of(
          Finding.fault(
              BROKERS,
              "None answers at %s (%s)".formatted(servers, cause.getClass().getSimpleName()),
              "On a laptop: ./quittance up. Elsewhere: check --bootstrap, the network, and with"
                  + " --kafka-config the credentials. Webhooks are answered 503 meanwhile, and"
                  + " providers try again."),
          Finding.skipped(TOPICS, "without brokers nobody knows"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(Finding.skipped(BROKERS, "interrupted"));
    }
  }

  private List<Finding> topics(Admin admin) throws ExecutionException, InterruptedException {
    var there = admin.listTopics().names().get();
    List<Topic.Spec> present =
        Topic.all().stream().filter(spec -> there.contains(spec.name())).toList();
    Map<String, TopicDescription> shapes =
        admin.describeTopics(present.stream().map(Topic.Spec::name).toList()).allTopicNames().get();
    Map<ConfigResource, Config> settings =
        admin
            .describeConfigs(
                present.stream()
                    .map(spec -> new ConfigResource(ConfigResource.Type.TOPIC, spec.name()))
                    .toList())
            .all()
            .get();
    var findings = new ArrayList<Finding>();
    for (Topic.Spec spec : Topic.all()) {
      if (!there.contains(spec.name())) {
        findings.add(missing(spec));
        continue;
      }
      int partitions = Objects.requireNonNull(shapes.get(spec.name())).partitions().size();
      if (partitions != spec.partitions()) {
        findings.add(wrongPartitions(spec, partitions));
      }
      Config found =
          Objects.requireNonNull(
              settings.get(new ConfigResource(ConfigResource.Type.TOPIC, spec.name())));
      findings.addAll(wrongSettings(spec, found));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(TOPICS, "all %d are as the contract has them".formatted(present.size())));
    }
    return findings;
  }

  private Finding missing(Topic.Spec spec) {
    String settings =
        new TreeMap<>(spec.settings())
            .entrySet().stream()
                .map(setting -> " --config " + setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining());
    return Finding.fault(
        TOPICS,
        spec.name() + " is missing",
        "./quittance up creates it; elsewhere: kafka-topics.sh --bootstrap-server %s --create --topic %s --partitions %d%s"
            .formatted(
                client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
                spec.name(),
                spec.partitions(),
                settings));
  }

  private static Finding wrongPartitions(Topic.Spec spec, int partitions) {
    return Finding.fault(
        TOPICS,
        "%s has %d partitions instead of %d: events of one order may overtake each other"
            .formatted(spec.name(), partitions, spec.partitions()),
        "Don't add partitions in place, as keys would move. On a laptop: ./quittance up --fresh."
            + " Elsewhere: stop its readers and writers, make it anew with "
            + spec.partitions()
            + ", and replay.");
  }

  private static List<Finding> wrongSettings(Topic.Spec spec, Config found) {
    var findings = new ArrayList<Finding>();
    spec.settings()
        .forEach((name, wanted) -> {
          var entry = found.get(name);
          if (entry == null || !wanted.equals(entry.value())) {
            findings.add(
                Finding.doubtful(
                    TOPICS,
                    "%s has %s=%s instead of %s"
                        .formatted(
                            spec.name(), name, entry == null ? "nothing" : entry.value(), wanted),
                    "kafka-configs.sh --alter --topic %s --add-config %s=%s"
                        .formatted(spec.name(), name, wanted)));
          }
        });
    return findings;
  }
}
