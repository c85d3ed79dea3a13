package dev.quittance.contracts;

import java.util.Comparator;

/// A payment event as it is kept: with its id, and the revision of the translator that made it.
public record PaymentFact(EventId id, int translation, PaymentEvent event) {

  /// By the provider's time, then by id: the tie-breakers of the fold.
  public static final Comparator<PaymentFact> BY_TIME =
      Comparator.comparing((PaymentFact fact) -> fact.event().about().occurredAt())
          .thenComparing(PaymentFact::id);

  /// Reads a canonical payment event from the wire.
  ///
  /// @throws UnreadableEvent when the type isn't a payment event's, the data isn't of its shape, or
  ///   the data is about another order than the record's subject
  public static PaymentFact read(CloudEvent event) {
    PaymentEventType type =
        PaymentEventType.named(event.type())
            .orElseThrow(() -> new UnreadableEvent("no payment event"));
    PaymentEvent data = event.data(type.shape());
    if (data.about() == null || !event.subject().equals(data.about().order())) {
      throw new UnreadableEvent("the data is not about ce_subject");
    }
    return new PaymentFact(event.id(), event.translation(), data);
  }

  @Override
  public String toString() {
    return "PaymentFact[" + id + ", " + event.type() + "]";
  }
}
