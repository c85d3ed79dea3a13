package dev.quittance.contracts;

import java.util.List;

/// The consumer groups of Quittance's own services, and what each reads.
public enum ConsumerGroup {
  TRANSLATE("quittance-translate", List.of(Topic.WEBHOOKS), true),
  FULFILLMENT(
      "quittance-fulfillment", List.of(Topic.PAYMENT_EVENTS, Topic.FULFILLMENT_COMMANDS), false),
  RECEIPTS("quittance-receipts", List.of(Topic.PAYMENT_EVENTS, Topic.FULFILLMENT_LETTERS), false);

  private final String name;
  private final List<Topic> reads;
  private final boolean parks;

  ConsumerGroup(String name, List<Topic> reads, boolean parks) {
    this.name = name;
    this.reads = reads;
    this.parks = parks;
  }

  /// The `group.id`.
  public String groupName() {
    return name;
  }

  /// The topics that the group is subscribed to.
  public List<Topic> reads() {
    return reads;
  }

  /// Whether the group parks work on a retry topic.
  boolean parks() {
    return parks;
  }
}
