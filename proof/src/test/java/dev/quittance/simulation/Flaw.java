package dev.quittance.simulation;

/// Mistakes that systems of this kind are known to make. The simulation is worth something only if
/// it finds each of them.
enum Flaw {
  /// The provider gets its 200 before the brokers have the event.
  ANSWER_BEFORE_THE_BROKERS,
  /// The translator commits its offsets before its answers are safe.
  TRANSLATED_OFFSETS_FIRST,
  /// The intake commits its offsets before the database's transaction.
  OFFSETS_BEFORE_TRANSACTION,
  /// Orders are read and written without being locked.
  NO_ORDER_LOCK,
  /// What was told is taken from the state in hand instead of being stored with the order.
  TOLD_IS_FORGOTTEN,
  /// The relay remembers the last row that it has seen and goes on behind it.
  RELAY_KEEPS_A_CURSOR,
  /// The relay deletes rows before the brokers have them.
  DELETE_BEFORE_PUBLISH,
  /// After a failure the relay goes on with later rows.
  LATER_ROWS_OVERTAKE,
  /// A stalled publisher of states isn't fenced off.
  NO_FENCE,
  /// States are read before the producer is opened that fences others off.
  STATES_READ_BEFORE_THE_FENCE,
  /// A state is published while events that it holds are still in the outbox.
  STATES_BEFORE_THEIR_EVENTS,
  /// With a published state, marks are deleted that were set after it was read.
  NEWER_MARKS_ARE_DELETED,
  /// Whoever looks for work takes letters that another is sending.
  LEASE_IS_IGNORED,
  /// A receipt is marked as sent before it is.
  SENT_BEFORE_SENDING,
  /// Every attempt is a message of its own.
  MESSAGE_ID_PER_ATTEMPT,
  /// Receipt numbers are taken outside the transaction that uses them.
  NUMBERS_TAKEN_APART,
  /// What the provider answers is dropped, because its id was there before it was asked.
  ANSWERS_ARE_TAKEN_FOR_REPETITIONS,
  /// What a translation takes back stays.
  WITHDRAWALS_ARE_IGNORED,
  /// A translator leaves out what was set aside and let go.
  RELEASES_ARE_LEFT_OUT,
  /// A translator takes an amount in the charged currency for one in the order's.
  CURRENCIES_ARE_MIXED_UP,
  /// A translator doesn't say which attempt bounced, so that a later one's money is gone as well.
  ATTEMPTS_ARE_FORGOTTEN
}
