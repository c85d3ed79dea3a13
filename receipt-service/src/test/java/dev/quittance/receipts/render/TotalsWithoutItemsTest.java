package dev.quittance.receipts.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.Totals;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Orders of which the totals are known and the items aren't, or don't add up: of every shop that
/// gave us no API key.
class TotalsWithoutItemsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/receipts");
  private static final Renderer RENDERER = new Renderer();

  /// @param included whether prices contain the tax
  record Case(String locale, String currency, boolean included) {

    String name() {
      return "totals-" + (included ? "included-" : "") + locale + "-" + currency;
    }

    ReceiptContent content() {
      ReceiptContent sample = Samples.of(Kind.PAYMENT, locale, Currency.getInstance(currency));
      Totals told = Objects.requireNonNull(sample.totals());
      if (!included) {
        return with(sample, sample.paid(), List.of(), told);
      }
      Money paid = sample.paid().minus(Objects.requireNonNull(told.tax()));
      return with(
          sample,
          paid,
          List.of(),
          new Totals(
              told.subtotal(), told.discount(), told.shipping(), told.tax(), true, told.taxes()));
    }

    Rendered rendered() {
      return RENDERER.render(content(), Samples.NUMBER, TestShop.MERCHANT);
    }
  }

  private static ReceiptContent with(
      ReceiptContent sample, Money paid, List<LineItem> items, Totals totals) {
    return new ReceiptContent(
        sample.kind(),
        sample.endpoint(),
        sample.connectedAccount(),
        sample.paymentReference(),
        sample.livemode(),
        paid,
        null,
        paid,
        Money.zero(paid.currency()),
        null,
        null,
        sample.paidAt(),
        sample.happenedAt(),
        items.isEmpty() ? ItemsState.UNKNOWN : ItemsState.KNOWN,
        items,
        totals,
        sample.customer(),
        sample.reference(),
        null,
        sample.locale(),
        null,
        sample.method(),
        sample.corrects());
  }

  static List<Case> cases() {
    return Stream.of(
            new Case("en", "USD", false),
            new Case("de", "EUR", false),
            new Case("fr", "EUR", false),
            new Case("es", "EUR", false),
            new Case("ja", "JPY", false),
            new Case("en", "USD", true),
            new Case("de", "EUR", true),
            new Case("fr", "EUR", true),
            new Case("es", "EUR", true),
            new Case("ja", "JPY", true))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void knownTotalsAreOnEveryForm(Case golden) throws IOException {
    ReceiptPage page =
        ReceiptWriter.write(golden.content(), Samples.NUMBER, TestShop.MERCHANT, null);
    String html = GoldenReceiptsTest.plain(golden.rendered().html());
    String text = golden.rendered().text();
    String pdf = text(pdf(golden));

    assertThat(page.items()).isEmpty();
    // subtotal, discount, shipping, tax and total, the tax where it belongs
    assertThat(page.sums()).hasSize(5);
    assertThat(page.sums().get(golden.included() ? 3 : 4).strong()).isTrue();
    for (ReceiptPage.Row row : page.sums()) {
      assertThat(html).contains(row.label(), row.value());
      assertThat(text).contains(row.label() + ": " + row.value());
      assertThat(oneLine(pdf)).contains(oneLine(row.label()), oneLine(row.value()));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void receiptLooksAsItAlwaysDid(Case golden) throws IOException {
    Path text = GOLDEN.resolve(golden.name() + ".txt");
    Path html = GOLDEN.resolve(golden.name() + ".html");
    Path pdf = GOLDEN.resolve(golden.name() + ".pdf");
    if (Boolean.getBoolean("quittance.golden.write") && !Files.exists(text)) {
      Files.writeString(text, golden.rendered().text());
      Files.writeString(html, golden.rendered().html());
      Files.write(pdf, pdf(golden));
    }

    assertThat(golden.rendered().text()).isEqualTo(Files.readString(text));
    assertThat(golden.rendered().html()).isEqualTo(Files.readString(html));
    assertThat(text(pdf(golden))).isEqualTo(text(Files.readAllBytes(pdf)));
  }

  private static byte[] pdf(Case golden) {
    return RENDERER.pdf(golden.content(), Samples.NUMBER, TestShop.MERCHANT).orElseThrow();
  }

  private static String text(byte[] pdf) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      var stripper = new PDFTextStripper();
      stripper.setSortByPosition(true);
      return stripper.getText(document);
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\s\u00a0\u202f]+", "");
  }

  private static List<String> sums(ReceiptContent content) {
    return ReceiptWriter.write(content, Samples.NUMBER, TestShop.MERCHANT, null).sums().stream()
        .map(row -> row.label() + " " + row.value())
        .toList();
  }

  private static ReceiptContent payment(List<LineItem> items, Totals totals) {
    ReceiptContent sample = Samples.of(Kind.PAYMENT, "en", Currency.getInstance("USD"));
    return with(sample, Shop.usd(34000), items, totals);
  }

  @Test
  void itemsThatDoNotAddUpHaveNoPricesAndTheTotalsAreShownAllTheSame() {
    LineItem item = LineItem.of("li_1", "A thing", 1, Shop.usd(100));
    ReceiptContent content =
        payment(
            List.of(item),
            new Totals(
                Shop.usd(33500), Shop.usd(500), Shop.usd(1000), Shop.usd(5429), true, List.of()));
    ReceiptPage page = ReceiptWriter.write(content, Samples.NUMBER, TestShop.MERCHANT, null);

    assertThat(page.items()).hasSize(1).allMatch(shown -> shown.amount() == null);
    assertThat(sums(content))
        .containsExactly(
            "Subtotal $335.00",
            "Discount -$5.00",
            "Shipping $10.00",
            "Total $340.00",
            "Includes Tax $54.29");
  }

  @Test
  void taxAloneIsShown() {
    assertThat(
            sums(payment(List.of(), new Totals(null, null, null, Shop.usd(5429), true, List.of()))))
        .containsExactly("Total $340.00", "Includes Tax $54.29");
  }

  @Test
  void totalsThatAreUnknownOrOfAnotherCurrencyAreNot() {
    Money euros = Money.ofMinor(5429, "EUR");

    assertThat(sums(payment(List.of(), new Totals(null, null, null, null, false, List.of()))))
        .containsExactly("Total $340.00");
    assertThat(
            sums(
                payment(
                    List.of(),
                    new Totals(
                        euros,
                        euros,
                        euros,
                        euros,
                        false,
                        List.of(new Totals.TaxLine("VAT", "19", euros))))))
        .containsExactly("Total $340.00");
  }

  @Test
  void freeOrderSaysWhatItWouldHaveCost() {
    ReceiptContent sample = Samples.of(Kind.PAYMENT, "en", Currency.getInstance("USD"));
    ReceiptContent free =
        with(
            sample,
            Shop.usd(0),
            List.of(),
            new Totals(Shop.usd(1000), Shop.usd(1000), null, null, false, List.of()));

    assertThat(sums(free)).containsExactly("Subtotal $10.00", "Discount -$10.00", "Total $0.00");
  }
}
