package dev.quittance.receipts.render;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fonts of PDFs: Noto Sans for Latin, Greek and Cyrillic, M PLUS 1p for Japanese, then the
/// shop's own, if it has one. A character that none of them has is set as `□`. Parsed once, for one
/// thread at a time.
final class Fonts {

  /// How heavy letters are. What has no bold font is drawn with a thin outline instead.
  enum Weight {
    REGULAR,
    BOLD
  }

  /// Letters of one font in a row.
  ///
  /// @param font its index
  /// @param outlined whether an outline makes them bold
  record Run(int font, String text, boolean outlined) {}

  /// In every font of ours that may be asked for it; `?` where even that is missing.
  private static final int MISSING = 0x25a1;

  /// Below it nothing is to be composed.
  private static final int FIRST_COMBINING = 0x300;

  /// Larger files are no font of one script any more; and it is read into memory once per
  /// processor.
  private static final long FILE_BYTES_MAX = 32_000_000;

  private static final int REGULAR = 0;
  private static final int SEMI_BOLD = 1;
  private static final int FIRST_FALLBACK = 2;

  private static final List<String> OURS =
      List.of("NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf", "MPLUS1p-Regular.ttf");

  private final List<Typeface> faces;

  private Fonts(List<Typeface> faces) {
    this.faces = List.copyOf(faces);
  }

  /// Reads the fonts.
  ///
  /// @param own a TrueType file, for a script that ours lack
  static Fonts read(Optional<Path> own) {
    try {
      var faces = new ArrayList<Typeface>();
      for (String name : OURS) {
        try (InputStream file = Fonts.class.getResourceAsStream("/receipts/fonts/" + name)) {
          if (file == null) {
            throw new IllegalStateException("the font " + name + " is missing");
          }
          faces.add(Typeface.parse(file.readAllBytes()));
        }
      }
      if (own.isPresent()) {
        faces.add(own(own.get()));
      }
      return new Fonts(faces);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Typeface own(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new IllegalArgumentException("the receipts' font is larger than 32 MB");
      }
      return Typeface.parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("the receipts' font is not a readable TrueType file", e);
    }
  }

  int count() {
    return faces.size();
  }

  Typeface typeface(int index) {
    return faces.get(index);
  }

  /// Whether every character has a glyph.
  boolean cover(String text) {
    return covered(clean(text));
  }

  private boolean covered(String clean) {
    int character;
    for (int i = 0; i < clean.length(); i += Character.charCount(character)) {
      character = clean.codePointAt(i);
      if (index(character, Weight.REGULAR) < 0) {
        return false;
      }
    }
    return true;
  }

  /// The text with nothing in it that can't be set: composed, without marks that steer layout, each
  /// character that no font has replaced.
  String settable(String text) {
    String clean = clean(text);
    if (covered(clean)) {
      return clean;
    }
    var settable = new StringBuilder(clean.length());
    clean
        .codePoints()
        .map(character -> index(character, Weight.REGULAR) >= 0 ? character : missing())
        .forEach(settable::appendCodePoint);
    return settable.toString();
  }

  /// @param text settable
  /// @return how wide it is, for letters of size 1
  float width(String text, Weight weight) {
    float width = 0;
    int character;
    for (int i = 0; i < text.length(); i += Character.charCount(character)) {
      character = text.codePointAt(i);
      width += faces.get(index(character, weight)).width(character);
    }
    return width;
  }

  /// @param text settable
  List<Run> runs(String text, Weight weight) {
    var runs = new ArrayList<Run>(1);
    int start = 0;
    int font = -1;
    int character;
    for (int i = 0; i < text.length(); i += Character.charCount(character)) {
      character = text.codePointAt(i);
      int index = index(character, weight);
      if (index != font && i > start) {
        runs.add(run(font, text.substring(start, i), weight));
        start = i;
      }
      font = index;
    }
    if (start < text.length()) {
      runs.add(run(font, text.substring(start), weight));
    }
    return runs;
  }

  private static Run run(int font, String text, Weight weight) {
    return new Run(font, text, weight == Weight.BOLD && font != SEMI_BOLD);
  }

  private int missing() {
    return index(MISSING, Weight.REGULAR) >= 0 ? MISSING : '?';
  }

  /// Which font has the character, or -1.
  private int index(int character, Weight weight) {
    int first =
        switch (weight) {
          case REGULAR -> REGULAR;
          case BOLD -> SEMI_BOLD;
        };
    if (faces.get(first).has(character)) {
      return first;
    }
    for (int i = FIRST_FALLBACK; i < faces.size(); i++) {
      if (faces.get(i).has(character)) {
        return i;
      }
    }
    return weight == Weight.BOLD && faces.get(REGULAR).has(character) ? REGULAR : -1;
  }

  private static String clean(String text) {
    if (plain(text)) {
      return text;
    }
    var clean = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFC)
        .codePoints()
        .filter(character -> !steers(character))
        .map(Fonts::space)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /// Nothing but Latin letters in one piece and what is between them, as most text.
  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit < ' ' || (unit > '~' && unit < 0xa0) || unit == 0xad || unit >= FIRST_COMBINING) {
        return false;
      }
    }
    return true;
  }

  /// Joiners, direction marks and variation selectors: without glyphs of their own.
  private static boolean steers(int character) {
    return Character.getType(character) == Character.FORMAT
        || (character >= 0xfe00 && character <= 0xfe0f)
        || (character >= 0xe0100 && character <= 0xe01ef);
  }

  private static int space(int character) {
    if (character == 0x202f) { // narrow, before many currencies' signs; not in every font
      return 0xa0;
    }
    return Character.isISOControl(character) || character == 0x2028 || character == 0x2029
        ? ' '
        : character;
  }
}
