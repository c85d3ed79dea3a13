package dev.quittance.access;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Texts as they stand in addresses, and in headers whose readers put them there.
public final class UrlText {

  private UrlText() {}

  /// Percent-encoded (RFC 3986): an order's id may hold whatever its provider likes.
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
