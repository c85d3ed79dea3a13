package dev.quittance.ingest.provider;

import dev.quittance.ingest.endpoint.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A payment provider. All knowledge of it lives in its own package.
public interface Provider {

  /// The name that endpoints are configured with.
  String name();

  /// The revision of its translation, from 1. Raised whenever the same bytes come to mean something
  /// else, so that a replay replaces what the older revision made of them.
  int revision();

  /// Checks a delivery's signature over the raw bytes. Never throws, whatever the input.
  ///
  /// @param header the value of a request header by its lower-case name; the values of a header
  ///   that was sent several times joined by `,`
  Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now);

  /// The settings that an endpoint of this provider understands besides those that all have, in
  /// kebab-case.
  default Set<String> settings() {
    return Set.of();
  }

  /// What is wrong with an endpoint's configuration, as a sentence that says what to set.
  default Optional<String> complaint(Endpoint endpoint) {
    return Optional.empty();
  }

  /// Whether its events say whether they are live. Where they don't, an endpoint's `MODE` has to be
  /// set to one of the two, and [Endpoint#livemode] is what its events are.
  default boolean tellsMode() {
    return true;
  }

  /// How long the provider waits for an answer, unless an endpoint sets another time: after that a
  /// delivery counts as failed, whatever we answer. At most [#PATIENCE_MAX].
  default Duration patience() {
    return PATIENCE_MAX;
  }

  /// What is promised to those who wait longer: the brokers have it by then, or it is a 503.
  Duration PATIENCE_MAX = Duration.ofSeconds(5);

  /// The top-level member of the body that names the event's type.
  default String typeMember() {
    return "type";
  }

  /// The event's id, from where this provider puts it: the same at every repetition of one event,
  /// and no other event's. Empty where it isn't there; then the body's digest stands for it.
  ///
  /// @param header as in [#verify]
  Optional<String> eventId(Function<String, @Nullable String> header, byte[] body);

  /// The events of a delivery that holds several, about one order or many, in their order. None
  /// where the delivery is one event, or holds nothing that is one: then it is translated as a
  /// whole. A pure function; never throws.
  ///
  /// Such a delivery has no id of its own ([#eventId] is empty, so that its body's digest stands
  /// for it); its events have.
  default List<DeliveredEvent> events(Webhook delivery) {
    return List.of();
  }

  /// In which of its formats the provider wrote a body, so that two bodies of one event id can be
  /// compared: 1 to 64 printable ASCII characters. Empty for what the provider didn't send as a
  /// webhook. Never throws.
  default Optional<String> bodyFormat(Webhook webhook) {
    return Optional.of("1");
  }

  /// Whether an event is a question that this endpoint answers with no (422). Most events are no
  /// questions.
  ///
  /// @param type the event's type, if the edge found one
  default boolean declines(Endpoint endpoint, Optional<String> type) {
    return false;
  }

  /// Says in our words what an event means. A pure function; never throws, whatever the bytes.
  Translation translate(Webhook webhook, Endpoint endpoint);

  /// What it can be asked for that its webhooks leave open, if it is asked at all.
  default Optional<LookUps> lookUps() {
    return Optional.empty();
  }

  /// How to learn of events that never reached us, where the provider can be asked for them.
  default Optional<MissedEvents> missedEvents(Endpoint endpoint) {
    return Optional.empty();
  }

  /// How refunds are asked for, where the provider has an API for them and the endpoint a key.
  default Optional<Refunds> refunds(Endpoint endpoint) {
    return Optional.empty();
  }

  /// How to ask about a single checkout, where the provider can be asked.
  default Optional<Checkouts> checkouts(Endpoint endpoint) {
    return Optional.empty();
  }

  /// What of this provider's API an endpoint can use.
  default ApiAccess apiAccess(Endpoint endpoint) {
    return ApiAccess.NONE;
  }

  /// Whether an endpoint takes payments of accounts that are connected to its own; else they are
  /// ignored.
  default boolean takesConnectedAccounts(Endpoint endpoint) {
    return false;
  }

  /// The conditions that a payment has to meet to be the endpoint's, where several share its
  /// account; none where all are.
  default List<String> takesOnly(Endpoint endpoint) {
    return List.of();
  }

  /// The provider's event types that have to be sent to an endpoint with these settings, where one
  /// can choose; else none.
  default List<String> eventsToRegister(Endpoint endpoint) {
    return List.of();
  }

  /// A delivery of the type [Sample#TYPE], in test mode and signed with the first of the endpoint's
  /// secrets.
  ///
  /// @param nonce 1 to 64 letters and digits, so that no two samples are the same event
  Sample sample(Endpoint endpoint, String nonce, Instant now);

  /// Whether the provider's API can be asked.
  enum ApiAccess {
    /// The provider has none that is used here.
    NONE,
    /// It has one, but the endpoint has no key.
    NO_KEY,
    KEY
  }
}
