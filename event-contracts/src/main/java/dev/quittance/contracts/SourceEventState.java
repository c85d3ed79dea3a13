package dev.quittance.contracts;

/// All that decides which facts of one provider event count: the highest translations that said
/// something of each kind. Two states merge into one, in any order and any number of times, so that
/// translations, answers and withdrawals may arrive as they like. What doesn't count any more never
/// counts again, so it needn't be kept. (All but an unanswered question that an older answer hid,
/// when a translation between the two comes last: readers would have to keep each of them for that,
/// and a replay brings it back.)
///
/// - Of what webhooks say, only the highest translation counts.
/// - Of what was learned by asking, what is known counts before what is not, and then the highest
///   translation. It goes on counting while a higher translation's own question is open or
///   unanswered, so that a replay takes nothing away from an order for as long as a provider takes
///   to answer. A higher translation that had nothing to ask ends it.
/// - A withdrawal is a translation without facts.
///
/// Each is a revision, and 0 where there is none.
///
/// @param told the highest translation
/// @param closed the highest translation that had nothing to ask
/// @param known the highest translation that the provider answered
/// @param unknown the highest translation that the provider didn't answer
/// @param cleared the highest translation whose answer took back what it had said before it asked
public record SourceEventState(int told, int closed, int known, int unknown, int cleared) {

  /// Nothing was said.
  public static final SourceEventState NOTHING = new SourceEventState(0, 0, 0, 0, 0);

  /// What one fact says about the others of its provider event.
  public static SourceEventState ofFact(int translation, LookUpState lookUp) {
    return switch (lookUp) {
      case PENDING -> new SourceEventState(translation, 0, 0, 0, 0);
      case NONE -> new SourceEventState(translation, translation, 0, 0, 0);
      case UNKNOWN -> new SourceEventState(translation, 0, 0, translation, 0);
      case KNOWN -> new SourceEventState(translation, 0, translation, 0, 0);
    };
  }

  /// What a withdrawal says. One that was learned by asking takes back what the same translation
  /// said before it asked as well.
  public static SourceEventState ofWithdrawal(int translation, LookUpState lookUp) {
    return lookUp == LookUpState.KNOWN
        ? new SourceEventState(translation, 0, translation, 0, translation)
        : ofFact(translation, lookUp);
  }

  /// What both say.
  public SourceEventState merge(SourceEventState other) {
    return new SourceEventState(
        Math.max(told, other.told),
        Math.max(closed, other.closed),
        Math.max(known, other.known),
        Math.max(unknown, other.unknown),
        Math.max(cleared, other.cleared));
  }

  /// Whether a fact counts.
  public boolean counts(int translation, LookUpState lookUp) {
    return switch (lookUp) {
      case PENDING, NONE -> translation == told && (cleared == 0 || translation > cleared);
      case KNOWN -> translation == known && translation >= closed;
      case UNKNOWN ->
          translation == unknown
              && (closed == 0 || translation > closed)
              && (known == 0 || known < closed);
    };
  }
}
