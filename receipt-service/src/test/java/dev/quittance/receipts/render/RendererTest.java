package dev.quittance.receipts.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.Totals;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RendererTest {

  private final Renderer renderer = new Renderer();

  private static ReceiptContent payment(
      Money amount,
      @Nullable Money charged,
      @Nullable String locale,
      List<LineItem> items,
      @Nullable Totals totals) {
    return new ReceiptContent(
        Kind.PAYMENT,
        "stripe",
        null,
        "pi_1",
        true,
        amount,
        charged,
        amount,
        Money.zero(amount.currency()),
        null,
        null,
        Shop.NOON,
        Shop.NOON,
        ItemsState.KNOWN,
        items,
        totals,
        Customer.UNKNOWN,
        "order-4711",
        null,
        locale,
        null,
        null,
        null);
  }

  private Rendered render(ReceiptContent content) {
    return renderer.render(content, "ACME-2026-1", TestShop.MERCHANT);
  }

  @Test
  void everythingACustomerWroteIsEscaped() {
    var item = LineItem.of("li_1", "<script>alert('x')</script> & \"more\"", 1, Shop.usd(3000));

    Rendered rendered = render(payment(Shop.usd(3000), null, null, List.of(item), null));

    assertThat(rendered.html())
        .doesNotContain("<script")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;");
    assertThat(rendered.text()).contains("<script>alert('x')</script> & \"more\"");
  }

  @Test
  void htmlIsAsciiAndLoadsNothing() {
    var item = LineItem.of("li_1", "Ein Käfig 🐦", 1, Shop.usd(3000));

    Rendered rendered = render(payment(Shop.usd(3000), null, "de", List.of(item), null));

    assertThat(rendered.html().chars()).allMatch(c -> c < 128);
    assertThat(rendered.html())
        .doesNotContain("<img")
        .doesNotContain("url(")
        .doesNotContain("http");
    assertThat(rendered.html().lines()).allMatch(line -> line.length() < 998);
  }

  @Test
  void currenciesHaveTheirOwnNumberOfDecimals() {
    assertThat(render(payment(Money.ofMinor(1200, "JPY"), null, "en", List.of(), null)).subject())
        .endsWith("¥1,200");
    assertThat(render(payment(Money.ofMinor(1200, "JPY"), null, "ja", List.of(), null)).subject())
        .endsWith("￥1,200");
    assertThat(render(payment(Money.ofMinor(12345, "KWD"), null, "en", List.of(), null)).subject())
        .endsWith("KWD\u00a012.345");
    assertThat(
            render(payment(Money.ofMinor(123456, "EUR"), null, "de-DE", List.of(), null)).subject())
        .endsWith("1.234,56\u00a0€");
  }

  @Test
  void languageWithoutAFileIsServedInEnglish() {
    Rendered rendered = render(payment(Shop.usd(3000), null, "sw-KE", List.of(), null));

    assertThat(rendered.language()).isEqualTo("en");
    assertThat(rendered.subject()).isEqualTo("Your receipt from Acme Books: $30.00");
  }

  @Test
  void localeAsProvidersSpellItIsUnderstood() {
    assertThat(render(payment(Shop.usd(1), null, "fr_CA", List.of(), null)).language())
        .isEqualTo("fr-CA");
    assertThat(render(payment(Shop.usd(1), null, "auto", List.of(), null)).language())
        .isEqualTo("en");
    assertThat(render(payment(Shop.usd(1), null, "x\r\nBcc: y", List.of(), null)).language())
        .isEqualTo("en");
  }

  @Test
  void bothCurrenciesAreNamedWhereTheyDiffer() {
    Rendered rendered =
        render(
            payment(
                Money.ofMinor(59500, "RUB"), Money.ofMinor(5999, "EUR"), "en", List.of(), null));

    assertThat(rendered.text()).contains("Total: RUB\u00a0595.00").contains("Charged: €59.99");
  }

  @Test
  void sumsThatDoNotAddUpAreNotShown() {
    var item = LineItem.of("li_1", "A thing", 1, Shop.usd(2999));

    Rendered rendered = render(payment(Shop.usd(3000), null, "en", List.of(item), null));

    assertThat(rendered.text()).contains("A thing").doesNotContain("29.99");
  }

  @Test
  void detailedSumsLeadFromTheItemsToTheTotal() {
    var item =
        new LineItem(
            "li_1",
            "A thing",
            2,
            Shop.usd(2142),
            Shop.usd(1000),
            Shop.usd(2000),
            Shop.usd(200),
            Shop.usd(342),
            null,
            null,
            null,
            java.util.Map.of());
    var totals =
        new Totals(
            Shop.usd(2000),
            Shop.usd(200),
            Shop.usd(500),
            Shop.usd(342),
            false,
            List.of(new Totals.TaxLine("VAT", "19", Shop.usd(342))));

    String text = render(payment(Shop.usd(2642), null, "en", List.of(item), totals)).text();

    assertThat(text)
        .contains(
            """
            Subtotal: $20.00
            Discount: -$2.00
            Shipping: $5.00
            VAT 19 %: $3.42
            Total: $26.42
            """);
  }

  @Test
  void freeOrderIsConfirmedWithoutThanksForAPayment() {
    assertThat(render(payment(Shop.usd(0), null, "en", List.of(), null)).subject())
        .isEqualTo("Your order with Acme Books is confirmed");
  }

  @Test
  void everyLanguageHasEveryWord() {
    var english = java.util.ResourceBundle.getBundle("receipts.messages", java.util.Locale.ROOT);
    for (String language : List.of("de", "fr", "es", "ja")) {
      var bundle =
          java.util.ResourceBundle.getBundle(
              "receipts.messages", java.util.Locale.forLanguageTag(language));
      for (String key : english.keySet()) {
        assertThat(bundle.keySet()).contains(key);
        assertThat(bundle.getString(key).replaceAll("[^{}01]", ""))
            .as("%s in %s", key, language)
            .hasSameSizeAs(english.getString(key).replaceAll("[^{}01]", ""));
      }
    }
  }
}
