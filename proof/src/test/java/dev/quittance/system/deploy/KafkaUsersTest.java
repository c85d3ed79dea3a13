package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.Topic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each service may do with Kafka what its consumer group and its publications need, and no more.
class KafkaUsersTest {

  private static final String USERS = "deploy/kubernetes/components/strimzi/users.yaml";

  /// The pattern for other teams' services.
  private static final String SUBSCRIBER = "example-subscriber";

  /// What each group's service publishes beside dead letters, and whether some of it in
  /// transactions.
  enum Service {
    INGEST(
        "ingest-service",
        ConsumerGroup.TRANSLATE,
        List.of(Topic.WEBHOOKS, Topic.PAYMENT_EVENTS),
        false),
    FULFILLMENT(
        "fulfillment-service",
        ConsumerGroup.FULFILLMENT,
        List.of(Topic.FULFILLMENT_EVENTS, Topic.FULFILLMENT_ORDERS, Topic.FULFILLMENT_LETTERS),
        true),
    RECEIPTS("receipt-service", ConsumerGroup.RECEIPTS, List.of(Topic.RECEIPT_EVENTS), false);

    private final String user;
    private final ConsumerGroup group;
    private final List<Topic> publishes;
    private final boolean transactions;

    Service(String user, ConsumerGroup group, List<Topic> publishes, boolean transactions) {
      this.user = user;
      this.group = group;
      this.publishes = publishes;
      this.transactions = transactions;
    }

    Map<String, Set<String>> needs() {
      var needs = new TreeMap<String, Set<String>>();
      for (Topic topic : group.reads()) {
        allow(needs, literal("topic", topic.topicName()), "Read");
        allow(needs, literal("topic", topic.deadLetters(group)), "Write");
        if (exists(topic.retries(group))) {
          allow(needs, literal("topic", topic.retries(group)), "Read");
          allow(needs, literal("topic", topic.retries(group)), "Write");
          // whoever waits for a provider reads at another pace, in groups of its own
          allow(needs, "group " + group.groupName() + "-retry*", "Read");
        }
      }
      for (Topic topic : publishes) {
        allow(needs, literal("topic", topic.topicName()), "Write");
      }
      allow(needs, literal("group", group.groupName()), "Read");
      if (transactions) {
        allow(needs, literal("transactionalId", group.groupName() + "-outbox-states"), "Write");
      }
      if (this == FULFILLMENT) {
        console(needs);
      }
      return needs;
    }

    /// The console reads what providers said, deals with all dead letters, and describes the rest.
    private static void console(Map<String, Set<String>> needs) {
      allow(needs, literal("topic", Topic.WEBHOOKS.topicName()), "Read");
      for (ConsumerGroup group : ConsumerGroup.values()) {
        needs.computeIfAbsent(literal("group", group.groupName()), _ -> new TreeSet<>());
        for (Topic topic : group.reads()) {
          allow(needs, literal("topic", topic.topicName()), "Write");
          allow(needs, literal("topic", topic.deadLetters(group)), "Read");
          allow(needs, literal("topic", topic.deadLetters(group)), "Write");
        }
      }
      Topic.all()
          .forEach(
              spec -> needs.computeIfAbsent(literal("topic", spec.name()), _ -> new TreeSet<>()));
    }

    private static boolean exists(String topic) {
      return Topic.all().stream().anyMatch(spec -> spec.name().equals(topic));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServiceMayDoWhatItDoesAndNoMore(Service service) {
    assertThat(allowed(user(service.user))).isEqualTo(service.needs());
  }

  @Test
  void aSubscriberReadsWhatIsForOthersAndMayOnlySendCommands() {
    assertThat(allowed(user(SUBSCRIBER)))
        .isEqualTo(
            Map.of(
                literal("topic", Topic.FULFILLMENT_EVENTS.topicName()), Set.of("Read"),
                literal("topic", Topic.FULFILLMENT_ORDERS.topicName()), Set.of("Read"),
                literal("topic", Topic.FULFILLMENT_COMMANDS.topicName()), Set.of("Write"),
                literal("group", SUBSCRIBER + "*"), Set.of("Read")));
  }

  @Test
  void thereIsNoOtherUser() {
    assertThat(Yaml.documentsOf(USERS).stream().map(user -> user.at("/metadata/name").asText()))
        .containsExactlyInAnyOrder(
            Service.INGEST.user, Service.FULFILLMENT.user, Service.RECEIPTS.user, SUBSCRIBER);
  }

  @Test
  void whoMeasuresTheLagMayReadNothing() {
    JsonNode keda = Yaml.documentsOf("deploy/kubernetes/components/keda-tls/user.yaml").getFirst();

    assertThat(Yaml.each(keda, "/spec/authorization/acls").flatMap(KafkaUsersTest::operations))
        .containsOnly("Describe");
  }

  private static JsonNode user(String name) {
    return Yaml.documentsOf(USERS).stream()
        .filter(user -> user.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// Resource to operations; describing is what every client does with what it uses.
  private static Map<String, Set<String>> allowed(JsonNode user) {
    return Yaml.each(user, "/spec/authorization/acls")
        .collect(
            Collectors.toMap(
                acl -> {
                  JsonNode resource = acl.path("resource");
                  boolean prefix = resource.path("patternType").asText().equals("prefix");
                  return literal(
                      resource.path("type").asText(),
                      resource.path("name").asText() + (prefix ? "*" : ""));
                },
                acl ->
                    operations(acl)
                        .filter(operation -> !operation.startsWith("Describe"))
                        .collect(Collectors.toCollection(TreeSet::new))));
  }

  private static Stream<String> operations(JsonNode acl) {
    return Yaml.each(acl, "/operations").map(JsonNode::asText);
  }

  private static String literal(String type, String name) {
    return type + " " + name;
  }

  private static void allow(Map<String, Set<String>> needs, String resource, String operation) {
    needs.computeIfAbsent(resource, _ -> new TreeSet<>()).add(operation);
  }
}
