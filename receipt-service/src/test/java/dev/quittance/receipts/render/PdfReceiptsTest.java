package dev.quittance.receipts.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.Customer;
import dev.quittance.contracts.ItemsState;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.fontbox.ttf.OS2WindowsMetricsTable;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PdfReceiptsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/receipts");
  private static final Renderer RENDERER = new Renderer();

  static List<GoldenReceiptsTest.Case> cases() {
    return GoldenReceiptsTest.cases();
  }

  private static byte[] pdf(GoldenReceiptsTest.Case golden) {
    return pdf(
        Samples.of(golden.kind(), golden.locale(), Currency.getInstance(golden.currency())),
        TestShop.MERCHANT);
  }

  private static byte[] pdf(ReceiptContent content, Merchant merchant) {
    return RENDERER.pdf(content, Samples.NUMBER, merchant).orElseThrow();
  }

  /// What is drawn where: the streams of all pages, unpacked.
  static String drawn(byte[] pdf) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      var drawn = new StringBuilder();
      for (PDPage page : document.getPages()) {
        try (var contents = page.getContents()) {
          drawn.append(new String(contents.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
      }
      return drawn.toString();
    }
  }

  static String text(byte[] pdf) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      var stripper = new PDFTextStripper();
      stripper.setSortByPosition(true);
      return stripper.getText(document);
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\s\u00a0\u202f]+", "");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pdfLooksAsItAlwaysDid(GoldenReceiptsTest.Case golden) throws IOException {
    Path file = GOLDEN.resolve(golden.name() + ".pdf");
    byte[] pdf = pdf(golden);
    if (Boolean.getBoolean("quittance.golden.write") && !Files.exists(file)) {
      Files.write(file, pdf);
    }
    byte[] good = Files.readAllBytes(file);

    // not the bytes themselves: how they are packed is the business of each JDK's own zlib
    assertThat(drawn(pdf)).isEqualTo(drawn(good));
    assertThat(text(pdf)).isEqualTo(text(good));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pdfSaysWhatTheOtherFormsSay(GoldenReceiptsTest.Case golden) throws IOException {
    ReceiptPage page =
        ReceiptWriter.write(
            Samples.of(golden.kind(), golden.locale(), Currency.getInstance(golden.currency())),
            Samples.NUMBER,
            TestShop.MERCHANT,
            null);

    String text = oneLine(text(pdf(golden)));

    for (ReceiptPage.Row row : page.facts()) {
      assertThat(text).contains(oneLine(row.label()), oneLine(row.value()));
    }
    for (ReceiptPage.Row row : page.sums()) {
      assertThat(text).contains(oneLine(row.label()), oneLine(row.value()));
    }
    assertThat(page.footer()).allMatch(line -> text.contains(oneLine(line)));
  }

  @Test
  void sameReceiptGivesTheSameBytes() {
    var golden = new GoldenReceiptsTest.Case(Kind.PAYMENT, "ja", "JPY");

    assertThat(pdf(golden)).isEqualTo(pdf(golden)).hasSizeLessThan(60_000);
  }

  @Test
  void receiptGivesTheSameBytesWhateverWasPrintedBefore() {
    var golden = new GoldenReceiptsTest.Case(Kind.PAYMENT, "de", "EUR");
    byte[] first = pdf(golden);

    pdf(new GoldenReceiptsTest.Case(Kind.PAYMENT, "ja", "JPY"));
    pdf(ofLines(40, i -> "Thing number " + i), TestShop.MERCHANT);

    assertThat(pdf(golden)).isEqualTo(first);
    assertThat(
            new Renderer()
                .pdf(
                    Samples.of(Kind.PAYMENT, "de", Currency.getInstance("EUR")),
                    Samples.NUMBER,
                    TestShop.MERCHANT)
                .orElseThrow())
        .isEqualTo(first);
  }

  /// And those that they are composed of, such as the accent of `é`.
  @Test
  void onlyTheLettersThatAreUsedAreEmbedded() throws IOException {
    byte[] pdf = pdf(ofLines(1, _ -> "Crème brûlée, groß"), TestShop.MERCHANT);

    assertThat(pdf).hasSizeLessThan(14_000);
    try (PDDocument document = Loader.loadPDF(pdf)) {
      var resources = document.getPage(0).getResources();
      for (var name : resources.getFontNames()) {
        PDFont font = resources.getFont(name);
        assertThat(font.isEmbedded()).isTrue();
        assertThat(font.getName()).matches("[A-Z]{6}\\+NotoSans-(Regular|SemiBold)");
        try (var program =
            new TTFParser(true)
                .parse(
                    new RandomAccessReadBuffer(
                        font.getFontDescriptor().getFontFile2().toByteArray()))) {
          assertThat(program.getNumberOfGlyphs()).isBetween(5, 80);
        }
      }
    }
    assertThat(text(pdf)).contains("Crème brûlée, groß");
  }

  /// Rather than with each receipt.
  @Test
  void fontThatMayNotBeEmbeddedIsRefusedAtOnce(@TempDir Path folder) throws IOException {
    byte[] font =
        Files.readAllBytes(Path.of("src/main/resources/receipts/fonts/NotoSans-Regular.ttf"));
    try (var parsed = new TTFParser().parse(new RandomAccessReadBuffer(font))) {
      int permission = Math.toIntExact(parsed.getOS2Windows().getOffset()) + 8;
      font[permission + 1] = OS2WindowsMetricsTable.FSTYPE_RESTRICTED;
    }
    Path file = Files.write(folder.resolve("restricted.ttf"), font);

    assertThatThrownBy(() -> new Renderer(Optional.of(file)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasRootCauseMessage("This font does not permit embedding");
  }

  @Test
  void longOrderTakesAsManySheetsAsItNeedsAndLosesNoLine() throws IOException {
    byte[] pdf = pdf(ofLines(250, i -> "Thing number " + i), TestShop.MERCHANT);

    String text = text(pdf);
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getNumberOfPages()).isBetween(10, 16);
      assertThat(text)
          .contains("1 / " + document.getNumberOfPages())
          .contains(document.getNumberOfPages() + " / " + document.getNumberOfPages());
    }
    IntStream.range(0, 250)
        .forEach(i -> assertThat(text).containsPattern("Thing number " + i + "\\s"));
    assertThat(text).contains("Total").contains("$2,500.00");
    nothingLeavesThePaper(pdf);
  }

  @Test
  void wordsWithoutEndAreBrokenAndStayOnThePaper() throws IOException {
    nothingLeavesThePaper(pdf(ofLines(3, _ -> "W".repeat(290)), TestShop.MERCHANT));
    nothingLeavesThePaper(pdf(ofLines(3, _ -> "領収書".repeat(90)), TestShop.MERCHANT));
  }

  @Test
  void largestAmountsKeepToTheirColumn() throws IOException {
    Money most = Money.ofMinor(Long.MAX_VALUE / 4, "IDR");

    byte[] pdf =
        pdf(content(most, "id", List.of(LineItem.of("li", "A thing", 1, most))), TestShop.MERCHANT);

    nothingLeavesThePaper(pdf);
  }

  @Test
  void charactersThatNoFontHasAreReplaced() throws IOException {
    byte[] pdf =
        pdf(
            ofLines(1, _ -> "ก ሀ 🧀 \u200f\ufeff\ud800 \u0000 e\u0301 한 ﷽ עברית"),
            TestShop.MERCHANT);

    assertThat(text(pdf)).contains("□").contains("é");
    nothingLeavesThePaper(pdf);
  }

  @Test
  void merchantsOwnFontAndLogoAreUsed(@TempDir Path folder) throws IOException {
    var picture = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(300, 100, BufferedImage.TYPE_INT_RGB), "png", picture);
    Path logo = Files.write(folder.resolve("logo.png"), picture.toByteArray());
    Merchant plain = TestShop.MERCHANT;
    var merchant =
        new Merchant(
            plain.name(),
            plain.address(),
            plain.taxId(),
            plain.support(),
            null,
            Logo.read(logo),
            plain.color(),
            plain.locale(),
            plain.zone());

    byte[] pdf =
        new Renderer(Optional.of(Path.of("src/main/resources/receipts/fonts/NotoSans-Regular.ttf")))
            .pdf(ofLines(1, _ -> "A thing"), Samples.NUMBER, merchant)
            .orElseThrow();

    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getPage(0).getResources().getXObjectNames()).hasSize(1);
    }
  }

  /// No glyph ends beyond the margins, and no two texts lie over each other.
  private static void nothingLeavesThePaper(byte[] pdf) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      var glyphs = new ArrayList<TextPosition>();
      var stripper =
          new PDFTextStripper() {
            @Override
            protected void processTextPosition(TextPosition text) {
              glyphs.add(text);
            }
          };
      for (int i = 1; i <= document.getNumberOfPages(); i++) {
        glyphs.clear();
        stripper.setStartPage(i);
        stripper.setEndPage(i);
        stripper.getText(document);
        for (TextPosition glyph : glyphs) {
          assertThat(glyph.getXDirAdj()).isGreaterThanOrEqualTo(PdfSheets.MARGIN - 0.5f);
          assertThat(glyph.getXDirAdj() + glyph.getWidthDirAdj())
              .isLessThanOrEqualTo(PdfSheets.WIDTH - PdfSheets.MARGIN + 0.5f);
          assertThat(glyph.getYDirAdj()).isBetween(40f, 810f);
        }
        overlapsNowhere(glyphs);
      }
    }
  }

  private static void overlapsNowhere(List<TextPosition> glyphs) {
    for (int i = 0; i < glyphs.size(); i++) {
      TextPosition one = glyphs.get(i);
      for (int j = i + 1; j < glyphs.size(); j++) {
        TextPosition other = glyphs.get(j);
        boolean sameLine = Math.abs(one.getYDirAdj() - other.getYDirAdj()) < 4;
        float shared =
            Math.min(
                    one.getXDirAdj() + one.getWidthDirAdj(),
                    other.getXDirAdj() + other.getWidthDirAdj())
                - Math.max(one.getXDirAdj(), other.getXDirAdj());
        assertThat(sameLine && shared > 0.5f).as("%s over %s", one, other).isFalse();
      }
    }
  }

  /// Pictures for people to look at: `-Dquittance.pictures=folder` writes them.
  @Test
  void picturesOfAllPages() throws IOException {
    String folder = System.getProperty("quittance.pictures", "");
    var documents = new java.util.TreeMap<String, byte[]>();
    if (!folder.isEmpty()) {
      Files.createDirectories(Path.of(folder));
      cases().forEach(golden -> documents.put(golden.name(), pdf(golden)));
      documents.put("long", pdf(ofLines(250, i -> "Thing number " + i), TestShop.MERCHANT));
      documents.put("wide", pdf(ofLines(3, _ -> "W".repeat(290)), TestShop.MERCHANT));
    }
    for (var entry : documents.entrySet()) {
      try (PDDocument document = Loader.loadPDF(entry.getValue())) {
        var renderer = new PDFRenderer(document);
        for (int i = 0; i < Math.min(2, document.getNumberOfPages()); i++) {
          Path file = Path.of(folder, entry.getKey() + "-" + (i + 1) + ".png");
          ImageIO.write(renderer.renderImageWithDPI(i, 80), "png", file.toFile());
        }
      }
    }
    assertThat(documents.size()).isIn(0, cases().size() + 2);
  }

  private static ReceiptContent ofLines(int lines, java.util.function.IntFunction<String> name) {
    return content(
        Shop.usd(lines * 1000L),
        "en",
        IntStream.range(0, lines)
            .mapToObj(i -> LineItem.of("li_" + i, name.apply(i), 2, Shop.usd(1000)))
            .toList());
  }

  private static ReceiptContent content(Money amount, String locale, List<LineItem> items) {
    return new ReceiptContent(
        Kind.PAYMENT,
        "stripe",
        null,
        "pi_1",
        true,
        amount,
        null,
        amount,
        Money.zero(amount.currency()),
        null,
        null,
        Shop.NOON,
        Shop.NOON,
        ItemsState.KNOWN,
        items,
        null,
        Customer.UNKNOWN,
        "order-4711",
        null,
        locale,
        null,
        null,
        null);
  }
}
