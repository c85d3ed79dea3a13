package dev.quittance.ingest.endpoint;

import static java.util.Comparator.comparingInt;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/// What the configuration says of one endpoint, not judged yet.
///
/// @param key where it stands, for example `quittance.endpoints.stripe`
/// @param values the settings by their names in kebab-case
record GivenEndpoint(String key, String name, Map<String, String> values) {

  static final String PROVIDER = "provider";
  static final String SECRETS = "secrets";
  static final String SECRETS_FILE = "secrets-file";
  static final String ACCOUNT = "account";
  static final String MODE = "mode";
  static final String ORDERS_FROM = "orders-from";
  static final String REFERENCE = "reference";

  /// The settings that endpoints of every provider have.
  static final Set<String> SETTINGS =
      Set.of(PROVIDER, SECRETS, SECRETS_FILE, ACCOUNT, MODE, ORDERS_FROM, REFERENCE);

  /// The end of an entry of a list: of a property (`only[0]`), or of an environment variable
  /// (`ONLY_0_`).
  private static final Pattern INDEX = Pattern.compile("(?:\\[(\\d{1,3})]|-(\\d{1,3})-)$");

  /// Of what is one text.
  private static final int NO_INDEX = -1;

  /// Reads all endpoints below a prefix, from properties and from environment variables alike. A
  /// list is one text with commas, or has an index at each entry. An environment variable doesn't
  /// tell dots from hyphens nor where the endpoint's name ends, so the longest setting that it may
  /// end with decides: `…_MY_SHOP_ORDERS_FROM` is `orders-from` of `my-shop`.
  ///
  /// @param prefix with its last dot
  /// @param known the settings that there are
  /// @param complaints takes a sentence for each name that is no setting of an endpoint
  static List<GivenEndpoint> read(
      Config config, String prefix, Set<String> known, List<String> complaints) {
    var endpoints = new TreeMap<String, Map<String, SortedMap<Integer, String>>>();
    for (String property : config.getPropertyNames()) {
      Optional<String> whole = path(prefix, property);
      if (whole.isEmpty()) {
        continue;
      }
      Matcher index = INDEX.matcher(whole.get());
      boolean entry = index.find();
      String path = entry ? whole.get().substring(0, index.start()) : whole.get();
      Optional<String> setting = setting(path, known);
      if (setting.isEmpty()) {
        complaints.add(
            environmentName(property)
                + " is no setting of an endpoint; set "
                + environmentName(prefix)
                + "<NAME>_ and one of "
                + String.join(
                    ", ", known.stream().map(GivenEndpoint::environmentName).sorted().toList()));
        continue;
      }
      String name = path.substring(0, path.length() - setting.get().length() - 1);
      int place =
          entry
              ? Integer.parseInt(index.group(1) != null ? index.group(1) : index.group(2))
              : NO_INDEX;
      String key = prefix + name + "." + setting.get() + (entry ? "[" + place + "]" : "");
      // by its whole key, so that what a higher source says counts; else as it was written
      config
          .getOptionalValue(key, String.class)
          .or(() -> config.getOptionalValue(property, String.class))
          .ifPresent(value ->
              endpoints
                  .computeIfAbsent(name, _ -> new TreeMap<>())
                  .computeIfAbsent(setting.get(), _ -> new TreeMap<>())
                  .put(place, value.strip()));
    }
    return endpoints.entrySet().stream()
        .map(found ->
            new GivenEndpoint(
                prefix + found.getKey(),
                found.getKey(),
                texts(prefix + found.getKey(), found.getValue(), complaints)))
        .toList();
  }

  /// One text for each setting.
  private static Map<String, String> texts(
      String key, Map<String, SortedMap<Integer, String>> given, List<String> complaints) {
    var texts = new TreeMap<String, String>();
    given.forEach((setting, entries) -> {
      if (entries.size() > 1 && entries.containsKey(NO_INDEX)) {
        complaints.add(
            environmentName(key + "." + setting)
                + " is set as one text and entry by entry; unset one of the two");
      }
      texts.put(setting, String.join(",", entries.values()));
    });
    return texts;
  }

  /// What stands below the prefix, hyphens between all words.
  private static Optional<String> path(String prefix, String property) {
    if (property.startsWith(prefix)) {
      return Optional.of(property.substring(prefix.length()).replace("\"", "").replace('.', '-'));
    }
    String variables = environmentName(prefix);
    return property.startsWith(variables)
        ? Optional.of(
            property.substring(variables.length()).toLowerCase(Locale.ROOT).replace('_', '-'))
        : Optional.empty();
  }

  private static Optional<String> setting(String path, Set<String> known) {
    return known.stream()
        .filter(setting -> path.length() > setting.length() + 1 && path.endsWith("-" + setting))
        .max(comparingInt(String::length));
  }

  /// How a property is called as an environment variable.
  static String environmentName(String property) {
    return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  Optional<String> value(String setting) {
    return Optional.ofNullable(values.get(setting));
  }

  /// How to set something, for the sentence that asks for it.
  String variable(String setting) {
    return environmentName(key + "." + setting);
  }

  /// Values may be secret.
  @Override
  public String toString() {
    return "GivenEndpoint[" + name + ", " + new TreeSet<>(values.keySet()) + "]";
  }
}
