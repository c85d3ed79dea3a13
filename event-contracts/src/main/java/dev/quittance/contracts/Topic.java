package dev.quittance.contracts;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The topics that others may rely on: the one source of their names, partitions and retention.
/// Partition counts are fixed at creation, because a key must keep its partition.
public enum Topic {
  /// What the providers said, byte for byte, keyed `{endpoint}:{event id}`. The source of truth.
  WEBHOOKS("payments.webhooks.v1", Keeping.REPLAYABLE),
  /// What it means, in our words, keyed by order.
  PAYMENT_EVENTS("payments.events.v1", Keeping.REPLAYABLE),
  /// Fulfilment and order events, keyed by order, `ce_sequence` increasing.
  FULFILLMENT_EVENTS("fulfillment.events.v1", Keeping.REPLAYABLE),
  /// The latest state of every order, keyed by order; of several in a moment only the last.
  FULFILLMENT_ORDERS("fulfillment.orders.v1", Keeping.LATEST),
  /// What other services ask of an order, keyed by order.
  FULFILLMENT_COMMANDS("fulfillment.commands.v1", Keeping.REPLAYABLE),
  /// What only receipt-service may know of fulfilment: delivered codes and erased customers, keyed
  /// by order. No subscriber gets to read it.
  FULFILLMENT_LETTERS("fulfillment.letters.v1", Keeping.REPLAYABLE),
  /// What became of receipts, keyed by order.
  RECEIPT_EVENTS("receipts.events.v1", Keeping.REPLAYABLE);

  /// Enough for twelve consumers of a group; each costs the brokers a file handle and little else.
  public static final int PARTITIONS = 12;

  /// Stripe can list events for 30 days; five more to act on what is found.
  public static final Duration RETENTION = Duration.ofDays(35);

  /// The brokers delete and compact whole segments only, never the one that is written to. With
  /// their default of a week a record of a quiet partition would be 42 days old before it went.
  public static final Duration SEGMENT = Duration.ofDays(1);

  /// What a key's newer state replaced is gone this much after its segment ended: the states that
  /// still named an erased customer.
  public static final Duration COMPACTED_WITHIN = Duration.ofDays(7);

  private enum Keeping {
    REPLAYABLE,
    LATEST
  }

  private final String name;
  private final Keeping keeping;

  Topic(String name, Keeping keeping) {
    this.name = name;
    this.keeping = keeping;
  }

  /// For example `payments.events.v1`.
  public String topicName() {
    return name;
  }

  /// How the topic is to be created.
  public Spec spec() {
    return new Spec(name, PARTITIONS, settings(keeping));
  }

  /// Where a consumer group puts what it can't process from this topic.
  public String deadLetters(ConsumerGroup group) {
    return name + "." + group.groupName() + ".dlq";
  }

  /// Every topic that Quittance needs, dead letters included.
  public static List<Spec> all() {
    return Stream.concat(
            Arrays.stream(values()).map(Topic::spec),
            Arrays.stream(ConsumerGroup.values())
                .flatMap(group ->
                    group.reads().stream()
                        .flatMap(topic ->
                            group.parks()
                                ? Stream.of(
                                    kept(topic.deadLetters(group)), kept(topic.retries(group)))
                                : Stream.of(kept(topic.deadLetters(group))))))
        .toList();
  }

  /// Where a consumer group parks what it will try again later, so that it holds up nothing else.
  public String retries(ConsumerGroup group) {
    return name + "." + group.groupName() + ".retry";
  }

  private static Spec kept(String name) {
    return new Spec(name, PARTITIONS, settings(Keeping.REPLAYABLE));
  }

  private static Map<String, String> settings(Keeping keeping) {
    String segment = Long.toString(SEGMENT.toMillis());
    return switch (keeping) {
      case REPLAYABLE ->
          Map.of(
              "cleanup.policy",
              "delete",
              "retention.ms",
              Long.toString(RETENTION.toMillis()),
              "segment.ms",
              segment);
      case LATEST ->
          Map.of(
              "cleanup.policy",
              "compact",
              "max.compaction.lag.ms",
              Long.toString(COMPACTED_WITHIN.toMillis()),
              "segment.ms",
              segment);
    };
  }

  /// How a topic is to be created.
  ///
  /// @param settings broker-side topic settings by their Kafka names
  public record Spec(String name, int partitions, Map<String, String> settings) {}
}
