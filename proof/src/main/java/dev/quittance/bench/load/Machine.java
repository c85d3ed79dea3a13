package dev.quittance.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// What all of it runs on.
public final class Machine {

  private Machine() {}

  /// In the order in which one wants to read it.
  public static Map<String, String> describe() {
    var machine = new LinkedHashMap<String, String>();
    machine.put("cpu", first("/proc/cpuinfo", "model name"));
    machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    machine.put("memory", memory());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put(
        "jdk", System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"));
    return machine;
  }

  /// How many wanted the processors on average in the last minute; 0 when nobody knows.
  public static double load() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }

  private static String memory() {
    String kilobytes = first("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
    return kilobytes.isEmpty()
        ? "unknown"
        : Math.round(Long.parseLong(kilobytes) / 1e6 * 1.024) + " GB";
  }

  private static String first(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("unknown");
    } catch (IOException _) {
      return "unknown";
    }
  }
}
