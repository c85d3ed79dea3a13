package dev.quittance.console;

import dev.quittance.contracts.Sha256;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Objects;

/// The addresses of what pages are dressed with. They change with the content, so that browsers
/// keep each for good.
@ApplicationScoped
@Named("assets")
public class Assets {

  /// Below the console's own path, so that whoever routes that has all that pages load.
  private static final String FOLDER = "/console/assets/";

  private static final String HTMX = "htmx.js";

  /// Where its library puts it.
  private static final String HTMX_IN_LIBRARY = "/_static/htmx.org/2.0.2/dist/htmx.min.js";

  private final String style;
  private final String script;
  private final String htmx;

  Assets() throws IOException {
    style = address("console.css", FOLDER + "console.css");
    script = address("console.js", FOLDER + "console.js");
    htmx = address(HTMX, HTMX_IN_LIBRARY);
  }

  void register(@Observes Router router) {
    router.get(FOLDER + HTMX).handler(request -> request.reroute(HTMX_IN_LIBRARY));
  }

  /// The stylesheet.
  public String getStyle() {
    return style;
  }

  /// Our own script.
  public String getScript() {
    return script;
  }

  /// Endless scroll, and forms without a reload.
  public String getHtmx() {
    return htmx;
  }

  private static String address(String name, String file) throws IOException {
    try (InputStream content = Assets.class.getResourceAsStream("/META-INF/resources" + file)) {
      byte[] hash = Sha256.of(Objects.requireNonNull(content, file).readAllBytes());
      return FOLDER + name + "?v=" + HexFormat.of().formatHex(hash, 0, 6);
    }
  }
}
