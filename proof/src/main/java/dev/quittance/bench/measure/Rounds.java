package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Samples;
import dev.quittance.bench.figure.Series;
import dev.quittance.bench.load.Calibration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/// Rounds in which everything that is compared takes its turn, so that a busy machine is busy for
/// all of it. Before and after each round a fixed piece of work is timed, and rounds that the
/// machine was not the same for don't count.
final class Rounds {

  /// With fewer left than this, all count, and the remark says that the machine was unsteady.
  private static final int STEADY_MIN = 3;

  private final Run run;
  private final LongSupplier calibration;
  private final Map<String, String> units = new LinkedHashMap<>();
  private final List<Round> rounds = new ArrayList<>();

  private record Round(Map<String, Double> values, boolean steady) {}

  /// What is done in a round.
  @FunctionalInterface
  interface Body {
    void run(Taker now) throws Exception;
  }

  /// Takes what comes out of a round.
  @FunctionalInterface
  interface Taker {
    void value(String name, String unit, double value);
  }

  Rounds(Run run) {
    this(run, new Calibration()::nanos);
  }

  /// @param calibration how long the fixed piece of work takes now
  Rounds(Run run, LongSupplier calibration) {
    this.run = run;
    this.calibration = calibration;
  }

  /// Makes one round.
  void make(Body body) throws Exception {
    var values = new LinkedHashMap<String, Double>();
    long before = calibration.getAsLong();
    body.run((name, unit, value) -> {
      units.put(name, unit);
      values.put(name, value);
    });
    rounds.add(new Round(values, Calibration.steady(before, calibration.getAsLong())));
  }

  /// The values of the rounds that count.
  List<Double> of(String name) {
    return counting(name).stream()
        .map(round -> round.values().get(name))
        .filter(Objects::nonNull)
        .toList();
  }

  double median(String name) {
    return Samples.median(of(name));
  }

  double ratio(String name, String reference) {
    return Samples.ratio(of(name), of(reference));
  }

  /// Rounds that say nothing about it are another's.
  private List<Round> about(String name) {
    return rounds.stream().filter(round -> round.values().containsKey(name)).toList();
  }

  private List<Round> counting(String name) {
    List<Round> all = about(name);
    List<Round> steady = all.stream().filter(Round::steady).toList();
    return steady.size() >= Math.min(STEADY_MIN, all.size()) ? steady : all;
  }

  /// Hands all series to the run.
  void keep() {
    units.forEach((name, unit) -> run.add(new Series(name, unit, of(name))));
  }

  /// How many rounds a median is of.
  String remark(String name) {
    List<Round> all = about(name);
    long unsteady = all.stream().filter(round -> !round.steady()).count();
    int counting = counting(name).size();
    String rounds = counting + (counting == 1 ? " round" : " rounds");
    if (unsteady == 0) {
      return rounds;
    }
    return counting == all.size()
        ? rounds + ", " + unsteady + " on an unsteady machine"
        : rounds + ", " + unsteady + " dropped, the machine was unsteady";
  }
}
