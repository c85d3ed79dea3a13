package dev.quittance.system.deploy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The tables of `docs/metrics.md`.
public final class MetricsDoc {

  private static final Pattern ROW = Pattern.compile("^\\| (`[^|]*`) \\| ([^|]*) \\|.*");
  private static final Pattern QUOTED = Pattern.compile("`([a-z0-9_]+)`");

  /// Metric to type; others' metrics have no type there.
  private final Map<String, String> types = new TreeMap<>();

  public MetricsDoc() {
    Checkout.text("docs/metrics.md")
        .lines()
        .map(ROW::matcher)
        .filter(row -> row.matches())
        .forEach(row ->
            QUOTED
                .matcher(row.group(1))
                .results()
                .forEach(name -> types.put(name.group(1), row.group(2).strip())));
  }

  /// Every name that Prometheus may show.
  Set<String> series() {
    var series = new TreeSet<String>();
    types.forEach((name, type) -> {
      if (type.equals("histogram") || name.endsWith("_seconds")) {
        for (String part : new String[] {"_bucket", "_count", "_sum", "_max"}) {
          series.add(name + part);
        }
      }
      if (!type.equals("histogram")) {
        series.add(name);
      }
    });
    return series;
  }

  /// What a service measures itself by the sections that its name stands in, and its type.
  public Map<String, String> of(String service) {
    var types = new TreeMap<String, String>();
    boolean within = false;
    for (String line : Checkout.text("docs/metrics.md").lines().toList()) {
      within = line.startsWith("## ") ? line.contains(service) : within;
      var row = ROW.matcher(line);
      if (within && row.matches()) {
        QUOTED
            .matcher(row.group(1))
            .results()
            .forEach(name -> types.put(name.group(1), row.group(2).strip()));
      }
    }
    return types;
  }

  /// What our services measure themselves, and its type.
  public Map<String, String> ours() {
    var ours = new TreeMap<>(types);
    ours.keySet().removeIf(name -> !name.startsWith("quittance_"));
    return ours;
  }
}
