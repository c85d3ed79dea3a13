package dev.quittance.ingest.translate;

import dev.quittance.contracts.PaymentEvent;
import java.util.List;
import java.util.Locale;

/// What a question to a provider is about. The kinds don't wait for each other: money that goes
/// back goes out before line items do.
enum LookUpKind {
  /// Whose a refund or a dispute is, which refunds a total is made of, or what a thin event is
  /// about.
  PAYMENT(4),
  /// What a payment bought.
  ITEMS(12);

  /// Together 16 per endpoint: Stripe allows 100 requests a second, 25 in test mode, and an answer
  /// takes some 150 ms. There are far more checkouts than refunds and disputes.
  private final int questionsMax;

  LookUpKind(int questionsMax) {
    this.questionsMax = questionsMax;
  }

  /// How many questions of the kind are asked at a time, per endpoint and process.
  int questionsMax() {
    return questionsMax;
  }

  /// As it stands in headers, metrics and the names of consumer groups.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException when there is none of that name
  static LookUpKind named(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /// What is asked for when this is what an event says already.
  static LookUpKind leftOpenBy(List<PaymentEvent> known) {
    return !known.isEmpty() && known.stream().noneMatch(LookUpKind::movesMoneyBack)
        ? ITEMS
        : PAYMENT;
  }

  private static boolean movesMoneyBack(PaymentEvent event) {
    return switch (event) {
      case PaymentEvent.Reversed _,
          PaymentEvent.RefundUpdated _,
          PaymentEvent.RefundTotalUpdated _,
          PaymentEvent.DisputeUpdated _ ->
          true;
      case PaymentEvent.Pending _,
          PaymentEvent.Succeeded _,
          PaymentEvent.AttemptFailed _,
          PaymentEvent.Failed _,
          PaymentEvent.Canceled _,
          PaymentEvent.ItemsKnown _ ->
          false;
    };
  }
}
