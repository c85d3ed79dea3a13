package dev.quittance.receipts.actions;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.OrderId;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.receipts.actions.CorrectReceipts.Answer;
import dev.quittance.receipts.actions.CorrectReceipts.Proposal;
import dev.quittance.receipts.persistence.WrongReceipts;
import dev.quittance.receipts.persistence.WrongReceipts.Announced;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.receipt.ReceiptContent;
import dev.quittance.receipts.receipt.ReceiptDraft;
import dev.quittance.receipts.receipt.ReceiptId;
import dev.quittance.receipts.receipt.ReceiptKey;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what a correction of a receipt would say, and whether there can be one.
record ProposeCorrections(Clock clock) {

  /// What would come of correcting receipts, whose orders stay locked.
  List<Proposal> of(StatementPipeline exchange, Map<ReceiptId, OrderId> wanted)
      throws SQLException {
    WrongReceipts.Locked locked = WrongReceipts.lock(exchange, Set.copyOf(wanted.values()));
    Instant now = clock.instant();
    var proposals = new ArrayList<Proposal>();
    wanted.forEach((id, order) -> {
      Optional<Announced> wrong =
          locked.receipts().stream().filter(receipt -> receipt.key().id().equals(id)).findFirst();
      if (wrong.isEmpty()) { // nobody had tried to send it, and it was withdrawn meanwhile
        proposals.add(new Proposal(id, new Answer.Unknown(), null));
      } else if (locked.erased().contains(order)) {
        proposals.add(new Proposal(id, new Answer.Erased(), null));
      } else {
        proposals.add(proposal(wrong.get(), corrections(locked.receipts(), id), now));
      }
    });
    return proposals;
  }

  private static Proposal proposal(Announced wrong, List<Announced> corrections, Instant now) {
    ReceiptId id = wrong.key().id();
    Money right = wrong.supported();
    if (right == null || !wrong.arrived()) {
      Answer answer =
          corrections.isEmpty()
              ? new Answer.NotWrong()
              : new Answer.Made(corrections.getLast().key().id());
      return new Proposal(id, answer, null);
    }
    if (corrections.stream().anyMatch(Announced::underWay)) {
      return new Proposal(id, new Answer.UnderWay(), null);
    }
    ReceiptContent said = wrong.content();
    if (said == null) {
      return new Proposal(id, new Answer.Unreadable(id), null);
    }
    // what the customer read last: a correction that never arrived is none
    Announced last =
        corrections.stream().filter(Announced::arrived).reduce(wrong, (_, later) -> later);
    int nth = corrections.isEmpty() ? 1 : corrections.getLast().key().nth() + 1;
    ReceiptContent content = said.corrected(required(last.number()), last.amount(), right, now);
    var correction =
        new Receipt.Due(
            ReceiptKey.amountCorrection(wrong.key(), right, nth),
            new ReceiptDraft(content, required(wrong.recipient()), required(wrong.series())),
            now);
    return new Proposal(id, new Answer.Made(correction.key().id()), correction);
  }

  private static List<Announced> corrections(List<Announced> receipts, ReceiptId wrong) {
    return receipts.stream()
        .filter(receipt -> receipt.key().correctsAmountOf().filter(wrong::equals).isPresent())
        .sorted(Comparator.comparingInt(receipt -> receipt.key().nth()))
        .toList();
  }

  private static String required(@Nullable String column) {
    return Objects.requireNonNull(column, "what was sent has it, until its customer is erased");
  }
}
