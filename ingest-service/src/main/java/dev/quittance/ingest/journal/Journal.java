package dev.quittance.ingest.journal;

import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// The latest deliveries of each endpoint, in this process's memory: a window to look through, no
/// record. What is accepted is on the verbatim topic; what is refused is the provider's to repeat.
@Singleton
public final class Journal {

  /// A day of a small shop, a few seconds of a large one; some 300 KB an endpoint.
  public static final int ENTRIES_MAX = 500;

  /// Refused ones have a place of their own, so that no stream of good ones washes them away.
  private final Map<String, Deque<JournalEntry>> good = new ConcurrentHashMap<>();

  private final Map<String, Deque<JournalEntry>> bad = new ConcurrentHashMap<>();

  /// Notes one down. Cheap, and never waits for more than another note.
  public void add(JournalEntry entry) {
    Deque<JournalEntry> entries =
        (entry.outcome().equals("accepted") ? good : bad)
            .computeIfAbsent(entry.endpoint(), _ -> new ArrayDeque<>());
    synchronized (entries) {
      if (entries.size() == ENTRIES_MAX) {
        entries.removeLast();
      }
      entries.addFirst(entry);
    }
  }

  /// Those that match, the latest first.
  public List<JournalEntry> latest(Predicate<JournalEntry> wanted, int limit) {
    var all = new ArrayList<JournalEntry>();
    for (Map<String, Deque<JournalEntry>> kept : List.of(good, bad)) {
      for (Deque<JournalEntry> entries : kept.values()) {
        synchronized (entries) {
          entries.stream().filter(wanted).limit(limit).forEach(all::add);
        }
      }
    }
    return all.stream()
        .sorted(Comparator.comparing(JournalEntry::at).reversed())
        .limit(limit)
        .toList();
  }
}
