package dev.quittance.receipts.render;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.HorizontalMetricsTable;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TTFSubsetter;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/// A TrueType font, read once. Its glyphs and widths are copied out of the file's tables, because
/// every letter of every receipt is looked up several times. For one thread at a time.
final class Typeface {

  /// The tables that a font inside of a PDF needs; names and characters are said outside of it.
  private static final List<String> TABLES =
      List.of("head", "hhea", "maxp", "hmtx", "loca", "glyf", "cvt ", "fpgm", "prep", "gasp");

  /// Characters beyond these are too rare for a place in the table.
  private static final int TABLE = Character.MAX_VALUE + 1;

  private final TrueTypeFont font;
  private final CmapLookup rare;
  private final char[] glyphs;
  private final float[] widths;
  private final PDFontDescriptor descriptor;

  private Typeface(TrueTypeFont font, PDFontDescriptor descriptor) throws IOException {
    this.font = font;
    this.descriptor = descriptor;
    this.rare = font.getUnicodeCmapLookup();
    this.glyphs = new char[TABLE];
    for (int character = 0; character < TABLE; character++) {
      glyphs[character] = (char) rare.getGlyphId(character);
    }
    HorizontalMetricsTable metrics = font.getHorizontalMetrics();
    this.widths = new float[font.getNumberOfGlyphs()];
    for (int glyph = 0; glyph < widths.length; glyph++) {
      widths[glyph] = metrics.getAdvanceWidth(glyph) / (float) font.getUnitsPerEm();
    }
  }

  /// Reads a font.
  ///
  /// @throws IOException when it is no TrueType font, or one that says that it may not be embedded
  static Typeface parse(byte[] file) throws IOException {
    TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(file));
    // ligatures would make text narrower than it was measured
    font.setEnableGsub(false);
    // PDFBox's own embedding, once: it knows how to describe a font, and refuses one that may not
    // be embedded or not in part
    try (var trial = new PDDocument()) {
      PDType0Font embedded = PDType0Font.load(trial, font, true);
      var descriptor =
          new PDFontDescriptor(new COSDictionary(embedded.getFontDescriptor().getCOSObject()));
      embedded.addToSubset('?');
      embedded.subset();
      return new Typeface(font, descriptor);
    }
  }

  boolean has(int character) {
    return glyph(character) != 0;
  }

  /// @return 0 when there is none
  int glyph(int character) {
    return character < TABLE ? glyphs[character] : rare.getGlyphId(character);
  }

  /// How wide a character is, for letters of size 1.
  float width(int character) {
    return glyphWidth(glyph(character));
  }

  float glyphWidth(int glyph) {
    return widths[glyph];
  }

  /// Cuts a font program of these glyphs, and of those that they are composed of.
  TTFSubsetter cut(Set<Integer> glyphs) throws IOException {
    var cut = new TTFSubsetter(font, TABLES);
    cut.addGlyphIds(glyphs);
    return cut;
  }

  /// What a PDF says of the font; each document's own, since documents mark what is in them.
  PDFontDescriptor describe(String name) {
    var description = new PDFontDescriptor(new COSDictionary(descriptor.getCOSObject()));
    PDRectangle box = descriptor.getFontBoundingBox();
    description.setFontBoundingBox(
        new PDRectangle(box.getLowerLeftX(), box.getLowerLeftY(), box.getWidth(), box.getHeight()));
    description.setFontName(name);
    return description;
  }

  String name() {
    return descriptor.getFontName();
  }
}
