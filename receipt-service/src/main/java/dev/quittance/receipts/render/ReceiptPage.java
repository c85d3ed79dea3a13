package dev.quittance.receipts.render;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a receipt says, in words: the one model that every form is printed from.
///
/// @param language BCP 47
/// @param direction `ltr` or `rtl`
/// @param title the mail's subject
/// @param test a warning, when no money has moved
/// @param number the receipt's
/// @param facts number, date, order and so on
/// @param items what was bought
/// @param itemAmounts whether the items' amounts add up to the sums below, and are shown
/// @param sums how the total comes about, the total last or marked strong
/// @param link to the page, or from the page to the PDF
/// @param footer the merchant
record ReceiptPage(
    String language,
    String direction,
    String title,
    Merchant merchant,
    @Nullable String test,
    String heading,
    String intro,
    String number,
    List<Row> facts,
    String itemsLabel,
    String itemLabel,
    String amountLabel,
    boolean itemAmounts,
    List<Item> items,
    List<Row> sums,
    @Nullable Reference link,
    List<String> footer) {

  ReceiptPage {
    facts = List.copyOf(facts);
    items = List.copyOf(items);
    sums = List.copyOf(sums);
    footer = List.copyOf(footer);
  }

  /// A label with its value.
  record Row(String label, String value, boolean strong) {

    static Row of(String label, String value) {
      return new Row(label, value, false);
    }

    static Row strong(String label, String value) {
      return new Row(label, value, true);
    }
  }

  /// A place where there is more.
  record Reference(String label, String href) {

    /// Whoever has the address reads the receipt.
    @Override
    public String toString() {
      return "Reference[…]";
    }
  }

  /// One thing that was bought.
  record Item(String description, List<String> details, @Nullable String amount) {

    Item {
      details = List.copyOf(details);
    }
  }

  /// Where a line starts.
  public String start() {
    return direction.equals("rtl") ? "right" : "left";
  }

  /// Where a line ends.
  public String end() {
    return direction.equals("rtl") ? "left" : "right";
  }
}
