package dev.quittance.receipts.mail;

import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;

/// What mail programs make of headers.
public final class Decoded {

  private Decoded() {}

  public static String header(String raw) {
    try {
      return MimeUtility.decodeText(MimeUtility.unfold(raw));
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e);
    }
  }
}
