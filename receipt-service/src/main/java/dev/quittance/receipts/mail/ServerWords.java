package dev.quittance.receipts.mail;

import dev.quittance.contracts.CodePoints;
import java.util.regex.Pattern;

/// What a mail server said, without the addresses in it: reasons are published, logged and shown.
final class ServerWords {

  private static final Pattern ADDRESS = Pattern.compile("[^\\s<>\"'(),;:]+@[^\\s<>\"'(),;]+");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\s]+");

  /// Enough for any reply with its link to an explanation.
  private static final int LENGTH_MAX = 300;

  private ServerWords() {}

  /// @param to whose name servers like to repeat without the domain
  static String of(String words, Mailbox to) {
    return shortened(masked(words, to));
  }

  /// All of them, without addresses.
  static String masked(String words, Mailbox to) {
    String clean = CONTROL.matcher(words).replaceAll(" ").strip();
    String masked = ADDRESS.matcher(clean).replaceAll("…");
    return Pattern.compile("(?i)(?<![\\p{Alnum}])" + Pattern.quote(to.local()) + "(?![\\p{Alnum}])")
        .matcher(masked)
        .replaceAll("…");
  }

  /// As much as people are shown.
  static String shortened(String masked) {
    return CodePoints.moreThan(LENGTH_MAX, masked)
        ? CodePoints.cut(masked, LENGTH_MAX) + "…"
        : masked;
  }
}
