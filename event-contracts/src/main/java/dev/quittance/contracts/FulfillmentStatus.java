package dev.quittance.contracts;

/// How an order's fulfilment stands.
public enum FulfillmentStatus {
  NOT_DUE,
  DUE,
  ON_HOLD,
  PARTIALLY_FULFILLED,
  FULFILLED,
  CANCELED,
  REVERSAL_DUE,
  REVERSED
}
