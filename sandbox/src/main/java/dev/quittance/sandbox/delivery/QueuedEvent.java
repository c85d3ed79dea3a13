package dev.quittance.sandbox.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.events.Provider;
import dev.quittance.sandbox.events.ProviderEvent;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An event on its way to its endpoint, with all attempts so far.
///
/// @param eventId the provider's id of the event
/// @param event the provider's name for what happened
/// @param order the order that it is about; null when none
/// @param email where the customer's receipts go; null when unknown
/// @param endpoint the URL that it is posted to
/// @param envelope the body before the first attempt
/// @param state how far it came
/// @param nextAtMs when the next attempt is due, in milliseconds since 1970; null when none is
/// @param attempts oldest first
public record QueuedEvent(
    String eventId,
    Provider provider,
    String event,
    @Nullable String order,
    @Nullable String email,
    String endpoint,
    ObjectNode envelope,
    State state,
    @Nullable Long nextAtMs,
    List<Attempt> attempts) {

  /// PaySuper tries 289 times; of more than that, the first ones say nothing new.
  private static final int ATTEMPTS_KEPT_MAX = 300;

  public QueuedEvent {
    attempts = List.copyOf(attempts);
  }

  static QueuedEvent of(ProviderEvent event, URI endpoint, State state, @Nullable Instant next) {
    return new QueuedEvent(
        event.id(),
        event.provider(),
        event.type(),
        event.order(),
        event.email(),
        endpoint.toString(),
        event.envelope(),
        state,
        next == null ? null : next.toEpochMilli(),
        List.of());
  }

  /// Whether the provider calls its delivery a success.
  public boolean delivered() {
    return state == State.DELIVERED;
  }

  /// How often the provider itself tried.
  int scheduled() {
    return (int)
        attempts.stream().filter(attempt -> attempt.cause() == Attempt.Cause.SCHEDULE).count();
  }

  ProviderEvent asEvent() {
    return new ProviderEvent(provider, eventId, event, order, email, envelope);
  }

  QueuedEvent with(Attempt attempt) {
    var more = new ArrayList<>(attempts);
    if (more.size() == ATTEMPTS_KEPT_MAX) {
      more.removeFirst();
    }
    more.add(attempt);
    return new QueuedEvent(
        eventId, provider, event, order, email, endpoint, envelope, state, nextAtMs, more);
  }

  /// The same, with what was tried when this event was sent before.
  QueuedEvent after(List<Attempt> earlier) {
    return new QueuedEvent(
        eventId, provider, event, order, email, endpoint, envelope, state, nextAtMs, earlier);
  }

  QueuedEvent in(State newState, @Nullable Instant next) {
    return new QueuedEvent(
        eventId,
        provider,
        event,
        order,
        email,
        endpoint,
        envelope,
        newState,
        next == null ? null : next.toEpochMilli(),
        attempts);
  }

  /// How far an event came.
  public enum State {
    /// No attempt was made yet.
    WAITING,
    /// The endpoint didn't take it; another attempt follows.
    RETRYING,
    /// The endpoint took it.
    DELIVERED,
    /// The provider doesn't try again.
    GIVEN_UP,
    /// The sandbox was asked to lose it.
    DROPPED
  }
}
