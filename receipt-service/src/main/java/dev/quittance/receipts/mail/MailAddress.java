package dev.quittance.receipts.mail;

import java.net.IDN;
import java.util.Optional;
import java.util.regex.Pattern;

/// One address that a mail can be sent to: nothing that could smuggle in a second recipient, a
/// header or a command. International domains are in their ASCII form.
///
/// @param address for example `jane@example.com`; never printed
public record MailAddress(String address) {

  /// RFC 5321, 4.5.3.1.1 and .3: 64 octets before the `@`, 254 in all.
  private static final int LOCAL_MAX = 64;

  private static final int ADDRESS_MAX = 254;

  /// A dot-atom of RFC 5322. Quoted local parts exist on paper only.
  private static final Pattern LOCAL =
      Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");

  private static final Pattern DOMAIN =
      Pattern.compile(
          "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  /// Reads an address as customers write them.
  ///
  /// @return nothing when no mail can be sent to it
  public static Optional<MailAddress> parse(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1 || at > LOCAL_MAX || text.length() > ADDRESS_MAX) {
      return Optional.empty();
    }
    String local = text.substring(0, at);
    return ascii(text.substring(at + 1))
        .filter(domain -> LOCAL.matcher(local).matches() && DOMAIN.matcher(domain).matches())
        .map(domain -> local + "@" + domain)
        .filter(address -> address.length() <= ADDRESS_MAX)
        .map(MailAddress::new);
  }

  private static Optional<String> ascii(String domain) {
    try {
      return Optional.of(IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// What stands before the `@`.
  String local() {
    return address.substring(0, address.lastIndexOf('@'));
  }

  /// What stands after the `@`.
  public String domain() {
    return address.substring(address.lastIndexOf('@') + 1);
  }

  @Override
  public String toString() {
    return "Mailbox[…]";
  }
}
