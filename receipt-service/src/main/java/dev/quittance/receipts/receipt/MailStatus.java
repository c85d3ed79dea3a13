package dev.quittance.receipts.receipt;

import java.util.Locale;

/// How far a mail has come:
///
///     waiting ─▶ due ─▶ sending ─▶ sent
///        │        ▲       │  ▲  └─▶ undeliverable
///        ▼        │       ▼  │
///     skipped ────┘      retrying
public enum MailStatus {
  /// For what it is to say, or for an earlier receipt of the same order.
  WAITING,
  /// It may be sent.
  DUE,
  /// Somebody holds its lease and is talking to the mail server.
  SENDING,
  /// The mail server took it.
  SENT,
  /// It could not be sent yet and will be tried again.
  RETRYING,
  /// It will never arrive.
  UNDELIVERABLE,
  /// There is nobody to send it to, or such mails are off.
  SKIPPED;

  /// As it stands on the wire and in the database.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads [#wireName()].
  ///
  /// @throws IllegalArgumentException when there is no such status
  public static MailStatus named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }

  /// Whether no attempt was made yet, so that the mail may still change or vanish unseen.
  public boolean untouched() {
    return switch (this) {
      case WAITING, DUE -> true;
      case SENDING, SENT, RETRYING, UNDELIVERABLE, SKIPPED -> false;
    };
  }

  /// Whether nothing more happens to it by itself.
  public boolean settled() {
    return switch (this) {
      case SENT, UNDELIVERABLE, SKIPPED -> true;
      case WAITING, DUE, SENDING, RETRYING -> false;
    };
  }
}
