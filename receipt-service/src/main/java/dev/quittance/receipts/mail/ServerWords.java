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
    String clean = CONTROL.matcher(words).replaceAll(" ").strip();
    String masked = ADDRESS.matcher(clean).replaceAll("…");
    String nameless =
        Pattern.compile("(?i)(?<![\\p{Alnum}])" + Pattern.quote(to.local()) + "(?![\\p{Alnum}])")
            .matcher(masked)
            .replaceAll("…");
    return CodePoints.moreThan(LENGTH_MAX, nameless)
        ? CodePoints.cut(nameless, LENGTH_MAX) + "…"
        : nameless;
  }
}
