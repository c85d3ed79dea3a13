package dev.quittance.receipts.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;

/// A merchant's logo for PDFs, which travels within them: nothing is loaded from the network.
public final class Logo {

  /// It is part of every mail.
  private static final int BYTES_MAX = 200_000;

  private final byte[] bytes;

  private Logo(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Reads a PNG or JPEG file.
  ///
  /// @throws IllegalArgumentException when it is none, or too large
  public static Logo read(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new IllegalArgumentException("a merchant's logo has at most 200 kB: " + file);
      }
      byte[] bytes = Files.readAllBytes(file);
      try (var document = new PDDocument()) {
        PDImageXObject.createFromByteArray(document, bytes, "logo");
      }
      return new Logo(bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("a merchant's logo is a PNG or JPEG file: " + file, e);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }
}
