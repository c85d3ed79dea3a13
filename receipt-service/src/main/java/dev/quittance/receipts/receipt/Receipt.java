package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.Reason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A receipt on its way. Each state offers only the moves that are legal from it:
///
///     waiting ─▶ due ─▶ sending ─▶ sent
///        │        ▲       │  ▲  └─▶ undeliverable
///        ▼        │       ▼  │
///     skipped ────┘      retrying
public sealed interface Receipt {

  /// What it is for.
  ReceiptKey key();

  /// How far it has come.
  Status status();

  /// It waits for facts (then it has no draft yet) or for an earlier receipt of its order.
  ///
  /// @param notBefore the earliest time to send it
  record Waiting(ReceiptKey key, Money amount, @Nullable Draft draft, Instant notBefore)
      implements Receipt {

    /// Nothing more to wait for.
    public Due ready(Draft complete) {
      return new Due(key, complete, notBefore);
    }

    /// There is nobody to send it to.
    public Skipped skip(Reason reason, ReceiptContent content, String series) {
      return new Skipped(key, amount, reason, content, series);
    }

    @Override
    public Status status() {
      return Status.WAITING;
    }
  }

  /// It may be sent.
  ///
  /// @param since from when on
  record Due(ReceiptKey key, Draft draft, Instant since) implements Receipt {

    /// Takes it for sending. From here on it has its number.
    public Sending claim(String number, UUID token, Lease lease) {
      return new Sending(key, draft, number, token, 1, 1, since, since, lease, Origin.UNKNOWN);
    }

    @Override
    public Status status() {
      return Status.DUE;
    }
  }

  /// Somebody is sending it.
  ///
  /// @param token opens the customer's view
  /// @param edition 1, and one more for each resending by hand: a mailbox may drop what repeats a
  ///   `Message-ID`
  /// @param attempt from 1
  /// @param since when it became due, or was resent by hand
  /// @param countedFrom since when its time counts: later than that by the mail server's outages
  /// @param origin what brought it about
  record Sending(
      ReceiptKey key,
      Draft draft,
      String number,
      UUID token,
      int edition,
      int attempt,
      Instant since,
      Instant countedFrom,
      Lease lease,
      Origin origin)
      implements Receipt {

    /// The same at every attempt: `rcp_….1@receipts.example.com`, without the angle brackets.
    ///
    /// @param domain a domain of ours
    public String messageId(String domain) {
      return key.id() + "." + edition + "@" + domain;
    }

    /// The same, as what follows from it is to be traced.
    public Sending through(@Nullable String traceparent) {
      return new Sending(
          key,
          draft,
          number,
          token,
          edition,
          attempt,
          since,
          countedFrom,
          lease,
          new Origin(traceparent, origin.receivedAt()));
    }

    /// Whoever has the token reads the receipt.
    @Override
    public String toString() {
      return "Sending[" + key + ", edition " + edition + ", attempt " + attempt + "]";
    }

    /// The mail server took it.
    public Sent accepted(String messageId, Instant at) {
      return new Sent(this, messageId, at);
    }

    /// Not now.
    public Retrying deferred(Reason reason, Instant next) {
      return new Retrying(this, reason, next);
    }

    /// Never.
    public Undeliverable refused(Reason reason) {
      return new Undeliverable(this, reason);
    }

    @Override
    public Status status() {
      return Status.SENDING;
    }
  }

  /// The mail server took it.
  record Sent(Sending sending, String messageId, Instant at) implements Receipt {

    @Override
    public ReceiptKey key() {
      return sending.key();
    }

    @Override
    public Status status() {
      return Status.SENT;
    }
  }

  /// It is tried again.
  record Retrying(Sending sending, Reason reason, Instant next) implements Receipt {

    /// Takes it for the next attempt.
    public Sending claim(Lease lease) {
      return new Sending(
          key(),
          sending.draft(),
          sending.number(),
          sending.token(),
          sending.edition(),
          sending.attempt() + 1,
          sending.since(),
          sending.countedFrom(),
          lease,
          sending.origin());
    }

    @Override
    public ReceiptKey key() {
      return sending.key();
    }

    @Override
    public Status status() {
      return Status.RETRYING;
    }
  }

  /// It will never arrive.
  ///
  /// @param reason the mail server's words, without addresses
  record Undeliverable(Sending sending, Reason reason) implements Receipt {

    @Override
    public ReceiptKey key() {
      return sending.key();
    }

    @Override
    public Status status() {
      return Status.UNDELIVERABLE;
    }
  }

  /// There is nobody to send it to, or receipts are off. What it would have said is kept: it may be
  /// sent by hand.
  record Skipped(ReceiptKey key, Money amount, Reason reason, ReceiptContent content, String series)
      implements Receipt {

    /// An address turned up after all.
    public Due addressed(Draft draft, Instant since) {
      return new Due(key, draft, since);
    }

    @Override
    public Status status() {
      return Status.SKIPPED;
    }
  }
}
