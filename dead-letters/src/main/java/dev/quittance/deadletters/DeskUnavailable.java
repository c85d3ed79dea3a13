package dev.quittance.deadletters;

/// The brokers don't answer, or don't let us. The message is a sentence.
public final class DeskUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  DeskUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  DeskUnavailable(String message) {
    super(message);
  }
}
