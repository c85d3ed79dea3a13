package dev.quittance.receipts.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Text for mail headers (RFC 2047). The mail client's own encoding breaks characters outside the
/// basic plane and folds with bare line feeds, which many servers refuse; what is handed to it is
/// therefore pure ASCII already.
final class HeaderText {

  /// Of a 75-character encoded word, `=?UTF-8?B?` and `?=` take 12; 45 bytes make 60 characters.
  private static final int WORD_BYTES = 45;

  /// Longer subjects are cut: no mailbox shows more.
  static final int LENGTH_MAX = 200;

  private HeaderText() {}

  /// Unstructured text, such as a subject.
  static String unstructured(String text) {
    String clean = clean(text);
    return plain(clean) ? clean : encoded(clean);
  }

  /// A display name with its address.
  static String named(String name, MailAddress mailbox) {
    String clean = clean(name);
    if (clean.isEmpty()) {
      return mailbox.address();
    }
    String phrase =
        plain(clean)
            ? "\"" + clean.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
            : encoded(clean);
    return phrase + " <" + mailbox.address() + ">";
  }

  /// One line without control characters: nothing can start a header or end the header block.
  private static String clean(String text) {
    var clean = new StringBuilder();
    text.codePoints()
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .limit(LENGTH_MAX)
        .forEach(clean::appendCodePoint);
    return clean.toString().strip();
  }

  private static boolean plain(String text) {
    return text.chars().allMatch(c -> c >= 32 && c < 127) && !text.contains("=?");
  }

  private static String encoded(String text) {
    List<String> words = new ArrayList<>();
    var chunk = new StringBuilder();
    int bytes = 0;
    for (int c : text.codePoints().toArray()) {
      int size = Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
      if (bytes + size > WORD_BYTES) {
        words.add(word(chunk));
        chunk.setLength(0);
        bytes = 0;
      }
      chunk.appendCodePoint(c);
      bytes += size;
    }
    words.add(word(chunk));
    return String.join("\r\n ", words);
  }

  private static String word(CharSequence chunk) {
    byte[] utf8 = chunk.toString().getBytes(StandardCharsets.UTF_8);
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(utf8) + "?=";
  }
}
