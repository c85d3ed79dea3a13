package dev.quittance.receipts.render;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a mail with a code says, in words.
///
/// @param language BCP 47
/// @param direction `ltr` or `rtl`
/// @param title the mail's subject, which doesn't say the code: it is shown on locked screens
/// @param items what the code is for
/// @param order a label with the shop's order number, if it is known
/// @param keep advice
record CodePage(
    String language,
    String direction,
    String title,
    Merchant merchant,
    String heading,
    String intro,
    List<String> items,
    String codeLabel,
    String code,
    ReceiptPage.@Nullable Row order,
    String keep,
    List<String> footer) {

  CodePage {
    items = List.copyOf(items);
    footer = List.copyOf(footer);
  }

  @Override
  public String toString() {
    return "CodePage[" + language + "]";
  }
}
