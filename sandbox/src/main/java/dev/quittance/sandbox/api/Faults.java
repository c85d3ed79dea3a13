package dev.quittance.sandbox.api;

import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is to go wrong at present. A restart mends everything.
@Singleton
final class Faults {

  private final Map<String, Fault> faults = new LinkedHashMap<>();
  private int made;

  synchronized Fault add(Fault fault) {
    made++;
    Fault named = fault.named("fault_" + made);
    faults.put("fault_" + made, named);
    return named;
  }

  synchronized List<Fault> all() {
    return List.copyOf(faults.values());
  }

  synchronized boolean remove(String id) {
    return faults.remove(id) != null;
  }

  synchronized void clear() {
    faults.clear();
  }

  /// The oldest fault that hits a request, which counts as one of its times.
  synchronized Optional<Fault> hit(String path, String query) {
    Optional<Map.Entry<String, Fault>> found =
        faults.entrySet().stream()
            .filter(entry -> entry.getValue().concerns(path, query))
            .findFirst();
    found.ifPresent(entry -> {
      Integer times = entry.getValue().times();
      if (times != null && times == 1) {
        faults.remove(entry.getKey());
      } else if (times != null) {
        entry.setValue(entry.getValue().left(times - 1));
      }
    });
    return found.map(Map.Entry::getValue);
  }
}
