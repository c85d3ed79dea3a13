package dev.quittance.console;

import dev.quittance.fulfillment.persistence.Audit;

/// What came of something that was asked for by a page.
///
/// @param status as HTTP has it
/// @param sentence what to tell the person
public record ActionResult(int status, String sentence) {

  public boolean done() {
    return status < 300;
  }

  /// As the audit says it.
  public String outcome() {
    return done() ? Audit.DONE : status >= 500 ? "unknown" : Audit.REFUSED;
  }
}
