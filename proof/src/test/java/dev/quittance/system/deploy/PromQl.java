package dev.quittance.system.deploy;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Finds the metrics in a PromQL expression, as far as the expressions here go.
final class PromQl {

  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'");
  private static final Pattern SELECTOR_OR_RANGE = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
  private static final Pattern LABELS =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w.])[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\(|[a-zA-Z0-9_:])");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "by", "without");

  private PromQl() {}

  static Set<String> metrics(String expression) {
    String bare = TEXT.matcher(expression).replaceAll("");
    bare = LABELS.matcher(bare).replaceAll("");
    bare = SELECTOR_OR_RANGE.matcher(bare).replaceAll("");
    var metrics = new TreeSet<String>();
    NAME.matcher(bare).results().forEach(found -> metrics.add(found.group()));
    metrics.removeAll(WORDS);
    return metrics;
  }
}
