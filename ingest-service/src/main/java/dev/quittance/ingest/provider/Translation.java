package dev.quittance.ingest.provider;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.PaymentEvent;
import java.util.List;

/// What a provider's event means in our words.
public sealed interface Translation {

  /// It says something about a payment: one or more events about one order, in a fixed order.
  record Facts(List<PaymentEvent> events) implements Translation {
    public Facts {
      events = List.copyOf(events);
    }
  }

  /// It says a part; the rest takes a question to the provider ([LookUps#answer]), which is asked
  /// later and apart, so that it holds up nothing.
  ///
  /// @param events what holds already, about one order, in a fixed order; may be empty
  record Open(List<PaymentEvent> events) implements Translation {
    public Open {
      events = List.copyOf(events);
    }
  }

  /// It is none of our business.
  ///
  /// @param why a stable lower_snake word for metrics: `unknown_type`, `other_mode`, `setup_mode` …
  record Ignored(String why) implements Translation {

    /// As [#why] of an event whose type was never understood: no revision has ever made anything of
    /// it. A type that no longer means anything is ignored for another reason.
    public static final String UNKNOWN_TYPE = "unknown_type";

    /// As [#why] of an event about a payment that isn't the endpoint's, where several share an
    /// account. No revision has ever made anything of a neighbor's payment.
    public static final String OTHER_METADATA = "other_metadata";

    /// Whether no revision can have made anything of an event that is ignored for that, so that
    /// only a replay, which may follow a change of settings, has anything to take back.
    public static boolean always(String why) {
      return why.equals(UNKNOWN_TYPE) || why.equals(OTHER_METADATA);
    }
  }

  /// It should mean something but can't be understood.
  ///
  /// @param detail a sentence without content of the event
  record Untranslatable(DeadLetter.Why why, String detail) implements Translation {}

  /// It isn't of the provider's form.
  static Translation unreadable(String detail) {
    return new Untranslatable(DeadLetter.Why.UNREADABLE, detail);
  }

  /// It happened in a mode that the endpoint doesn't take.
  static Translation otherMode() {
    return new Ignored("other_mode");
  }

  /// Its type concerns no payment.
  static Translation unknownType() {
    return new Ignored(Ignored.UNKNOWN_TYPE);
  }
}
