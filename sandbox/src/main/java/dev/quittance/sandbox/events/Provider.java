package dev.quittance.sandbox.events;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Whom the sandbox pretends to be.
public enum Provider {
  STRIPE,
  PAYSUPER,
  /// A system of the shop's own, by Standard Webhooks.
  STANDARD;

  /// Its name, which is also that of its webhook endpoint and of its account.
  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
