package dev.quittance.ingest.afterpayment;

import dev.quittance.contracts.Money;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What stands on the page: texts only, none of which says who the customer is.
///
/// @param refreshSeconds when the page looks again by itself; 0 when it doesn't
/// @param again the address of the next look, relative to the page's own
/// @param more a sentence about the lines that aren't shown; empty when all are
record ReturnPage(
    String language,
    String heading,
    String text,
    String tone,
    long refreshSeconds,
    String again,
    String lookAgain,
    String refreshing,
    String itemsHeading,
    List<Row> rows,
    String more,
    String totalHeading,
    String total,
    String refundedHeading,
    String refunded,
    String style) {

  /// More are no overview; the receipt has them all.
  static final int ROWS_MAX = 50;

  /// One line of what was bought.
  record Row(String description, String quantity, String amount) {}

  static ReturnPage of(
      Section section,
      @Nullable OrderSeen order,
      String address,
      Optional<Duration> pause,
      PageTexts words,
      String style) {
    List<OrderSeen.Line> lines = order == null ? List.of() : order.lineItems();
    int hidden = Math.max(0, lines.size() - ROWS_MAX);
    boolean again = section.until() != Section.Until.NEVER || pause.isPresent();
    return new ReturnPage(
        words.language(),
        words.text(section.key() + ".heading"),
        words.text(section.key() + ".text"),
        section.tone(),
        pause.map(Duration::toSeconds).orElse(0L),
        again || section == Section.NOT_FOUND ? address : "",
        words.text("again"),
        pause.isPresent() ? words.text("refreshing") : "",
        words.text("items"),
        lines.stream().limit(ROWS_MAX).map(line -> row(line, words)).toList(),
        hidden == 0 ? "" : words.text("more", hidden),
        words.text("total"),
        order == null ? "" : amount(order.total(), words),
        words.text("refunded"),
        order == null || order.refunded() == null || !order.refunded().isPositive()
            ? ""
            : amount(order.refunded(), words),
        style);
  }

  private static Row row(OrderSeen.Line line, PageTexts words) {
    return new Row(
        line.description() == null ? "" : line.description(),
        line.quantity() > 1 ? words.text("quantity", line.quantity()) : "",
        amount(line.amount(), words));
  }

  private static String amount(@Nullable Money amount, PageTexts words) {
    return amount == null ? "" : words.amount(amount);
  }
}
