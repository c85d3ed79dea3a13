package dev.quittance.receipts.render;

/// A receipt in its forms. All say the same.
///
/// @param html pure ASCII: other characters stand as references, so that no mail server has to
///   recode it
/// @param language BCP 47
public record Rendered(String subject, String text, String html, String language) {

  @Override
  public String toString() {
    return "Rendered[" + language + "]";
  }
}
