package dev.quittance.receipts.render;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.pdmodel.interactive.viewerpreferences.PDViewerPreferences;

/// Prints receipts as PDF: the same model as the other forms, on as many A4 sheets as it takes. The
/// same receipt gives the same bytes. For one thread at a time.
final class PdfPrinter {

  private static final Color INK = new Color(0x1c2026);
  private static final Color SOFT = new Color(0x5d6673);
  private static final Color LINE = new Color(0xd5d9e0);
  private static final Color TEST = new Color(0xfff4cc);
  private static final Color TEST_INK = new Color(0x5c4700);

  private static final PdfSheets.Ink MERCHANT = new PdfSheets.Ink(13, Fonts.Weight.BOLD, INK);
  private static final PdfSheets.Ink HEADING = new PdfSheets.Ink(20, Fonts.Weight.BOLD, INK);
  private static final PdfSheets.Ink BODY = new PdfSheets.Ink(10, Fonts.Weight.REGULAR, INK);
  private static final PdfSheets.Ink LABEL = new PdfSheets.Ink(10, Fonts.Weight.REGULAR, SOFT);
  private static final PdfSheets.Ink STRONG = new PdfSheets.Ink(12, Fonts.Weight.BOLD, INK);
  private static final PdfSheets.Ink SMALL = new PdfSheets.Ink(8.5f, Fonts.Weight.REGULAR, SOFT);
  private static final PdfSheets.Ink WARNING =
      new PdfSheets.Ink(9.5f, Fonts.Weight.REGULAR, TEST_INK);

  private static final float LABELS = 170;
  private static final float AMOUNTS = 130;
  private static final float GAP = 12;
  private static final float LOGO_HEIGHT = 32;
  private static final float LOGO_WIDTH_MAX = 220;

  private final Fonts fonts;
  private final PdfCompression packer = new PdfCompression();

  PdfPrinter(Fonts fonts) {
    this.fonts = fonts;
  }

