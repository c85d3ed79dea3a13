package dev.quittance.ingest.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What the guides under `docs/providers` say.
public final class Guide {

  private static final Pattern NAME = Pattern.compile("`([a-z_.]*\\.[a-z_]+)`");

  private Guide() {}

  /// The event types that a guide has a row for, in its order: what stands in the first cell of the
  /// tables whose second column is "means here". `.updated` goes on from the name before.
  public static List<String> eventTypes(String provider) {
    var types = new ArrayList<String>();
    boolean events = false;
    for (String line : lines(provider)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length < 4) {
        events = false;
      } else if (cells[2].strip().equals("means here")) {
        events = true;
      } else if (events) {
        NAME.matcher(cells[1]).results().forEach(name -> types.add(whole(name.group(1), types)));
      }
    }
    return types.stream().distinct().toList();
  }

  private static String whole(String name, List<String> before) {
    return name.startsWith(".")
        ? before.getLast().substring(0, before.getLast().lastIndexOf('.')) + name
        : name;
  }

  private static List<String> lines(String provider) {
    try {
      return Files.readAllLines(Path.of("../docs/providers/" + provider + ".md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
