package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Whatever is shipped may be: under a licence that asks no more than to be named.
class LicencesTest {

  private static final String LIST = "docs/licences.md";

  private static final Pattern ROW =
      Pattern.compile("^\\| `([^`]+)` \\| ([^|]*) \\|$", Pattern.MULTILINE);

  /// Those of which one at least must stand beside a library.
  private static final Set<String> PERMISSIVE =
      Set.of(
          "0BSD",
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "MIT",
          "MIT-0",
          "CC0-1.0",
          "Public Domain",
          "EPL-1.0",
          "EPL-2.0");

  @Test
  void whateverIsPackedIsListed() {
    Set<String> unlisted = new TreeSet<>(packed());
    unlisted.removeAll(listed().keySet());

    assertThat(unlisted).as("packed but not in %s: run deploy/sbom", LIST).isEmpty();
  }

  @Test
  void nothingIsThereUnderTheGplAlone() {
    assertThat(listed())
        .hasSizeGreaterThan(100)
        .allSatisfy((library, licences) ->
            assertThat(licences).as(library).containsAnyElementsOf(PERMISSIVE));
  }

  private static Map<String, List<String>> listed() {
    var listed = new TreeMap<String, List<String>>();
    ROW.matcher(Checkout.text(LIST))
        .results()
        .forEach(row -> listed.put(row.group(1), Arrays.asList(row.group(2).split(", "))));
    return listed;
  }

  /// As Quarkus writes it down beside the jars. What is there for one kind of processor only goes
  /// with the library that it belongs to.
  private static Set<String> packed() {
    var packed = new TreeSet<String>();
    for (String service :
        List.of("ingest-service", "fulfillment-service", "receipt-service", "sandbox")) {
      Checkout.text(service + "/target/quarkus-app/quarkus-app-dependencies.txt")
          .lines()
          .map(line -> line.split(":"))
          .filter(parts -> !parts[0].equals("dev.quittance") && !parts[1].startsWith("native-"))
          .forEach(parts -> packed.add(parts[0] + ":" + parts[1]));
    }
    return packed;
  }
}
