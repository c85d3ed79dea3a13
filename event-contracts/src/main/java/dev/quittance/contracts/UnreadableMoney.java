package dev.quittance.contracts;

import org.jspecify.annotations.Nullable;

/// An amount or a currency that can't be represented exactly. The message holds no amount.
public final class UnreadableMoney extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  UnreadableMoney(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
