package dev.quittance.contracts;

/// How an order's payment stands, as shops know it.
public enum PaymentStatus {
  PENDING,
  PAID,
  FAILED,
  CANCELED,
  PARTIALLY_REFUNDED,
  REFUNDED,
  /// The money was there and is gone again: a debit bounced.
  REVERSED,
  DISPUTED,
  CHARGED_BACK
}
