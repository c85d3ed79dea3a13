package dev.quittance.deadletters;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/// Where a dead letter stands, which is its name: `{dead-letter topic}:{partition}:{offset}`.
public record LetterId(String topic, int partition, long offset) implements Comparable<LetterId> {

  /// Kafka's own limits: 249 characters of a topic's name, 31 bits of partition, 63 of offset.
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9._-]{1,249}):([0-9]{1,9}):([0-9]{1,18})");

  private static final Comparator<LetterId> ORDER =
      Comparator.comparing(LetterId::topic)
          .thenComparingInt(LetterId::partition)
          .thenComparingLong(LetterId::offset);

  /// Reads what [#toString] writes.
  public static Optional<LetterId> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new LetterId(
                matcher.group(1),
                Integer.parseInt(matcher.group(2)),
                Long.parseLong(matcher.group(3))))
        : Optional.empty();
  }

  TopicPartition place() {
    return new TopicPartition(topic, partition);
  }

  @Override
  public int compareTo(LetterId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topic + ":" + partition + ":" + offset;
  }
}
