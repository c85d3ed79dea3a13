package dev.quittance.inboxoutbox;

/// Watches an [OutboxRelay], for metrics and logs.
public interface RelayObserver {

  /// So many rows were acknowledged by the brokers and deleted.
  void relayed(int shard, int rows);

  /// A shard could not be relayed for now; it is tried again.
  void failing(int shard, Throwable cause);
}
