package dev.quittance.receipts.render;

import java.awt.Color;
import java.io.IOException;
import java.io.InputStream;
import java.text.Bidi;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.jspecify.annotations.Nullable;

/// Paper to print on: A4 sheets, as many as it takes, with a place that moves down. All measures
/// are points; where a text starts depends on its direction.
final class PdfSheets implements AutoCloseable {

  static final float WIDTH = PDRectangle.A4.getWidth();
  static final float MARGIN = 56;

  /// Between the margins.
  static final float MEASURE = WIDTH - 2 * MARGIN;

  private static final float TOP = PDRectangle.A4.getHeight() - MARGIN;
  private static final float BOTTOM = 72;

  /// From a line's top to its baseline, and from line to line, in sizes.
  private static final float ASCENT = 1.07f;

  private static final float LEADING = 1.42f;

  /// An outline of this thickness, in sizes, makes letters look bold.
  private static final float OUTLINE = 0.028f;

  /// How letters look.
  record Ink(float size, Fonts.Weight weight, Color color) {

    float leading() {
      return size * LEADING;
    }
  }

  /// Where a text stands in its column.
  enum Align {
    START,
    END
  }

  private final PDDocument document;
  private final Fonts fonts;
  private final PdfCompression packer;
  private final boolean rightToLeft;
  private final Locale locale;
  private final @Nullable PDFont[] embedded;
  private PDPageContentStream page;
  private float y;

  PdfSheets(
      PDDocument document, Fonts fonts, PdfCompression packer, boolean rightToLeft, Locale locale)
      throws IOException {
    this.document = document;
    this.fonts = fonts;
    this.packer = packer;
    this.rightToLeft = rightToLeft;
    this.locale = locale;
    this.embedded = new PDFont[fonts.count()];
    this.page = add();
  }

  private PDPageContentStream add() throws IOException {
    var sheet = new PDPage(PDRectangle.A4);
    document.addPage(sheet);
    y = TOP;
    return new PDPageContentStream(document, sheet, AppendMode.OVERWRITE, false);
  }

  /// Starts another sheet.
  void turn() throws IOException {
    page.close();
    page = add();
  }

  /// Whether so much still goes on this sheet.
  boolean fits(float height) {
    return y - height >= BOTTOM;
  }

  /// Moves down.
  void skip(float height) {
    y -= height;
  }

