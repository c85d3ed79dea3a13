package dev.quittance.receipts.render;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.fontbox.ttf.TTFSubsetter;
import org.apache.fontbox.util.BoundingBox;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSInteger;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;

/// A typeface in one document, of which the letters that are used are embedded when it is saved.
///
/// It says the same as PDFBox's own `PDType0Font`, which for each document goes several times over
/// all glyphs of a font: thousands, for some sixty that a receipt takes. That was more than half of
/// the work of a PDF. See ISO 32000-1, 9.7: a composite font of a TrueType font, whose codes are
/// the numbers of glyphs in the whole font. For writing only.
final class EmbeddedFont extends PDFont {

  /// A width that needs not be said.
  private static final int WIDTH_DEFAULT = 1000;

  /// The most that one operator of a character map takes.
  private static final int MAPPINGS_MAX = 100;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final PDDocument document;
  private final Typeface typeface;
  private final PdfCompression packer;
  private final BitSet glyphs = new BitSet();

  /// By glyph the first character that it stood for: a space and one that doesn't break share one.
  private final SortedMap<Integer, Integer> characters = new TreeMap<>();

  EmbeddedFont(PDDocument document, Typeface typeface, PdfCompression packer) {
    super(composite(typeface.name()));
    this.document = document;
    this.typeface = typeface;
    this.packer = packer;
  }

  private static COSDictionary composite(String name) {
    var font = new COSDictionary();
    font.setItem(COSName.TYPE, COSName.FONT);
    font.setItem(COSName.SUBTYPE, COSName.TYPE0);
    font.setName(COSName.BASE_FONT, name);
    font.setItem(COSName.ENCODING, COSName.IDENTITY_H);
    return font;
  }

  @Override
  protected byte[] encode(int character) {
    int glyph = typeface.glyph(character);
    return new byte[] {(byte) (glyph >> 8), (byte) glyph};
  }

  @Override
  public void addToSubset(int character) {
    int glyph = typeface.glyph(character);
    if (!glyphs.get(glyph)) {
      glyphs.set(glyph);
      characters.put(glyph, character);
    }
  }

  @Override
  public boolean willBeSubset() {
    return true;
  }

  @Override
  public void subset() throws IOException {
    TTFSubsetter cut = typeface.cut(characters.keySet());
    var program = new ByteArrayOutputStream(16 * 1024);
    cut.writeToStream(program);
    PDStream file = packer.pack(document, program.toByteArray());
    file.getCOSObject().setInt(COSName.LENGTH1, program.size());

    String name = tag() + '+' + typeface.name();
    PDFontDescriptor description = typeface.describe(name);
    description.setFontFile2(file);

    var descendant = new COSDictionary();
    descendant.setItem(COSName.TYPE, COSName.FONT);
    descendant.setItem(COSName.SUBTYPE, COSName.CID_FONT_TYPE2);
    descendant.setName(COSName.BASE_FONT, name);
    descendant.setItem(COSName.CIDSYSTEMINFO, identity());
    descendant.setItem(COSName.FONT_DESC, description);
    descendant.setItem(COSName.W, widths());
    descendant.setItem(COSName.CID_TO_GID_MAP, packer.pack(document, places(cut.getGIDMap())));

    var descendants = direct(new COSArray());
    descendants.add(descendant);
    dict.setName(COSName.BASE_FONT, name);
    dict.setItem(COSName.DESCENDANT_FONTS, descendants);
    dict.setItem(COSName.TO_UNICODE, packer.pack(document, meanings().getBytes(US_ASCII)));
  }

  /// Six letters that are the same for the same glyphs: parts of one font need different names.
  private String tag() {
    int hash = characters.keySet().hashCode();
    var tag = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      tag.append((char) ('A' + Math.floorMod(hash, 26)));
      hash = Math.floorDiv(hash, 26);
    }
    return tag.toString();
  }

  private static COSDictionary identity() {
    var identity = new COSDictionary();
    identity.setString(COSName.REGISTRY, "Adobe");
    identity.setString(COSName.ORDERING, "Identity");
    identity.setInt(COSName.SUPPLEMENT, 0);
    identity.setDirect(true);
    return identity;
  }

  /// `first [width width …]` for each row of neighbors.
  private COSArray widths() {
    var widths = direct(new COSArray());
    var row = direct(new COSArray());
    int last = Integer.MIN_VALUE;
    for (int glyph : characters.keySet()) {
      int width = Math.round(typeface.glyphWidth(glyph) * 1000);
      if (width == WIDTH_DEFAULT) {
        continue;
      }
      if (glyph != last + 1) {
        row = direct(new COSArray());
        widths.add(COSInteger.get(glyph));
        widths.add(row);
      }
      row.add(COSInteger.get(width));
      last = glyph;
    }
    return widths;
  }

  /// Written where it stands; else each would be an object that is kept account of.
  private static COSArray direct(COSArray array) {
    array.setDirect(true);
    return array;
  }

  /// Two bytes for each glyph of the whole font: its number in the part.
  ///
  /// @param originals by number in the part
  private byte[] places(Map<Integer, Integer> originals) {
    var places = new byte[2 * (characters.lastKey() + 1)];
    originals.forEach((place, glyph) -> {
      if (characters.containsKey(glyph)) {
        places[2 * glyph] = (byte) (place >> 8);
        places[2 * glyph + 1] = place.byteValue();
      }
    });
    return places;
  }

  /// Which characters the codes stand for, so that text can be searched and copied.
  private String meanings() {
    var meanings =
        new StringBuilder(2048)
            .append(
                """
                /CIDInit /ProcSet findresource begin
                12 dict begin
                begincmap
                /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
                /CMapName /Adobe-Identity-UCS def
                /CMapType 2 def
                1 begincodespacerange
                <0000> <FFFF>
                endcodespacerange
                """);
    List<Map.Entry<Integer, Integer>> all = new ArrayList<>(characters.entrySet());
    for (int from = 0; from < all.size(); from += MAPPINGS_MAX) {
      var some = all.subList(from, Math.min(from + MAPPINGS_MAX, all.size()));
      meanings.append(some.size()).append(" beginbfchar\n");
      for (var mapping : some) {
        meanings.append('<').append(HEX.toHexDigits(mapping.getKey().shortValue())).append("> <");
        for (char unit : Character.toChars(mapping.getValue())) {
          meanings.append(HEX.toHexDigits(unit));
        }
        meanings.append(">\n");
      }
      meanings.append("endbfchar\n");
    }
    return meanings
        .append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
        .toString();
  }

  @Override
  public String getName() {
    return dict.getNameAsString(COSName.BASE_FONT);
  }

  @Override
  public boolean isEmbedded() {
    return true;
  }

  @Override
  public boolean isDamaged() {
    return false;
  }

  @Override
  public boolean isVertical() {
    return false;
  }

  // what only readers of documents ask

  @Override
  public int readCode(InputStream in) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BoundingBox getBoundingBox() {
    throw new UnsupportedOperationException();
  }

  @Override
  @Deprecated
  public float getHeight(int code) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean hasExplicitWidth(int code) {
    throw new UnsupportedOperationException();
  }

  @Override
  public float getWidthFromFont(int code) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected float getStandard14Width(int code) {
    throw new UnsupportedOperationException();
  }
}
