package dev.quittance.messaging.deadletter;

/// The brokers don't answer, or don't let us. The message is a sentence.
public final class BrokerUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  BrokerUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  BrokerUnavailable(String message) {
    super(message);
  }
}
