package dev.quittance.fulfillment.console;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/// The addresses of what pages are dressed with. They change with the content, so that browsers
/// keep each for good.
@ApplicationScoped
@Named("assets")
public class Assets {

  private final String style;
  private final String script;

  Assets() throws IOException {
    style = address("console.css");
    script = address("console.js");
  }

  /// The stylesheet.
  public String getStyle() {
    return style;
  }

  /// Our own script.
  public String getScript() {
    return script;
  }

  private static String address(String name) throws IOException {
    String path = "/console/assets/" + name;
    try (InputStream content = Assets.class.getResourceAsStream("/META-INF/resources" + path)) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(Objects.requireNonNull(content, path).readAllBytes());
      return path + "?v=" + HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
