package dev.quittance.contracts;

import java.util.Comparator;

/// A payment event as it is kept: with its id, the revision of the translator that made it, and how
/// far the provider was asked for it.
public record PaymentFact(EventId id, int translation, LookUpState lookUp, PaymentEvent event) {

  /// A fact that nobody was asked for.
  public PaymentFact(EventId id, int translation, PaymentEvent event) {
    this(id, translation, LookUpState.NONE, event);
  }

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
    return new PaymentFact(event.id(), event.translation(), event.lookUp(), data);
  }

  /// Whether it takes the place of another fact of the same id, where both count: what the provider
  /// told goes before what is only said until it is asked, also by a later translation, so that
  /// asking anew takes nothing away.
  public boolean outranks(PaymentFact other) {
    return outranks(translation, lookUp, other.translation, other.lookUp);
  }

  /// The same, of facts that are known by these alone.
  public static boolean outranks(
      int translation, LookUpState lookUp, int otherTranslation, LookUpState otherLookUp) {
    boolean told = lookUp == LookUpState.KNOWN;
    if (told != (otherLookUp == LookUpState.KNOWN)) {
      return told;
    }
    return translation == otherTranslation
        ? lookUp.compareTo(otherLookUp) > 0
        : translation > otherTranslation;
  }

  @Override
  public String toString() {
    return "PaymentFact[" + id + ", " + event.type() + "]";
  }
}
