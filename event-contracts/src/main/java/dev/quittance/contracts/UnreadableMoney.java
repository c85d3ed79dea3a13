package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// An amount or a currency that can't be represented exactly, or that is none. The message holds no
/// amount.
public final class UnreadableMoney extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /// @param message what it is, without the amount: it goes on after "the event holds"
  public UnreadableMoney(String message) {
    this(message, null);
  }

  UnreadableMoney(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
