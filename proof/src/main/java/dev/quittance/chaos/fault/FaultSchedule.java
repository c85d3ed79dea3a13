package dev.quittance.chaos.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// All faults of a run, decided by its seed before it begins. Faults are dealt like cards: each
/// comes once before any comes again, so that none is left out by chance.
public record FaultSchedule(List<List<Fault>> storms) {

  /// Ten in a minute, and in ten minutes enough for three decks.
  private static final double FAULTS_PER_MINUTE = 10.8;

  /// Enough to meet each other, few enough to end before the system has forgotten how to work.
  private static final int STORM = 11;

  /// Longer than a consumer's session (10 s), so that some are given up by their group.
  private static final int LASTS_MS_MAX = 13_000;

  private static final int LASTS_MS_MIN = 1_000;
  private static final int PAUSE_MS_MAX = 5_000;

  public FaultSchedule {
    storms = List.copyOf(storms);
  }

  /// @param kinds those that may happen
  /// @param parts those that they may happen to
  public static FaultSchedule of(long seed, Duration duration, Set<Kind> kinds, Set<Part> parts) {
    var random = new Random(seed);
    int cards = deck(kinds, parts, random).size();
    int wanted = Math.max(1, (int) (duration.toMillis() * FAULTS_PER_MINUTE / 60_000));
    // whole decks where there is at least one: as many as come nearest
    int count = wanted < cards ? wanted : (wanted + cards / 2) / cards * cards;
    var faults = new ArrayList<Fault>();
    while (faults.size() < count) {
      List<Fault> deck = deck(kinds, parts, random);
      Collections.shuffle(deck, random);
      faults.addAll(deck.subList(0, Math.min(deck.size(), count - faults.size())));
    }
    var storms = new ArrayList<List<Fault>>();
    // what is told while the provider is silent can be judged only where nothing else is broken
    List<Fault> alone = faults.stream().filter(fault -> fault.kind() == Kind.API_HANGS).toList();
    faults.removeAll(alone);
    for (int i = 0; i < faults.size(); i += STORM) {
      storms.add(List.copyOf(faults.subList(i, Math.min(faults.size(), i + STORM))));
    }
    alone.forEach(fault -> storms.add(List.of(fault)));
    return new FaultSchedule(storms);
  }

  /// Every fault.
  public List<Fault> faults() {
    return storms.stream().flatMap(List::stream).toList();
  }

  private static List<Fault> deck(Set<Kind> kinds, Set<Part> parts, Random random) {
    var deck = new ArrayList<Fault>();
    for (Kind kind : Kind.values()) {
      if (kinds.contains(kind)) {
        Stream<List<Part>> victims =
            switch (kind.reach()) {
              case ONE -> kind.parts().stream().map(List::of);
              case SEVERAL -> Stream.of(several(kind.parts(), random));
              case ALL -> Stream.of(kind.parts());
            };
        victims.filter(parts::containsAll).forEach(of -> deck.add(fault(kind, of, random)));
      }
    }
    return deck;
  }

  private static List<Part> several(List<Part> parts, Random random) {
    var shuffled = new ArrayList<>(parts);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, 2 + random.nextInt(2));
  }

  private static Fault fault(Kind kind, List<Part> parts, Random random) {
    return new Fault(
        kind,
        parts,
        Duration.ofMillis(random.nextInt(PAUSE_MS_MAX)),
        Duration.ofMillis(LASTS_MS_MIN + random.nextInt(LASTS_MS_MAX - LASTS_MS_MIN)),
        random.nextLong());
  }
}
