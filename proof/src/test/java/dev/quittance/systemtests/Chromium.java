package dev.quittance.systemtests;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The machine's own Chromium, steered by Playwright: none is downloaded.
final class Chromium implements AutoCloseable {

  private static final List<String> PLACES =
      List.of(
          "/usr/bin/chromium",
          "/usr/bin/chromium-browser",
          "/usr/bin/google-chrome",
          "/usr/bin/google-chrome-stable",
          "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

  /// A start takes a second, and much longer on a machine that is busy with much else.
  private static final double START_MS_MAX = 180_000;

  private final Playwright playwright;
  private final Browser browser;

  Chromium() {
    Path program =
        Stream.concat(
                Optional.ofNullable(System.getenv("QUITTANCE_CHROMIUM")).stream(), PLACES.stream())
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(
                    "There is no Chromium to click through the pages with: install one"
                        + " (apt-get install chromium), or name it in QUITTANCE_CHROMIUM."));
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program)
                    .setTimeout(START_MS_MAX)
                    // containers and root allow no sandbox; only our own pages are opened
                    .setArgs(List.of("--no-sandbox", "--disable-gpu")));
  }

  Browser browser() {
    return browser;
  }

  @Override
  public void close() {
    playwright.close();
  }
}
