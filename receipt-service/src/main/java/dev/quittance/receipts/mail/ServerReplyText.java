package dev.quittance.receipts.mail;

import dev.quittance.contracts.CodePoints;
import java.util.regex.Pattern;

/// What a mail server said, without the addresses in it: reasons are published, logged and shown.
final class ServerReplyText {

  private static final Pattern ADDRESS = Pattern.compile("[^\\s<>\"'(),;:]+@[^\\s<>\"'(),;]+");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\s]+");

  /// Enough for any reply with its link to an explanation.
  private static final int LENGTH_MAX = 300;

  private ServerReplyText() {}

  /// As much of them as people are shown.
  ///
  /// @param to whose name servers like to repeat without the domain
  static String of(String words, MailAddress to) {
    return shortened(masked(words, to));
  }

  /// All of them, without addresses, as they are to be understood. Names without their domain are
  /// still there: a customer's may be a number, and `5` is the beginning of most refusals.
  static String withoutAddresses(String words) {
    String clean = CONTROL.matcher(words).replaceAll(" ").strip();
    return ADDRESS.matcher(clean).replaceAll("…");
  }

  private static String masked(String words, MailAddress to) {
    return Pattern.compile("(?i)(?<![\\p{Alnum}])" + Pattern.quote(to.local()) + "(?![\\p{Alnum}])")
        .matcher(withoutAddresses(words))
        .replaceAll("…");
  }

  private static String shortened(String masked) {
    return CodePoints.moreThan(LENGTH_MAX, masked)
        ? CodePoints.cut(masked, LENGTH_MAX) + "…"
        : masked;
  }
}
