package dev.quittance.contracts;

/// What a record of [Topic#PAYMENT_EVENTS] is.
public sealed interface PaymentMessage {

  /// It says something about a payment.
  record Fact(PaymentFact fact) implements PaymentMessage {}

  /// It takes back what lower translations made of a provider's event.
  ///
  /// @param sourceEvent what the ids of the event's facts share
  record Withdrawal(String sourceEvent, int translation, LookUpState lookUp)
      implements PaymentMessage {

    /// What it says about the facts of its provider event.
    public SourceEventState state() {
      return SourceEventState.ofWithdrawal(translation, lookUp);
    }
  }

  /// It is none of our business.
  record Foreign() implements PaymentMessage {}

  /// Reads a record.
  ///
  /// @throws UnreadableEvent when it isn't what its type says
  /// @throws NewerEvent when only a newer version knows its type
  static PaymentMessage read(CloudEvent event) {
    if (event.type().equals(PaymentWithdrawn.TYPE)) {
      PaymentWithdrawn withdrawn = event.data(PaymentWithdrawn.class);
      if (!event.id().equals(withdrawn.id())) {
        throw new UnreadableEvent("the data is not about ce_id");
      }
      return new Withdrawal(event.id().sourceEvent(), event.translation(), event.lookUp());
    }
    if (PaymentEventType.isNewer(event.type())) {
      throw new NewerEvent(event.type());
    }
    return PaymentEventType.named(event.type()).isPresent()
        ? new Fact(PaymentFact.read(event))
        : new Foreign();
  }
}
