package dev.quittance.receipts.mail;

import java.util.Locale;

/// Whether mail is being sent.
public enum MailCircuit {
  /// As it comes.
  CLOSED,
  /// The mail server can't be talked to: one mail is tried now and then.
  AWAY,
  /// The mail server refuses everybody's mail: one is tried now and then.
  REFUSED;

  /// As it stands in metrics and logs.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
