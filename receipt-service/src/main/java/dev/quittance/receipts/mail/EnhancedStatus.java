package dev.quittance.receipts.mail;

import java.util.List;
import java.util.regex.Pattern;

/// The part of a mail server's answer that says what it is about (RFC 3463): `5.1.1`.
///
/// @param type 2, 4 or 5: done, not now, never
/// @param subject 1 addressing, 2 mailbox, 3 mail system, 4 network, 5 protocol, 6 content, 7
///   policy
record EnhancedStatus(int type, int subject, int detail) {

  /// Not a part of an address, a version or a number of another kind.
  private static final Pattern STATUS =
      Pattern.compile("(?<![\\w.])([245])\\.(\\d{1,3})\\.(\\d{1,3})(?![\\w-]|\\.\\d)");

  /// All in some words, wherever they stand: servers put them in front (RFC 2034), in brackets, or
  /// behind a `#`.
  static List<EnhancedStatus> in(String words) {
    return STATUS
        .matcher(words)
        .results()
        .map(found ->
            new EnhancedStatus(
                Integer.parseInt(found.group(1)),
                Integer.parseInt(found.group(2)),
                Integer.parseInt(found.group(3))))
        .toList();
  }

  /// Whether it says that this recipient can't be reached, for good. RFC 3463 has 5.1.1 to 5.1.6
  /// about the recipient's address (5.1.7 and 5.1.8 are about the sender's), RFC 7505 adds 5.1.10
  /// for a domain that takes no mail, 5.2.1 is a mailbox that is closed and 5.2.2 one that is full
  /// (5.2.3 is a mail's size, and used by relays for their quota).
  ///
  /// Exchange Online's `550 5.4.1 Recipient address rejected: Access denied` is not among them. It
  /// mostly means that its directory doesn't know the recipient, but the same words come when the
  /// whole domain isn't set up, and when a relay isn't let in.
  boolean aboutTheRecipient() {
    if (type != 5) {
      return false;
    }
    return switch (subject) {
      case 1 -> (detail >= 1 && detail <= 6) || detail == 10;
      case 2 -> detail == 1 || detail == 2;
      default -> false;
    };
  }

  /// Whether it is about an address and doesn't say whose: RFC 3463's 5.1.0 is any "other address
  /// status", and Postfix's `reject_unlisted_sender` says it of ours, at the recipient.
  boolean aboutSomeAddress() {
    return type == 5 && subject == 1 && detail == 0;
  }

  /// Whether it says that the mail is too large for the server.
  boolean tooLarge() {
    return type == 5 && subject == 3 && detail == 4;
  }
}
