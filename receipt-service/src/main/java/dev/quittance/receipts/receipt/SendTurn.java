package dev.quittance.receipts.receipt;

import static dev.quittance.receipts.receipt.MailStatus.SENT;

import dev.quittance.contracts.ReceiptEvent.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// When a receipt may go out, beside the others of its order: a refund's after the payment's, a
/// correction after what it corrects, a further payment's after the correction of the one that
/// bounced, so that a mailbox shows them in the order in which they make sense.
public enum SendTurn {
  NOW,
  LATER,
  NEVER;

  /// The turn of a receipt among those of its order.
  static SendTurn of(ReceiptKey key, Map<ReceiptKey, ReceiptSummary> standings) {
    return switch (key.kind()) {
      case PAYMENT ->
          settled(key.afterBounced().map(standings::get).stream().toList()) ? NOW : LATER;
      case REFUND ->
          settled(
                  standings.entrySet().stream()
                      .filter(entry -> entry.getKey().kind() == Kind.PAYMENT)
                      .map(Map.Entry::getValue)
                      .toList())
              ? NOW
              : LATER;
      case CORRECTION -> {
        if (key.correctsAmountOf().isPresent()) {
          yield NOW; // what it corrects went out
        }
        Collection<ReceiptSummary> corrected = corrected(key, standings);
        if (!settled(corrected)) {
          yield LATER;
        }
        yield corrected.stream().anyMatch(standing -> standing.status() == SENT) ? NOW : NEVER;
      }
    };
  }

  /// What an order's receipts waiting for their turn come to, once others are settled.
  ///
  /// @param standings all receipts of one order
  public static Turns after(Map<ReceiptKey, ReceiptSummary> standings) {
    var due = new ArrayList<ReceiptKey>();
    var never = new ArrayList<ReceiptKey>();
    standings.forEach((key, standing) -> {
      if (standing.status() == MailStatus.WAITING && standing.drafted()) {
        switch (of(key, standings)) {
          case NOW -> due.add(key);
          case NEVER -> never.add(key);
          case LATER -> {}
        }
      }
    });
    return new Turns(due, never);
  }

  /// Whose turn it is, and whose will never come.
  public record Turns(List<ReceiptKey> now, List<ReceiptKey> never) {

    public Turns {
      now = List.copyOf(now);
      never = List.copyOf(never);
    }
  }

  private static boolean settled(Collection<ReceiptSummary> some) {
    return some.stream().allMatch(standing -> standing.status().settled());
  }

  private static Collection<ReceiptSummary> corrected(
      ReceiptKey key, Map<ReceiptKey, ReceiptSummary> standings) {
    if (key.correctsBounced().isPresent()) {
      return key.correctsBounced().map(standings::get).stream().toList();
    }
    ReceiptSummary own = standings.get(ReceiptKey.refund(key.order(), key.subject()));
    if (own != null) {
      return List.of(own);
    }
    return standings.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == Kind.REFUND && entry.getKey().ofTotal())
        .map(Map.Entry::getValue)
        .filter(standing -> !standing.status().untouched())
        .toList();
  }
}
