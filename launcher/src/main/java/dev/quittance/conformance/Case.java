package dev.quittance.conformance;

import static dev.quittance.contracts.FulfillmentStatus.CANCELED;
import static dev.quittance.contracts.FulfillmentStatus.DUE;
import static dev.quittance.contracts.FulfillmentStatus.NOT_DUE;
import static dev.quittance.contracts.FulfillmentStatus.ON_HOLD;

import dev.quittance.contracts.FulfillmentEvent;
import dev.quittance.contracts.FulfillmentEventType;
import dev.quittance.contracts.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One thing that happens to every subscriber sooner or later, played with an order of its own.
///
/// In the first act the order's events are published, those of all cases in turns. In the second
/// some orders go on. In the third everything is published once more, as when a topic is read from
/// its beginning; then nothing may happen any more.
public enum Case {
  UNREADABLE(
      "a request that is no JSON, in every partition: what is behind it goes on", Due.NEVER) {
    @Override
    void first(Publisher order) {
      order.tellRawEverywhere(
          FulfillmentEventType.REQUESTED.typeName(), "{\"order".getBytes(StandardCharsets.UTF_8));
    }
  },
  PLAIN("paid, then requested", Due.ONCE) {
    @Override
    void first(Publisher order) {
      paid(order);
      requested(order);
    }
  },
  EVERY_RECORD_TWICE("each record comes twice in a row", Due.ONCE) {
    @Override
    void first(Publisher order) {
      paid(order);
      order.repeatLast();
      requested(order);
      order.repeatLast();
    }
  },
  WHOLE_SEQUENCE_AGAIN("after the request, all of it comes again from sequence 1", Due.ONCE) {
    @Override
    void first(Publisher order) {
      paid(order);
      requested(order);
      order.repeatAll();
    }
  },
  STARTED_IN_THE_MIDDLE("the first event to be seen has sequence 7", Due.ONCE) {
    @Override
    void first(Publisher order) {
      order.skipTo(7);
      requested(order);
    }
  },
  UNKNOWN_FIELDS("the request has fields and values that no schema names", Due.ONCE) {
    @Override
    void first(Publisher order) {
      paid(order);
      requested(order);
      order.extendLast();
    }
  },
  UNKNOWN_TYPE("before the request comes a type that nobody knows, with no JSON in it", Due.ONCE) {
    @Override
    void first(Publisher order) {
      paid(order);
      order.tellRaw(
          "dev.quittance.fulfillment.teleported.v1",
          "<beam>up</beam>".getBytes(StandardCharsets.UTF_8));
      requested(order);
    }
  },
  HEADER_TWICE("the request has ce_type twice; the last one counts", Due.ONCE) {
    @Override
    void first(Publisher order) {
      paid(order);
      requested(order);
      order.precedeHeaderOfLast("ce_type", "dev.quittance.fulfillment.canceled.v1");
    }
  },
  ITEMS_UNKNOWN("the provider wouldn't tell the lines: there are none", Due.ONCE) {
    @Override
    void first(Publisher order) {
      order.withoutLines();
      paid(order);
      requested(order);
    }
  },
  ONLY_PAID("paid, but never requested", Due.NEVER) {
    @Override
    void first(Publisher order) {
      order.tell(NOT_DUE, FulfillmentEvent.PaymentPending::new);
      paid(order);
    }
  },
  CANCELED_UNREQUESTED("refunded before anything was requested", Due.NEVER) {
    @Override
    void first(Publisher order) {
      paid(order);
      canceled(order);
    }
  },
  HELD_FIRST("held before it is requested, which happens in the second act", Due.ONCE) {
    @Override
    void first(Publisher order) {
      paid(order);
      held(order);
    }

    @Override
    void second(Publisher order) {
      requested(order);
    }
  },
  HELD_THEN_RELEASED(
      "requested and held at once, released in the second act; what had left before the hold is"
          + " reported again under a new id",
      Due.ONCE_THOUGH_CROSSED) {
    @Override
    void first(Publisher order) {
      requested(order);
      held(order);
    }

    @Override
    void second(Publisher order) {
      order.tell(DUE, view -> new FulfillmentEvent.Released(view, Reason.of("by_hand")));
    }
  },
  CANCELED_AT_ONCE("requested and canceled at once", Due.ONCE_AT_MOST) {
    @Override
    void first(Publisher order) {
      requested(order);
      canceled(order);
    }
  };

  /// What should come back.
  enum Due {
    ONCE("complete it, once"),
    ONCE_THOUGH_CROSSED("complete it, once after the release"),
    ONCE_AT_MOST("nothing, or one completion if it had left before the stop was read"),
    NEVER("nothing");

    private final String words;

    Due(String words) {
      this.words = words;
    }
  }

  private final String situation;
  private final Due due;

  Case(String situation, Due due) {
    this.situation = situation;
    this.due = due;
  }

  abstract void first(Publisher order);

  /// Most cases end with the first act.
  void second(Publisher order) {}

  Due due() {
    return due;
  }

  /// What happens.
  public String situation() {
    return situation;
  }

  /// What a subscriber should do.
  public String expected() {
    return due.words;
  }

  /// For example `held-first`.
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void paid(Publisher order) {
    order.tell(NOT_DUE, FulfillmentEvent.Paid::new);
  }

  private static void requested(Publisher order) {
    order.tell(DUE, FulfillmentEvent.Requested::new);
  }

  private static void held(Publisher order) {
    order.tell(ON_HOLD, view -> new FulfillmentEvent.Held(view, Reason.of("by_hand")));
  }

  private static void canceled(Publisher order) {
    order.tell(CANCELED, view -> new FulfillmentEvent.Canceled(view, Reason.of("refunded")));
  }
}
