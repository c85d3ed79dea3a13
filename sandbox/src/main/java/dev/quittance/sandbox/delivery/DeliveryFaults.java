package dev.quittance.sandbox.delivery;

import dev.quittance.sandbox.problem.Refusal;

/// How badly the sandbox delivers, to see what the endpoint makes of it.
///
/// @param duplicatePercent how many of a hundred events are delivered twice at the same time
/// @param reorderPercent how many are overtaken by those that come after them
/// @param dropPercent how many are lost, and never tried again by themselves
/// @param delayMs how long every event is held back, in milliseconds
public record DeliveryFaults(
    int duplicatePercent, int reorderPercent, int dropPercent, int delayMs) {

  /// None.
  public static final DeliveryFaults GOOD = new DeliveryFaults(0, 0, 0, 0);

  /// Longer than anybody wants to wait to see something.
  private static final int DELAY_MS_MAX = 600_000;

  public DeliveryFaults {
    percent(duplicatePercent, "duplicate");
    percent(reorderPercent, "reorder");
    percent(dropPercent, "drop");
    if (delayMs < 0 || delayMs > DELAY_MS_MAX) {
      throw Refusal.badRequest("The delay is from 0 to " + DELAY_MS_MAX + " ms.");
    }
  }

  private static void percent(int value, String name) {
    if (value < 0 || value > 100) {
      throw Refusal.badRequest("Of a hundred events, 0 to 100 can be chosen to " + name + ".");
    }
  }
}
