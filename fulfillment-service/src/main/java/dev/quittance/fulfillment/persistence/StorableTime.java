package dev.quittance.fulfillment.persistence;

import java.time.Instant;

/// What the database has a time for: years of four digits. PostgreSQL knows some more, a Java time
/// a million times as many.
public final class StorableTime {

  private static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

  private StorableTime() {}

  /// Whether the database can be asked about this time.
  public static boolean covers(Instant time) {
    return !time.isBefore(MIN) && time.isBefore(END);
  }
}
