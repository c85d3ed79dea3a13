package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/// What an order's customer was told with receipts, or is just being told: what they say, or what
/// the latest correction of their amount says instead.
final class AnnouncedAmounts {

  private final Map<ReceiptId, Map.Entry<ReceiptKey, Standing>> latest = new HashMap<>();

  /// @param existing all receipts of one order
  AnnouncedAmounts(Map<ReceiptKey, Standing> existing) {
    existing.entrySet().stream()
        .filter(entry -> reaches(entry.getValue().status()))
        .sorted(Comparator.comparingInt(entry -> entry.getKey().nth()))
        .forEach(entry -> entry.getKey().correctsAmountOf().ifPresent(id -> latest.put(id, entry)));
  }

  /// @param standing of that receipt
  Money amount(ReceiptKey key, Standing standing) {
    Map.Entry<ReceiptKey, Standing> correction = latest.get(key.id());
    return correction == null ? standing.amount() : correction.getValue().amount();
  }

  private static boolean reaches(Status status) {
    return switch (status) {
      case WAITING, DUE, SENDING, RETRYING, SENT -> true;
      case UNDELIVERABLE, SKIPPED -> false;
    };
  }
}
