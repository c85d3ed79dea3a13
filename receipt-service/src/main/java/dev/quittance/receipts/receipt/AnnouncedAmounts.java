package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/// What receipts say to an order's customer, sent or on their way: their own amounts, or what the
/// latest correction of their amount says instead.
final class AnnouncedAmounts {

  private final Map<ReceiptId, Map.Entry<ReceiptKey, ReceiptSummary>> latest = new HashMap<>();

  /// @param existing all receipts of one order
  AnnouncedAmounts(Map<ReceiptKey, ReceiptSummary> existing) {
    existing.entrySet().stream()
        .filter(entry -> reaches(entry.getValue().status()))
        .sorted(Comparator.comparingInt(entry -> entry.getKey().nth()))
        .forEach(entry -> entry.getKey().correctsAmountOf().ifPresent(id -> latest.put(id, entry)));
  }

  /// @param standing of that receipt
  Money amount(ReceiptKey key, ReceiptSummary standing) {
    Map.Entry<ReceiptKey, ReceiptSummary> correction = latest.get(key.id());
    return correction == null ? standing.amount() : correction.getValue().amount();
  }

  private static boolean reaches(MailStatus status) {
    return switch (status) {
      case WAITING, DUE, SENDING, RETRYING, SENT -> true;
      case UNDELIVERABLE, SKIPPED -> false;
    };
  }
}