  /// The text in lines that are no wider than that. A word that is wider is broken anywhere.
  List<String> lines(String text, float width, Ink ink) {
    String settable = fonts.settable(text);
    String whole = settable.stripTrailing();
    if (measure(whole, ink) <= width) { // as nearly always: and to find breaks is work
      return List.of(whole);
    }
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    BreakIterator breaks = BreakIterator.getLineInstance(locale);
    breaks.setText(settable);
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
      String word = settable.substring(start, end);
      if (measure(line + word.stripTrailing(), ink) > width && !line.isEmpty()) {
        lines.add(line.toString().stripTrailing());
        line.setLength(0);
      }
      if (measure(word.stripTrailing(), ink) > width) {
        broken(word, width, ink, line, lines);
      } else {
        line.append(word);
      }
    }
    if (!line.isEmpty() || lines.isEmpty()) {
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private void broken(String word, float width, Ink ink, StringBuilder line, List<String> lines) {
    for (int character : word.codePoints().toArray()) {
      String next = Character.toString(character);
      if (!line.isEmpty() && measure(line + next, ink) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(next);
    }
  }

  /// How wide a text is.
  float width(String text, Ink ink) {
    return measure(fonts.settable(text), ink);
  }

  private float measure(String settable, Ink ink) {
    return fonts.width(settable, ink.weight()) * ink.size();
  }

  /// Prints lines below each other, beginning at the present place, which stays where it is.
  ///
  /// @param from how far the column starts from the margin, on the side where texts start
  /// @param width of the column
  void print(List<String> lines, float from, float width, Align align, Ink ink) throws IOException {
    float top = y;
    for (String line : lines) {
      print(line, from, width, align, ink, top - ink.size() * ASCENT);
      top -= ink.leading();
    }
  }

  private void print(String line, float from, float width, Align align, Ink ink, float baseline)
      throws IOException {
    String visual = visual(fonts.settable(line));
    float free = width - measure(visual, ink);
    float left = MARGIN + (rightToLeft ? MEASURE - from - width : from);
    boolean atTheLeft = (align == Align.START) != rightToLeft;
    page.beginText();
    page.newLineAtOffset(atTheLeft ? left : left + free, baseline);
    page.setNonStrokingColor(ink.color());
    for (Fonts.Run run : fonts.runs(visual, ink.weight())) {
      page.setFont(font(run.font()), ink.size());
      if (run.outlined()) {
        page.setStrokingColor(ink.color());
        page.setLineWidth(ink.size() * OUTLINE);
      }
      page.setRenderingMode(run.outlined() ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
      page.showText(run.text());
    }
    page.endText();
  }

  /// A line as it is drawn from left to right.
  private String visual(String line) {
    char[] characters = line.toCharArray();
    if (!rightToLeft && !Bidi.requiresBidi(characters, 0, characters.length)) {
      return line;
    }
    var bidi =
        new Bidi(
            line,
            rightToLeft ? Bidi.DIRECTION_RIGHT_TO_LEFT : Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT);
    int runs = bidi.getRunCount();
    var levels = new byte[runs];
    var parts = new String[runs];
    for (int i = 0; i < runs; i++) {
      String part = line.substring(bidi.getRunStart(i), bidi.getRunLimit(i));
      levels[i] = (byte) bidi.getRunLevel(i);
      parts[i] = bidi.getRunLevel(i) % 2 == 0 ? part : mirrored(part);
    }
    Bidi.reorderVisually(levels, 0, parts, 0, runs);
    return String.join("", parts);
  }

  private static String mirrored(String part) {
    var reversed = new StringBuilder(part).reverse();
    var mirrored = new StringBuilder(part.length());
    reversed
        .codePoints()
        .map(character ->
            switch (character) {
              case '(' -> ')';
              case ')' -> '(';
              case '[' -> ']';
              case ']' -> '[';
              case '<' -> '>';
              case '>' -> '<';
              case '«' -> '»';
              case '»' -> '«';
              default -> character;
            })
        .forEach(mirrored::appendCodePoint);
    return mirrored.toString();
  }

  private PDFont font(int index) {
    PDFont font = embedded[index];
    if (font == null) {
      font = new EmbeddedFont(document, fonts.typeface(index), packer);
      embedded[index] = font;
    }
    return font;
  }

  /// A line from margin to margin.
  void rule(float thickness, Color color) throws IOException {
    box(0, MEASURE, thickness, color);
  }

  /// A filled box at the present place, which stays where it is.
  void box(float from, float width, float height, Color color) throws IOException {
    page.setNonStrokingColor(color);
    page.addRect(MARGIN + (rightToLeft ? MEASURE - from - width : from), y - height, width, height);
    page.fill();
  }

  /// A picture at the present place, which stays where it is.
  void picture(PDImageXObject picture, float width, float height) throws IOException {
    page.drawImage(
        picture, MARGIN + (rightToLeft ? MEASURE - width : 0), y - height, width, height);
  }

  /// Writes at the foot of every sheet which one it is. Nothing can be drawn after it.
  void number(String label, Ink ink) throws IOException {
    page.close();
    int sheets = document.getNumberOfPages();
    for (int i = 0; i < sheets; i++) {
      PDPage sheet = document.getPage(i);
      page = new PDPageContentStream(document, sheet, AppendMode.APPEND, false, true);
      y = MARGIN;
      print(lines(label, MEASURE * 0.8f, ink).subList(0, 1), 0, MEASURE * 0.8f, Align.START, ink);
      print(List.of((i + 1) + " / " + sheets), 0, MEASURE, Align.END, ink);
      page.close();
      pack(sheet);
    }
  }

  /// All that was drawn on a sheet, in one go.
  private void pack(PDPage sheet) throws IOException {
    try (InputStream drawn = sheet.getContents()) {
      sheet.setContents(packer.pack(document, drawn.readAllBytes()));
    }
  }

  @Override
  public void close() throws IOException {
    page.close();
  }
}
