package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A receipt as it is planned, before anybody tries to send it.
public sealed interface Receipt {

  /// What it is for.
  ReceiptKey key();

  /// What it is about.
  Money amount();

  /// How far it has come.
  MailStatus status();

  /// It waits for facts (then it has no draft yet) or for an earlier receipt of its order.
  ///
  /// @param notBefore the earliest time to send it
  record Waiting(ReceiptKey key, Money amount, @Nullable ReceiptDraft draft, Instant notBefore)
      implements Receipt {

    /// Nothing more to wait for.
    public Due ready(ReceiptDraft complete) {
      return new Due(key, complete, notBefore);
    }

    /// There is nobody to send it to.
    public Skipped skip(Reason reason, ReceiptContent content, String series) {
      return new Skipped(key, amount, reason, content, series);
    }

    @Override
    public MailStatus status() {
      return MailStatus.WAITING;
    }
  }

  /// It may be sent.
  ///
  /// @param since from when on
  record Due(ReceiptKey key, ReceiptDraft draft, Instant since) implements Receipt {

    @Override
    public Money amount() {
      return draft.content().amount();
    }

    @Override
    public MailStatus status() {
      return MailStatus.DUE;
    }
  }

  /// There is nobody to send it to, or receipts are off. What it would have said is kept: it may be
  /// sent by hand.
  record Skipped(ReceiptKey key, Money amount, Reason reason, ReceiptContent content, String series)
      implements Receipt {

    @Override
    public MailStatus status() {
      return MailStatus.SKIPPED;
    }
  }
}
