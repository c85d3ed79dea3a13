package dev.quittance.launcher;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar for what takes longer than a moment; none where nobody looks at a terminal.
final class Progress implements AutoCloseable {

  private static final int WIDTH = 78;

  /// One or two are done before a bar could be read.
  private static final long LENGTH_MIN = 3;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 has none again where there is no terminal
  static Progress of(String what, long length) {
    var console = System.console();
    if (console == null || !console.isTerminal() || length < LENGTH_MIN) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(length)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
            .build());
  }

  void at(long position) {
    if (bar != null) {
      bar.stepTo(position);
    }
  }

  void length(long length) {
    if (bar != null) {
      bar.maxHint(length);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
