package dev.quittance.sandbox.mailbox;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the mail server answers: it takes mail, or refuses it as real relays do. The words are those
/// of Postfix, Exchange Online, Gmail and Amazon SES.
public enum MailServerAnswer {
  TAKES("takes all mail", null, null),
  UNKNOWN_RECIPIENT(
      "knows no recipient", Step.RECIPIENT, "550 5.1.1 Recipient address rejected: User unknown"),
  MAILBOX_FULL("every mailbox is full", Step.RECIPIENT, "552 5.2.2 Mailbox full"),
  RELAY_DENIED("doesn't relay for us", Step.RECIPIENT, "554 5.7.1 Relay access denied"),
  CLIENT_BLOCKED(
      "has us on a block list",
      Step.RECIPIENT,
      "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a list"),
  BARE_REFUSAL("refuses, and says no more than that", Step.RECIPIENT, "550 rejected"),
  ACCESS_DENIED(
      "denies access, as Exchange Online says it",
      Step.RECIPIENT,
      "550 5.4.1 Recipient address rejected: Access denied."),
  SENDER_REJECTED(
      "doesn't want our sender",
      Step.RECIPIENT,
      "550 5.1.8 Sender address rejected: Domain not found"),
  QUOTA_EXCEEDED("has counted our mails", Step.LETTER, "552 5.2.3 Daily sending quota exceeded"),
  DMARC_FAILED(
      "finds DMARC failed",
      Step.LETTER,
      "550-5.7.26 Unauthenticated email from this domain is not accepted due to\r\n"
          + "550 5.7.26 the domain's DMARC policy."),
  GREYLISTED(
      "lets each recipient come back once",
      Step.RECIPIENT,
      "451 4.7.1 Greylisting in action, please come back later"),
  BUSY("is too busy", Step.RECIPIENT, "421 4.3.2 Too many connections, closing");

  /// Where in the dialogue it says so.
  enum Step {
    RECIPIENT,
    LETTER
  }

  private final String words;
  private final @Nullable Step step;
  private final @Nullable String reply;

  MailServerAnswer(String words, @Nullable Step step, @Nullable String reply) {
    this.words = words;
    this.step = step;
    this.reply = reply;
  }

  /// Its name in the API: `relay-denied`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What it does, for people.
  public String words() {
    return words;
  }

  /// What it says at a step; null where it goes on as usual.
  @Nullable String at(Step now) {
    return step == now ? reply : null;
  }

  /// The answer of a name.
  static Optional<MailServerAnswer> named(String label) {
    return Arrays.stream(values()).filter(answer -> answer.label().equals(label)).findFirst();
  }

  /// All names.
  static List<String> labels() {
    return Arrays.stream(values()).map(MailServerAnswer::label).toList();
  }
}
