package dev.quittance.messaging.inbox;

/// The intake was interrupted before its batch was committed: nothing may be acknowledged.
public final class IntakeStopped extends RuntimeException {

  private static final long serialVersionUID = 1;

  IntakeStopped(InterruptedException cause) {
    super("the intake was stopped before its batch was committed", cause);
  }
}
