package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// At the end of every class of tests: whatever the services and the subscribers have written since
/// the last one is an event of its topic and keeps to its schema. Webhooks are others' bytes.
public final class EveryRecordKeepsItsSchema implements AfterAllCallback {

  /// Who writes by our contracts. Tests that send rubbish on purpose give it no such source.
  private static final List<String> WRITERS = List.of("/quittance/", "/shipping");

  /// Tests of documents and manifests bring no record about.
  private static final String ROOM = RunningStack.class.getPackageName();

  private static final Map<Topic, Topics.Place> READ_SO_FAR = new EnumMap<>(Topic.class);

  @Override
  public void afterAll(ExtensionContext context) {
    if (context.getRequiredTestClass().getPackageName().startsWith(ROOM)) {
      RunningStack.running().ifPresent(stack -> faultsSince(stack.topics()));
    }
  }

  private static synchronized void faultsSince(Topics topics) {
    var faults = new ArrayList<String>();
    Arrays.stream(Topic.values())
        .filter(topic -> topic != Topic.WEBHOOKS)
        .forEach(topic -> {
          Topics.Place place = READ_SO_FAR.computeIfAbsent(topic, _ -> new Topics.Place());
          topics.since(topic.topicName(), place).forEach(record -> faults.addAll(faults(record)));
        });
    assertThat(faults).as("what the records written meanwhile have wrong").isEmpty();
  }

  /// A tombstone is no event, and one that names no writer of ours isn't ours.
  private static List<String> faults(ConsumerRecord<byte[], byte[]> record) {
    String source = Objects.requireNonNullElse(Topics.header(record, "ce_source"), "");
    if (record.value() == null || WRITERS.stream().noneMatch(source::startsWith)) {
      return List.of();
    }
    CloudEvent event = Topics.event(record);
    var faults = new ArrayList<>(Schemas.faults(event));
    if (!Channels.carry(record.topic(), event.type())) {
      faults.add("is none of its topic's types");
    }
    if (!event.subject().value().equals(new String(record.key(), StandardCharsets.UTF_8))) {
      faults.add("is not keyed by its order");
    }
    return faults.stream()
        .map(fault ->
            "%s-%d@%d %s %s"
                .formatted(
                    record.topic(), record.partition(), record.offset(), event.type(), fault))
        .toList();
  }
}
