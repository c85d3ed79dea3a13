package dev.quittance.fulfillment.crash;

/// Where a process may die, in the order in which a record comes by.
enum CrashPoint {
  /// The provider events are claimed, nothing is folded.
  AFTER_CLAIM,
  /// The state is folded, nothing of it is written.
  AFTER_FOLD_BEFORE_WRITE,
  /// A command is decided, and not recorded.
  DURING_COMMAND,
  /// All is written, and the commit that would go with it never comes.
  BEFORE_COMMIT,
  /// All is committed, nothing is published.
  AFTER_COMMIT,
  /// A poison record is counted, its dead letter not written.
  BEFORE_DEAD_LETTER,
  /// Its dead letter is written, its offset not committed.
  AFTER_DEAD_LETTER,
  /// The batch is done, its offsets are not committed.
  BEFORE_OFFSET_COMMIT,
  /// The offsets are committed.
  AFTER_OFFSET_COMMIT,
  /// The relay has read rows and sent none.
  BEFORE_PUBLISH,
  /// Some of a batch's records are with the brokers, others are not.
  IN_MID_RELAY,
  /// The brokers have the records, the outbox has the rows.
  AFTER_PUBLISH_BEFORE_DELETE,
  /// The rows are gone.
  AFTER_DELETE,
  /// Some states of a transaction are with the brokers, it isn't committed.
  IN_MID_STATES,
  /// The states are published, and still marked as due.
  AFTER_STATES_BEFORE_DELETE
}
