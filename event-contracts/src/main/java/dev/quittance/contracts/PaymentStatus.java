package dev.quittance.contracts;

/// How an order's payment stands, as shops know it.
public enum PaymentStatus {
  PENDING,
  PAID,
  FAILED,
  CANCELED,
  PARTIALLY_REFUNDED,
  REFUNDED,
  DISPUTED,
  CHARGED_BACK
}
