package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Links between the documents lead somewhere.
class LinksTest {

  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  @Test
  void linksBetweenTheDocumentsLeadSomewhere() throws Exception {
    var dead = new ArrayList<String>();
    for (Path page : pages()) {
      LINK.matcher(Files.readString(page))
          .results()
          .map(link -> link.group(1))
          .filter(link -> !link.contains("://") && !link.startsWith("mailto:"))
          .filter(link -> !leads(page, link))
          .forEach(link -> dead.add(page + ": " + link));
    }

    assertThat(dead).isEmpty();
  }

  private static Iterable<Path> pages() {
    return Stream.of(
            Checkout.files("docs", ".md").stream(),
            Checkout.files("deploy", ".md").stream(),
            Stream.of("README.md", "SECURITY.md", "CONTRIBUTING.md").map(Checkout::file))
        .flatMap(pages -> pages)
        .filter(page -> !page.toString().contains("node_modules")) // other people's
        .toList();
  }

  private static boolean leads(Path page, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /// As GitHub makes them of headings.
  private static Set<String> anchors(Path page) {
    return HEADING
        .matcher(Checkout.text(Checkout.file("").relativize(page).toString()))
        .results()
        .map(heading ->
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
