package dev.quittance.receipts.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.Money;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Corrections of wrong amounts as they were looked at and found good, written as in
/// [GoldenReceiptsTest].
class CorrectedReceiptsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/corrected");

  /// @param kind of the receipt that was wrong
  /// @param none whether nothing of it was right
  record Case(Kind kind, boolean none, String locale, String currency) {

    String name() {
      return kind.name().toLowerCase(Locale.ROOT)
          + (none ? "-none-" : "-")
          + locale
          + "-"
          + currency;
    }

    ReceiptContent content() {
      ReceiptContent wrong = Samples.of(kind, locale, Currency.getInstance(currency));
      Money said = wrong.amount();
      Money right =
          none
              ? Money.zero(said.currency())
              : new Money(said.minorUnits() * 3 / 4, said.currency());
      return wrong.corrected(
          "SAMPLE-2026-0", said, right, wrong.happenedAt().plus(Duration.ofDays(1)));
    }

    Rendered rendered() {
      return new Renderer().render(content(), Samples.NUMBER, TestShop.MERCHANT);
    }

    String text() {
      Rendered rendered = rendered();
      return "Subject: " + rendered.subject() + "\n\n" + rendered.text();
    }

    byte[] pdf() {
      return new Renderer().pdf(content(), Samples.NUMBER, TestShop.MERCHANT).orElseThrow();
    }
  }

  static List<Case> cases() {
    return Stream.of("en USD", "de EUR", "fr EUR", "es EUR", "ja JPY")
        .map(pair -> pair.split(" "))
        .flatMap(pair ->
            Stream.of(
                new Case(Kind.PAYMENT, false, pair[0], pair[1]),
                new Case(Kind.PAYMENT, true, pair[0], pair[1]),
                new Case(Kind.REFUND, false, pair[0], pair[1]),
                new Case(Kind.REFUND, true, pair[0], pair[1])))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void correctionLooksAsItAlwaysDid(Case golden) throws IOException {
    Path text = GOLDEN.resolve(golden.name() + ".txt");
    Path html = GOLDEN.resolve(golden.name() + ".html");
    Path pdf = GOLDEN.resolve(golden.name() + ".pdf");
    if (Boolean.getBoolean("quittance.golden.write") && !Files.exists(text)) {
      Files.createDirectories(GOLDEN);
      Files.writeString(text, golden.text());
      Files.writeString(html, golden.rendered().html());
      Files.write(pdf, golden.pdf());
    }

    assertThat(golden.text()).isEqualTo(Files.readString(text));
    assertThat(golden.rendered().html()).isEqualTo(Files.readString(html));
    byte[] good = Files.readAllBytes(pdf);
    assertThat(PdfReceiptsTest.drawn(golden.pdf())).isEqualTo(PdfReceiptsTest.drawn(good));
    assertThat(PdfReceiptsTest.text(golden.pdf())).isEqualTo(PdfReceiptsTest.text(good));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itNamesTheReceiptAndBothAmounts(Case golden) {
    ReceiptPage page =
        ReceiptWriter.write(golden.content(), Samples.NUMBER, TestShop.MERCHANT, null);

    assertThat(page.title()).contains("SAMPLE-2026-0");
    assertThat(page.intro()).contains("SAMPLE-2026-0", page.sums().getFirst().value());
    assertThat(page.facts()).anyMatch(row -> row.value().equals("SAMPLE-2026-0"));
    assertThat(page.sums()).hasSize(2);
    assertThat(page.intro() + page.title()).doesNotContain("{");
    if (!golden.none()) {
      assertThat(page.intro()).contains(page.sums().getLast().value());
    }
  }

  @Test
  void whereNothingWasRightItSaysSo() {
    assertThat(new Case(Kind.REFUND, true, "en", "USD").text()).contains("no refund was made");
    assertThat(new Case(Kind.PAYMENT, true, "en", "USD").text())
        .contains("we have received no payment from you");
  }

  @Test
  void theCorrectionOfACorrectionIsAboutTheSame() {
    ReceiptContent first = new Case(Kind.PAYMENT, true, "en", "USD").content();
    ReceiptContent second =
        first.corrected("SAMPLE-2026-1", first.amount(), Money.ofMinor(5, "USD"), first.paidAt());

    assertThat(ReceiptWriter.write(second, "SAMPLE-2026-2", TestShop.MERCHANT, null).intro())
        .contains("receipt SAMPLE-2026-1 said that you had paid", "you have paid $0.05");
  }
}
