package dev.quittance.ingest.provider;

import org.jspecify.annotations.Nullable;

/// What came of a question to a provider.
public sealed interface LookUpAnswer {

  /// The provider answered: that is how it stays.
  ///
  /// @param translation never a [Translation.Open]
  record Final(Translation translation) implements LookUpAnswer {}

  /// The provider won't say, or can't be asked: that is what holds without it, and how it stays
  /// until somebody asks again.
  ///
  /// @param translation never a [Translation.Open]
  record Unanswered(Translation translation) implements LookUpAnswer {}

  /// The provider can't say now: too many questions, an outage, no answer in time.
  ///
  /// @param why a stable lower_snake word for logs and metrics
  /// @param otherwise what holds, besides the events of the [Translation.Open], should nobody ask
  ///   again: what was answered before the provider fell silent, and that the rest is unknown.
  ///   Absent where nothing was answered; never a [Translation.Open]
  record NotNow(String why, @Nullable Translation otherwise) implements LookUpAnswer {}

  /// The provider doesn't let us ask, and without an answer the event means nothing: so it waits
  /// for somebody who mends the key, much longer than for an outage's end.
  ///
  /// @param why a stable lower_snake word for logs and metrics
  record NoAccess(String why) implements LookUpAnswer {}
}
