package dev.quittance.chaos.fault;

import java.util.Locale;

/// What can be broken.
public enum Part {
  INGEST,
  FULFILLMENT,
  RECEIPTS,
  BROKER,
  DATABASE,
  MAIL,
  API;

  /// Its name in tables and histories.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
