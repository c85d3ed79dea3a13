package dev.quittance.contracts;

/// A record on the wire that isn't what it should be. The message holds no content of it.
public final class UnreadableEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// @param message what is wrong, without content
  public UnreadableEvent(String message) {
    super(message);
  }
}
