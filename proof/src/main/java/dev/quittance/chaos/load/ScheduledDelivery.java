package dev.quittance.chaos.load;

import dev.quittance.sandbox.events.ProviderEvent;
import java.time.Duration;

/// An event and when a provider comes with it.
///
/// @param after the beginning of its order
/// @param again how long after its acceptance it is told once more; zero for never
record ScheduledDelivery(ProviderEvent event, Duration after, Duration again) {}
