package dev.quittance.ingest.provider;

import java.time.Instant;

/// The checkouts of one endpoint, which the provider can be asked about one by one: for customers
/// who return before the webhook comes.
public interface Checkouts {

  /// Whether a text has the form of the id of a checkout that counts at this endpoint. Says nothing
  /// about whether there is one.
  boolean mayBe(String session);

  /// Asks how a checkout stands. Blocks for as long as the provider takes; never throws.
  ///
  /// @param now when the answer counts as received
  Report report(String session, Instant now);

  /// How a checkout stands.
  sealed interface Report {

    /// It is decided: this is the event that its webhook would bring, with an id of its own that is
    /// the same however often it is asked for. The fold counts the two only once, by effect.
    record Decided(Webhook event) implements Report {}

    /// The customer hasn't finished it.
    record Open() implements Report {}

    /// The provider knows no such checkout, or won't tell.
    record Unknown() implements Report {}

    /// The provider can't tell now.
    ///
    /// @param why a stable lower_snake word for logs
    record NotNow(String why) implements Report {}
  }
}
