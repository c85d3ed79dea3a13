package dev.quittance.ingest.translate;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Which records of which partitions are taken and which are done, where they are done out of
/// order. Only what has nothing unfinished before it may be committed.
///
/// For one thread.
final class OffsetTracker {

  private static final class Progress {
    private final TreeSet<Long> unfinished = new TreeSet<>();
    private long next;
    private long committed;
  }

  /// Whatever was committed before, it was less.
  private static final long NEVER = -1;

  private final Map<TopicPartition, Progress> partitions = new HashMap<>();

  void taken(TopicPartition partition, long offset) {
    Progress progress = progress(partition, offset, offset);
    progress.unfinished.add(offset);
    progress.next = offset + 1;
  }

  /// Nothing that could be taken stands before this offset: what was passed over on the way to it
  /// are the marks that transactions leave in the log, or aborted records.
  void reached(TopicPartition partition, long offset) {
    Progress progress = progress(partition, offset, NEVER);
    progress.next = Math.max(progress.next, offset);
  }

  private Progress progress(TopicPartition partition, long offset, long committed) {
    return partitions.computeIfAbsent(
        partition,
        _ -> {
          var begun = new Progress();
          begun.committed = committed;
          begun.next = offset;
          return begun;
        });
  }

  /// A record of a partition that was given up in the meantime is no longer ours.
  void done(TopicPartition partition, long offset) {
    Progress progress = partitions.get(partition);
    if (progress != null) {
      progress.unfinished.remove(offset);
    }
  }

  /// What may be committed and isn't yet.
  Map<TopicPartition, OffsetAndMetadata> committable() {
    var committable = new HashMap<TopicPartition, OffsetAndMetadata>();
    partitions.forEach((partition, progress) -> {
      long reached = progress.unfinished.isEmpty() ? progress.next : progress.unfinished.first();
      if (reached > progress.committed) {
        committable.put(partition, new OffsetAndMetadata(reached));
      }
    });
    return committable;
  }

  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, offset) -> {
      Progress progress = partitions.get(partition);
      if (progress != null) {
        progress.committed = offset.offset();
      }
    });
  }

  void givenUp(Collection<TopicPartition> revoked) {
    partitions.keySet().removeAll(revoked);
  }

  void clear() {
    partitions.clear();
  }
}
