package dev.quittance.receipts.render;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// As many printers of PDFs as there are processors: printing is nothing but computing, and each
/// printer holds its fonts in memory, about 4 MB. Whoever finds none free waits. Safe for use by
/// several threads.
final class PdfPrinterPool {

  private final BlockingQueue<PdfPrinter> idle;

  /// @param own a font for a script that ours lack
  PdfPrinterPool(Optional<Path> own) {
    int printers = Runtime.getRuntime().availableProcessors();
    this.idle = new ArrayBlockingQueue<>(printers);
    for (int i = 0; i < printers; i++) {
      idle.add(new PdfPrinter(Fonts.read(own)));
    }
  }

  Optional<byte[]> print(ReceiptPage page) {
    PdfPrinter printer = take();
    try {
      return printer.print(page);
    } finally {
      idle.add(printer);
    }
  }

  private PdfPrinter take() {
    try {
      return idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a printer", e);
    }
  }
}
