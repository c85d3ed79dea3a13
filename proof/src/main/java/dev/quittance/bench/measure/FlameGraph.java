package dev.quittance.bench.measure;

import java.io.IOException;
import java.nio.file.Path;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/// A JFR recording as a page to look at: how often each stack was seen at work, by thread.
final class FlameGraph {

  /// Frames narrower than this share, in percent, can't be seen and would be most of the page.
  private static final String NARROWEST_PERCENT = "0.1";

  private FlameGraph() {}

  /// Writes the page beside the recording, under its name with `.html`.
  ///
  /// @return the page
  static Path draw(Path recording) throws IOException {
    String name = recording.getFileName().toString().replaceFirst("\\.jfr$", "");
    Path page = recording.resolveSibling(name + ".html");
    var options =
        new Arguments(
            "--threads",
            "--simple",
            "--norm",
            "--minwidth",
            NARROWEST_PERCENT,
            "--title",
            "Quittance: " + name);
    JfrToFlame.convert(recording.toString(), page.toString(), options);
    return page;
  }
}
