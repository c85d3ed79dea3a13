package dev.quittance.ingest.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events of one endpoint whose delivery failed, as the provider lists them. They need no
/// order, because nothing behind us does.
public interface MissedEvents {

  /// How far back the provider remembers.
  Duration reach();

  /// One page of events that happened since a moment.
  ///
  /// @param cursor null for the first page
  /// @param now when they count as received
  /// @throws Unavailable when the provider can't or won't tell
  Page page(Instant since, @Nullable String cursor, Instant now) throws Unavailable;

  /// Some of the events.
  ///
  /// @param events with their origin `recovered` and the ids that their webhooks would have had
  /// @param occurredAt when the oldest of them happened, by the provider's clock
  /// @param next the cursor of the next page, or null after the last
  record Page(List<Webhook> events, @Nullable Instant occurredAt, @Nullable String next) {
    public Page {
      events = List.copyOf(events);
    }
  }

  /// The provider can't or won't tell.
  final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    /// @param why without content or secrets
    public Unavailable(String why) {
      super(why);
    }
  }
}
