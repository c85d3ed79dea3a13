package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Samples;
import dev.quittance.bench.figure.Series;
import dev.quittance.bench.load.Calibration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Rounds in which everything that is compared takes its turn, so that a busy machine is busy for
/// all of it. Before and after each round a fixed piece of work is timed, and rounds that the
/// machine was not the same for don't count.
final class Rounds {

  /// With fewer left than this, all count, and the remark says that the machine was unsteady.
  private static final int STEADY_MIN = 3;

  private final Run run;
  private final Calibration calibration = new Calibration();
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
    this.run = run;
  }

  /// Makes one round.
  void make(Body body) throws Exception {
    var values = new LinkedHashMap<String, Double>();
    long before = calibration.nanos();
    body.run((name, unit, value) -> {
      units.put(name, unit);
      values.put(name, value);
    });
    rounds.add(new Round(values, Calibration.steady(before, calibration.nanos())));
  }

  /// The values of the rounds that count.
  List<Double> of(String name) {
    return counting().stream()
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

  private List<Round> counting() {
    List<Round> steady = rounds.stream().filter(Round::steady).toList();
    return steady.size() >= Math.min(STEADY_MIN, rounds.size()) ? steady : rounds;
  }

  /// Hands all series to the run.
  void keep() {
    units.forEach((name, unit) -> run.add(new Series(name, unit, of(name))));
  }

  /// How many rounds the medians are of.
  String remark() {
    long steady = rounds.stream().filter(Round::steady).count();
    int counting = counting().size();
    return counting
        + (counting == 1 ? " round" : " rounds")
        + (steady == rounds.size()
            ? ""
            : counting == rounds.size()
                ? ", " + (rounds.size() - steady) + " on an unsteady machine"
                : ", " + (rounds.size() - counting) + " dropped, the machine was unsteady");
  }
}
