package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Figure;
import dev.quittance.bench.figure.Goal;
import dev.quittance.bench.figure.Series;
import dev.quittance.bench.load.Checkouts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of the benchmark: how much of everything, and what came out so far.
public final class Run {

  /// As the targets ask: the median of at least five interleaved rounds.
  private static final int ROUNDS = 5;

  private static final int ROUNDS_QUICK = 3;

  private final Settings settings;
  private final Clock clock;
  private final Consumer<String> progress;
  private final List<Figure> figures = new ArrayList<>();
  private final List<Series> series = new ArrayList<>();
  private @Nullable Canonical canonical;

  /// @param repository its root, with everything built
  /// @param home for data and logs, this run's own
  /// @param classes where the services keep their loaded classes from one start to the next
  /// @param quick fewer and shorter rounds
  /// @param large a million where others take a hundred thousand
  /// @param profile whether each service records a profile into the home
  public record Settings(
      Path repository, Path home, Path classes, boolean quick, boolean large, boolean profile) {}

  /// @param progress told what is being done
  public Run(Settings settings, Clock clock, Consumer<String> progress) {
    this.settings = settings;
    this.clock = clock;
    this.progress = progress;
  }

  Settings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  int rounds() {
    return settings.quick() ? ROUNDS_QUICK : ROUNDS;
  }

  /// So many of something, or so many when it has to be quick.
  int amount(int full, int quick) {
    return settings.quick() ? quick : full;
  }

  Duration seconds(double full, double quick) {
    return Duration.ofMillis((long) (1_000 * (settings.quick() ? quick : full)));
  }

  void say(String what) {
    progress.accept(what);
  }

  /// Broker, database and services for one measurement.
  BenchStack stage(String name) {
    return new BenchStack(settings, name);
  }

  Checkouts checkouts(String name) {
    return Checkouts.make(settings.home().resolve("books"), clock, "whsec_bench_stripe", name);
  }

  /// What translation makes of a checkout; found out once.
  Canonical canonical() throws Exception {
    if (canonical == null) {
      try (BenchStack stage = stage("canonical")) {
        canonical = Canonical.learn(this, stage);
      }
    }
    return canonical;
  }

  void add(Series one) {
    series.add(one);
  }

  /// A figure that nothing was promised about.
  void tell(String name, String what, double value, String unit, String remark) {
    figures.add(new Figure(name, what, value, unit, Optional.empty(), remark));
  }

  /// A figure with its target.
  void judge(String name, String what, double value, Goal goal, String remark) {
    figures.add(new Figure(name, what, value, goal.unit(), Optional.of(goal), remark));
  }

  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  public List<Series> series() {
    return List.copyOf(series);
  }
}
