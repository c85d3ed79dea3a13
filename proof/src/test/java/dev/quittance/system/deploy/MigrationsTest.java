package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Migrations only add, so that the version before runs on them: what is no longer used goes a
/// version later, and is named here with the reason. The rule begins with 0.1.0: until then nothing
/// is released, and what is wrong in a migration is changed in place.
class MigrationsTest {

  private static final Pattern BREAKS =
      Pattern.compile(
          "\\bDROP\\s+(TABLE|COLUMN|CONSTRAINT|INDEX|VIEW|TYPE)\\b|\\bRENAME\\b|\\bTRUNCATE\\b|\\bDELETE\\s+FROM\\b"
              + "|\\bALTER\\s+COLUMN\\s+\\w+\\s+(SET\\s+DATA\\s+)?TYPE\\b|\\bSET\\s+NOT\\s+NULL\\b"
              + "|\\bADD\\s+COLUMN\\b(?![^,;]*\\bDEFAULT\\b)[^,;]*\\bNOT\\s+NULL\\b"
              + "|\\bALTER\\s+TABLE\\s+\\w+\\s+ADD\\s+(CONSTRAINT\\s+\\w+\\s+)?(CHECK|UNIQUE|FOREIGN|PRIMARY|EXCLUDE)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern COMMENT = Pattern.compile("--[^\n]*");

  /// By module, up to which version the migrations are those of the first release, before which
  /// there is no version that they could break.
  private static final Map<String, Integer> FIRST_RELEASE =
      Map.of("messaging", 1, "fulfillment-service", 2, "receipt-service", 2);

  static Stream<Path> migrations() {
    return Stream.of("messaging", "fulfillment-service", "receipt-service")
        .flatMap(module -> Checkout.files(module + "/src/main/resources/db", ".sql").stream());
  }

  @ParameterizedTest
  @MethodSource("migrations")
  void aMigrationOnlyAdds(Path file) {
    Path inCheckout = Checkout.file("").relativize(file);
    assertThat(String.valueOf(file.getFileName())).matches("V\\d+__\\w+\\.sql");
    if (version(file) > FIRST_RELEASE.getOrDefault(inCheckout.getName(0).toString(), 0)) {
      assertThat(breaks(Checkout.text(inCheckout.toString())))
          .as("what the version before may not survive in " + inCheckout)
          .isEmpty();
    }
  }

  private static int version(Path file) {
    String name = String.valueOf(file.getFileName());
    return Integer.parseInt(name.substring(1, name.indexOf("__")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders DROP COLUMN view;",
        "ALTER TABLE orders ADD COLUMN n integer NOT NULL;",
        "ALTER TABLE orders ALTER COLUMN n TYPE bigint;",
        "ALTER TABLE orders ALTER COLUMN n SET NOT NULL;",
        "ALTER TABLE orders RENAME TO sales;",
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (n > 0);",
        "drop table orders;"
      })
  void whatBreaksIsFound(String statement) {
    assertThat(breaks(statement)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders ADD COLUMN n integer;",
        "ALTER TABLE orders ADD COLUMN n integer NOT NULL DEFAULT 0;",
        "CREATE TABLE t (id text PRIMARY KEY, n integer NOT NULL);",
        "CREATE INDEX CONCURRENTLY i ON t (n); -- never DROP TABLE"
      })
  void whatAddsIsNot(String statement) {
    assertThat(breaks(statement)).isEmpty();
  }

  private static List<String> breaks(String sql) {
    return BREAKS
        .matcher(COMMENT.matcher(sql).replaceAll(""))
        .results()
        .map(found -> found.group().strip())
        .toList();
  }
}
