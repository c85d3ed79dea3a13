package dev.quittance.receipts.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.receipts.TestShop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Receipts as they were looked at and found good. `-Dquittance.golden.write=true` writes those
/// that are missing; one that is there is never changed by it.
class GoldenReceiptsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/receipts");

  record Case(Kind kind, String locale, String currency) {

    String name() {
      return kind.name().toLowerCase(Locale.ROOT) + "-" + locale + "-" + currency;
    }

    Rendered rendered() {
      return new Renderer()
          .render(
              Samples.of(kind, locale, Currency.getInstance(currency)),
              Samples.NUMBER,
              TestShop.MERCHANT);
    }

    String text() {
      Rendered rendered = rendered();
      return "Subject: " + rendered.subject() + "\n\n" + rendered.text();
    }
  }

  static List<Case> cases() {
    return List.of(
        new Case(Kind.PAYMENT, "en", "USD"),
        new Case(Kind.REFUND, "en", "USD"),
        new Case(Kind.CORRECTION, "en", "USD"),
        new Case(Kind.PAYMENT, "de", "EUR"),
        new Case(Kind.REFUND, "de", "EUR"),
        new Case(Kind.CORRECTION, "de", "EUR"),
        new Case(Kind.PAYMENT, "fr", "EUR"),
        new Case(Kind.REFUND, "fr", "EUR"),
        new Case(Kind.CORRECTION, "fr", "EUR"),
        new Case(Kind.PAYMENT, "es", "EUR"),
        new Case(Kind.REFUND, "es", "EUR"),
        new Case(Kind.CORRECTION, "es", "EUR"),
        new Case(Kind.PAYMENT, "ja", "JPY"),
        new Case(Kind.REFUND, "ja", "JPY"),
        new Case(Kind.CORRECTION, "ja", "JPY"),
        new Case(Kind.PAYMENT, "en-GB", "GBP"),
        new Case(Kind.PAYMENT, "de-CH", "CHF"),
        new Case(Kind.PAYMENT, "en", "KWD"),
        new Case(Kind.REFUND, "fr-CA", "CAD"),
        new Case(Kind.PAYMENT, "es-MX", "MXN"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void receiptLooksAsItAlwaysDid(Case golden) throws IOException {
    writeMissing(golden);

    assertThat(golden.text()).isEqualTo(Files.readString(GOLDEN.resolve(golden.name() + ".txt")));
    assertThat(golden.rendered().html())
        .isEqualTo(Files.readString(GOLDEN.resolve(golden.name() + ".html")));
  }

  /// Where words have changed, the receipts of before are kept: whoever has one has the same facts.
  @Test
  void refundsOfBeforeSayTheSameInOlderWords() throws IOException {
    var golden = new Case(Kind.REFUND, "en", "USD");
    String older = Files.readString(GOLDEN.resolve("older/" + golden.name() + ".txt"));

    assertThat(older)
        .isEqualTo(
            golden
                .text()
                .replace(
                    "It may take a few days to appear, depending on your bank.",
                    "Depending on your bank it can take a few days until you see it."));
  }

  /// What is said in one form is said in the other.
  @ParameterizedTest
  @MethodSource("cases")
  void htmlAndTextSayTheSame(Case golden) {
    ReceiptPage page =
        ReceiptWriter.write(
            Samples.of(golden.kind(), golden.locale(), Currency.getInstance(golden.currency())),
            Samples.NUMBER,
            TestShop.MERCHANT,
            null);
    String html = plain(golden.rendered().html());
    String text = golden.rendered().text();

    for (ReceiptPage.Row row : page.facts()) {
      assertThat(html).contains(row.label(), row.value());
      assertThat(text).contains(row.label() + ": " + row.value());
    }
    for (ReceiptPage.Row row : page.sums()) {
      assertThat(html).contains(row.label(), row.value());
      assertThat(text).contains(row.label() + ": " + row.value());
    }
    for (ReceiptPage.Item item : page.items()) {
      assertThat(html).contains(item.description());
      assertThat(text).contains(item.description());
    }
    assertThat(page.footer()).allMatch(line -> html.contains(line) && text.contains(line));
  }

  /// Whoever adds up what is shown gets what is shown.
  @ParameterizedTest
  @MethodSource("cases")
  void sumsAgree(Case golden) {
    ReceiptPage page =
        ReceiptWriter.write(
            Samples.of(golden.kind(), golden.locale(), Currency.getInstance(golden.currency())),
            Samples.NUMBER,
            TestShop.MERCHANT,
            null);
    List<Long> sums = page.sums().stream().map(row -> minorUnits(row.value())).toList();

    switch (golden.kind()) {
      case PAYMENT -> {
        long items =
            page.items().stream()
                .mapToLong(item -> minorUnits(String.valueOf(item.amount())))
                .sum();
        assertThat(items).isEqualTo(sums.getFirst());
        assertThat(sums.subList(0, sums.size() - 1).stream().mapToLong(sum -> sum).sum())
            .isEqualTo(sums.getLast());
      }
      case REFUND -> assertThat(sums.get(0) - sums.get(1)).isEqualTo(sums.getLast());
      case CORRECTION -> assertThat(sums.get(0) - sums.get(2)).isEqualTo(sums.getLast());
    }
  }

  /// All amounts of one receipt have the same number of decimals.
  private static long minorUnits(String shown) {
    long digits = Long.parseLong(shown.replaceAll("[^0-9]", ""));
    return shown.matches(".*[-\u2212].*") ? -digits : digits;
  }

  /// The text that a mail program shows.
  static String plain(String html) {
    var plain = new StringBuilder();
    var reference = java.util.regex.Pattern.compile("&#([0-9]+);").matcher(html);
    while (reference.find()) {
      reference.appendReplacement(
          plain,
          java.util.regex.Matcher.quoteReplacement(
              Character.toString(Integer.parseInt(reference.group(1)))));
    }
    reference.appendTail(plain);
    return plain
        .toString()
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
  }

  private static void writeMissing(Case golden) throws IOException {
    if (!Boolean.getBoolean("quittance.golden.write")) {
      return;
    }
    Files.createDirectories(GOLDEN);
    Path text = GOLDEN.resolve(golden.name() + ".txt");
    if (!Files.exists(text)) {
      Files.writeString(text, golden.text());
    }
    Path html = GOLDEN.resolve(golden.name() + ".html");
    if (!Files.exists(html)) {
      Files.writeString(html, golden.rendered().html());
    }
  }
}