  /// Prints a receipt.
  ///
  /// @return nothing when the fonts can't write its language: rather none than one of boxes. Single
  ///   characters that they lack, in names or descriptions, are replaced.
  Optional<byte[]> print(ReceiptPage page) {
    boolean legible =
        Stream.of(
                Stream.of(page.heading(), page.intro()),
                page.facts().stream().map(ReceiptPage.Row::label),
                page.sums().stream().map(ReceiptPage.Row::label))
            .flatMap(words -> words)
            .allMatch(words -> legible(words, page));
    if (!legible) {
      return Optional.empty();
    }
    try (var document = new PDDocument()) {
      describe(document, page);
      var printing = new Printing(page, document);
      printing.print();
      var bytes = new ByteArrayOutputStream(64 * 1024);
      // object streams would save 1.5 kB, and compressing them is not free
      document.save(bytes, CompressParameters.NO_COMPRESSION);
      return Optional.of(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A merchant's name may be in a script of its own.
  private boolean legible(String words, ReceiptPage page) {
    return fonts.cover(words.replace(page.merchant().name(), ""));
  }

  private static void describe(PDDocument document, ReceiptPage page) {
    var information = new PDDocumentInformation();
    information.setTitle(page.title());
    information.setAuthor(page.merchant().name());
    information.setProducer("Quittance");
    document.setDocumentInformation(information);
    document.getDocumentCatalog().setLanguage(page.language());
    var preferences = new PDViewerPreferences(new org.apache.pdfbox.cos.COSDictionary());
    preferences.setDisplayDocTitle(true);
    document.getDocumentCatalog().setViewerPreferences(preferences);
    var checksum = new CRC32C();
    checksum.update(page.number().getBytes(StandardCharsets.UTF_8));
    document.setDocumentId(checksum.getValue()); // else it would be the time
  }

  private final class Printing {

    private final ReceiptPage page;
    private final PDDocument document;
    private final PdfSheets sheets;

    Printing(ReceiptPage page, PDDocument document) throws IOException {
      this.page = page;
      this.document = document;
      this.sheets =
          new PdfSheets(
              document,
              fonts,
              packer,
              page.direction().equals("rtl"),
              Locale.forLanguageTag(page.language()));
    }

    void print() throws IOException {
      try (sheets) {
        head();
        for (ReceiptPage.Row row : page.facts()) {
          row(row, LABELS, PdfSheets.Align.START, LABEL, BODY);
        }
        sheets.skip(14);
        if (!page.items().isEmpty()) {
          items();
        }
        sums();
        footer();
        sheets.number(page.heading() + " " + page.number(), SMALL);
      }
    }

    private void head() throws IOException {
      sheets.rule(3, Color.decode(page.merchant().color()));
      sheets.skip(22);
      Logo logo = page.merchant().logo();
      if (logo == null) {
        paragraph(page.merchant().name(), MERCHANT);
      } else {
        PDImageXObject picture = PDImageXObject.createFromByteArray(document, logo.bytes(), "logo");
        float scale =
            Math.min(LOGO_HEIGHT / picture.getHeight(), LOGO_WIDTH_MAX / picture.getWidth());
        sheets.picture(picture, picture.getWidth() * scale, picture.getHeight() * scale);
        sheets.skip(LOGO_HEIGHT);
      }
      String test = page.test();
      if (test != null) {
        sheets.skip(12);
        List<String> lines = sheets.lines(test, PdfSheets.MEASURE - 2 * GAP, WARNING);
        float height = lines.size() * WARNING.leading() + 8;
        sheets.box(0, PdfSheets.MEASURE, height, TEST);
        sheets.skip(4);
        sheets.print(lines, GAP, PdfSheets.MEASURE - 2 * GAP, PdfSheets.Align.START, WARNING);
        sheets.skip(height - 4);
      }
      sheets.skip(18);
      paragraph(page.heading(), HEADING);
      sheets.skip(4);
      paragraph(page.intro(), BODY);
      sheets.skip(16);
    }

    private void paragraph(String text, PdfSheets.Ink ink) throws IOException {
      for (String line : sheets.lines(text, PdfSheets.MEASURE, ink)) {
        room(ink.leading());
        sheets.print(List.of(line), 0, PdfSheets.MEASURE, PdfSheets.Align.START, ink);
        sheets.skip(ink.leading());
      }
    }

    /// A label and its value side by side.
    private void row(
        ReceiptPage.Row row,
        float labels,
        PdfSheets.Align align,
        PdfSheets.Ink label,
        PdfSheets.Ink value)
        throws IOException {
      float values = PdfSheets.MEASURE - labels - GAP;
      List<String> left = sheets.lines(row.label(), labels, label);
      List<String> right = sheets.lines(row.value(), values, value);
      float height = Math.max(left.size(), right.size()) * value.leading() + 3;
      room(height);
      sheets.print(left, 0, labels, PdfSheets.Align.START, label);
      sheets.print(right, labels + GAP, values, align, value);
      sheets.skip(height);
    }

    private void items() throws IOException {
      columns();
      for (ReceiptPage.Item item : page.items()) {
        String shown = item.amount() == null ? "" : item.amount();
        // an amount is never broken: a long one takes from the description's room
        float amounts = page.itemAmounts() ? Math.max(AMOUNTS, sheets.width(shown, BODY)) : 0;
        float names = PdfSheets.MEASURE - amounts - (page.itemAmounts() ? GAP : 0);
        List<String> name = sheets.lines(item.description(), names, BODY);
        List<String> details =
            item.details().stream()
                .flatMap(detail -> sheets.lines(detail, names, SMALL).stream())
                .toList();
        float height = name.size() * BODY.leading() + details.size() * SMALL.leading() + 11;
        if (!sheets.fits(height)) {
          sheets.turn();
          columns();
        }
        sheets.skip(5);
        sheets.print(name, 0, names, PdfSheets.Align.START, BODY);
        sheets.print(List.of(shown), names + GAP, amounts, PdfSheets.Align.END, BODY);
        sheets.skip(name.size() * BODY.leading());
        sheets.print(details, 0, names, PdfSheets.Align.START, SMALL);
        sheets.skip(details.size() * SMALL.leading() + 5);
        sheets.rule(0.5f, LINE);
        sheets.skip(1);
      }
      sheets.skip(8);
    }

    /// The table's head, on every sheet again.
    private void columns() throws IOException {
      room(3 * SMALL.leading() + 3 * BODY.leading());
      float names = PdfSheets.MEASURE - AMOUNTS - GAP;
      sheets.print(
          sheets.lines(page.itemLabel(), names, SMALL), 0, names, PdfSheets.Align.START, SMALL);
      if (page.itemAmounts()) {
        sheets.print(
            sheets.lines(page.amountLabel(), AMOUNTS, SMALL),
            names + GAP,
            AMOUNTS,
            PdfSheets.Align.END,
            SMALL);
      }
      sheets.skip(SMALL.leading() + 4);
      sheets.rule(0.8f, SOFT);
      sheets.skip(1);
    }

    /// On one sheet, so that they can be added up at a glance.
    private void sums() throws IOException {
      room(page.sums().size() * (STRONG.leading() + 3));
      for (ReceiptPage.Row row : page.sums()) {
        PdfSheets.Ink ink = row.strong() ? STRONG : BODY;
        float values = Math.max(AMOUNTS, sheets.width(row.value(), ink) + 1);
        row(
            row,
            Math.max(LABELS, PdfSheets.MEASURE - values - GAP),
            PdfSheets.Align.END,
            row.strong() ? STRONG : LABEL,
            ink);
      }
      sheets.skip(18);
    }

    private void footer() throws IOException {
      room(page.footer().size() * SMALL.leading() + 12);
      sheets.rule(0.5f, LINE);
      sheets.skip(10);
      for (String line : page.footer()) {
        paragraph(line, SMALL);
      }
    }

    private void room(float height) throws IOException {
      if (!sheets.fits(height)) {
        sheets.turn();
      }
    }
  }
}
