package dev.quittance.sandbox.trigger;

import dev.quittance.sandbox.events.ProviderEvent;
import java.util.List;

/// Makes an event happen at a provider.
interface Scenario {

  /// What a run tells, in the order in which it happened; the event that was asked for is the last.
  ///
  /// @param given ids of an earlier payment, or ids that a new payment is to have
  List<ProviderEvent> run(KnownEvent wanted, Overrides overrides, GivenIds given);
}
