package dev.quittance.fulfillment.clients;

/// What came of a question to another service.
public sealed interface ServiceReply<T> {

  /// It said.
  record Got<T>(T value) implements ServiceReply<T> {}

  /// It says no.
  ///
  /// @param code its problem's code, or the status
  /// @param sentence its own, for people
  record Refused<T>(int status, String code, String sentence) implements ServiceReply<T> {}

  /// It can't be reached, or says nothing that can be read. Whether it did what was asked is
  /// unknown.
  record Away<T>(String sentence) implements ServiceReply<T> {}
}
