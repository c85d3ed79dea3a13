package dev.quittance.fulfillment.broker;

/// The brokers don't answer, or not in time.
public final class BrokersUnavailable extends Exception {

  private static final long serialVersionUID = 1;

  BrokersUnavailable(Throwable cause) {
    super("The brokers can't be reached right now.", cause);
  }
}
