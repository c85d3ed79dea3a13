package dev.quittance.messaging.deadletter;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/// Where a dead letter stands, which is its name: `{dead-letter topic}:{partition}:{offset}`.
public record DeadLetterId(String topic, int partition, long offset)
    implements Comparable<DeadLetterId> {

  /// Kafka's own limits: 249 characters of a topic's name, 31 bits of partition, 63 of offset.
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9._-]{1,249}):([0-9]{1,9}):([0-9]{1,18})");

  private static final Comparator<DeadLetterId> ORDER =
      Comparator.comparing(DeadLetterId::topic)
          .thenComparingInt(DeadLetterId::partition)
          .thenComparingLong(DeadLetterId::offset);

  /// Reads what [#toString] writes.
  public static Optional<DeadLetterId> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new DeadLetterId(
                matcher.group(1),
                Integer.parseInt(matcher.group(2)),
                Long.parseLong(matcher.group(3))))
        : Optional.empty();
  }

  TopicPartition place() {
    return new TopicPartition(topic, partition);
  }

  @Override
  public int compareTo(DeadLetterId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topic + ":" + partition + ":" + offset;
  }
}
