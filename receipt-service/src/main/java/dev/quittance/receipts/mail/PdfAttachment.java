package dev.quittance.receipts.mail;

import java.util.regex.Pattern;

/// A file that goes with a mail.
///
/// @param name ASCII letters, digits, dots, dashes and underscores
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record PdfAttachment(String name, String type, byte[] bytes) {

  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]+");

  /// A PDF, named for the receipt's number.
  public static PdfAttachment pdf(String number, byte[] pdf) {
    return new PdfAttachment(fileName(number), "application/pdf", pdf);
  }

  /// What the PDF of a receipt is called.
  public static String fileName(String number) {
    return "receipt-" + UNSAFE.matcher(number).replaceAll("_") + ".pdf";
  }

  @Override
  public String toString() {
    return "PdfAttachment[" + type + "]";
  }
}
