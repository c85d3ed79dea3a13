package dev.quittance.messaging.outbox;

/// Watches an [OutboxRelay] or a [StatesRelay], for metrics and logs.
public interface RelayObserver {

  /// So many records were acknowledged by the brokers, and what they came from was deleted.
  ///
  /// @param relay its name, such as `quittance-fulfillment-outbox-0`
  void relayed(String relay, int records);

  /// Something could not be relayed for now; it is tried again.
  void notRelayed(String relay, Throwable cause);
}
