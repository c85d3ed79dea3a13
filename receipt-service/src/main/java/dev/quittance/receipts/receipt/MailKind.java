package dev.quittance.receipts.receipt;

import dev.quittance.contracts.Reason;

/// What kind of mail it is, in the order in which they go out.
public enum MailKind {

  /// A code that the customer bought. There are few of them, and somebody sits and waits for each.
  CODE,

  /// A receipt for a payment, a refund, or what corrects one: it has a number, and subscribers are
  /// notified of what becomes of it.
  RECEIPT;

  /// What may be kept of a mail server's refusal. Of a code only its reply's code: a server that
  /// refuses a mail for what it says may quote it.
  public Reason kept(Reason reason) {
    return switch (this) {
      case CODE -> Reason.of(reason.code());
      case RECEIPT -> reason;
    };
  }
}
