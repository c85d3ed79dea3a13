package dev.quittance.messaging.outbox;

/// The brokers refuse a record for what it is: too large, for example.
final class RefusedRecord extends Exception {

  private static final long serialVersionUID = 1;

  RefusedRecord(Throwable cause) {
    super(cause);
  }
}
