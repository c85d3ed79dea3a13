package dev.quittance.receipts.mail;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// A pile of letters of one kind: where they are claimed, how one of them is tried, and where it is
/// written down what became of it.
///
/// @param <S> a letter in hand, claimed and leased
/// @param <R> what it has come to
public interface Desk<S, R> {

  /// What became of an attempt.
  ///
  /// @param item what was tried
  /// @param result what it has come to by that
  /// @param defect what went wrong on our side, if anything did
  record Attempt<S, R>(S item, R result, Reply reply, Optional<Throwable> defect) {}

  /// Takes letters under a lease, the longest due first.
  ///
  /// @param orphans whether letters are taken too whose lease has run out
  /// @param held what is in hand already: it isn't taken again, though its lease may have run out
  /// @param trial whether the server is only tried with a letter now and then: those go first that
  ///   were tried least, so that a heap of refused ones doesn't hide one that would be taken
  List<S> claim(int limit, boolean orphans, Collection<S> held, boolean trial) throws SQLException;

  /// Prolongs the leases of what is in hand, as far as nobody else has taken it.
  void renew(List<S> held) throws SQLException;

  /// Gives up the leases of what is in hand and wasn't tried: it is due as before.
  void giveBack(List<S> untried) throws SQLException;

  /// Tries once. The stage never fails.
  CompletionStage<Attempt<S, R>> attempt(S item);

  /// What an attempt comes to that ended in a defect instead of an outcome.
  Attempt<S, R> failed(S item, Throwable defect);

  /// Writes down what letters have come to, all or none. It may be called again with the same ones.
  void settle(List<R> results) throws SQLException;

  /// Called for each attempt once it is written down.
  void settled(R result, Reply reply);
}
