package dev.quittance.ingest.afterpayment;

import java.util.Locale;

/// What the page tells. Each has a heading and a text in every language.
enum Section {
  /// No order yet.
  CHECKING(Until.SOON),
  /// No order, and none expected any more.
  NOT_FOUND(Until.NEVER),
  /// Whether there is an order, nobody can say now.
  SILENT(Until.SOON),
  /// The money is on its way, which may take days.
  PENDING(Until.LATER),
  PAID(Until.NEVER),
  ON_HOLD(Until.NEVER),
  PARTIALLY_FULFILLED(Until.NEVER),
  FULFILLED(Until.NEVER),
  FAILED(Until.NEVER),
  CANCELED(Until.NEVER),
  REFUNDED(Until.NEVER),
  BOUNCED(Until.NEVER),
  DISPUTED(Until.NEVER);

  /// When something else may hold.
  enum Until {
    SOON,
    LATER,
    NEVER
  }

  private final Until until;

  Section(Until until) {
    this.until = until;
  }

  /// When something else may hold.
  Until until() {
    return until;
  }

  /// What an order's statuses mean for its customer. Statuses that this version doesn't know yet
  /// say nothing wrong.
  static Section of(OrderSeen order) {
    return switch (order.paymentStatus()) {
      case "pending" -> PENDING;
      case "paid", "partially_refunded" -> ofPaid(order);
      case "failed" -> FAILED;
      case "canceled" -> CANCELED;
      case "refunded" -> REFUNDED;
      case "reversed" -> BOUNCED;
      case "disputed", "charged_back" -> DISPUTED;
      case null, default -> CHECKING;
    };
  }

  private static Section ofPaid(OrderSeen order) {
    return switch (order.fulfillmentStatus()) {
      case "on_hold" -> ON_HOLD;
      case "partially_fulfilled" -> PARTIALLY_FULFILLED;
      case "fulfilled" -> FULFILLED;
      case null, default -> PAID;
    };
  }

  /// How its texts are named.
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The style's name for good, bad or undecided.
  String tone() {
    return switch (this) {
      case PAID, PARTIALLY_FULFILLED, FULFILLED -> "good";
      case FAILED, CANCELED, NOT_FOUND, BOUNCED, DISPUTED -> "bad";
      case CHECKING, SILENT, PENDING, ON_HOLD, REFUNDED -> "wait";
    };
  }
}
