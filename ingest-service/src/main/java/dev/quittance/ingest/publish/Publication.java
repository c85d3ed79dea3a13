package dev.quittance.ingest.publish;

/// What became of a webhook that was to be published.
public sealed interface Publication {

  /// Every in-sync replica has it.
  record Safe(int partition, long offset) implements Publication {}

  /// Nobody knows whether it is safe, so it counts as lost; the provider will send it again.
  record NotSafe(Why why) implements Publication {}

  /// Why a webhook isn't known to be safe.
  enum Why {
    /// The brokers don't take the records as fast as they come.
    OVERFLOW,
    /// No acknowledgement in time: brokers down, cut off, too few of them, or too slow.
    NO_ACK,
    /// The brokers refuse it: rights, sizes, a topic that isn't there.
    REFUSED
  }
}
