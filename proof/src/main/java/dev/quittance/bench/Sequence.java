package dev.quittance.bench;

import dev.quittance.bench.measure.Measurement;
import dev.quittance.bench.measure.Run;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes one measurement after the other. One that fails, or takes too long, doesn't keep the
/// others from being made.
final class Sequence {

  /// To stop its processes.
  private static final Duration FAREWELL_MAX = Duration.ofMinutes(1);

  private final Run run;
  private final Consumer<String> progress;

  Sequence(Run run, Consumer<String> progress) {
    this.run = run;
    this.progress = progress;
  }

  /// @return those that could not be made, and why
  Map<String, String> make(List<Measurement> measurements) throws InterruptedException {
    var failures = new LinkedHashMap<String, String>();
    for (Measurement measurement : measurements) {
      Duration timeMax = measurement.timeMax(run);
      progress.accept(
          "%s: %s, in %d min at most"
              .formatted(measurement.name(), measurement.what(), timeMax.toMinutes()));
      long begun = System.nanoTime();
      var failure = new AtomicReference<@Nullable Throwable>();
      Thread thread =
          Thread.ofPlatform()
              .name(measurement.name())
              .start(() -> {
                try {
                  measurement.measure(run);
                } catch (Throwable e) { // also a class that is missing
                  failure.set(e);
                }
              });
      if (!thread.join(timeMax)) {
        thread.interrupt();
        var _ = thread.join(FAREWELL_MAX);
        failures.put(measurement.name(), "not done after " + timeMax.toMinutes() + " min");
      } else if (failure.get() != null) {
        failures.put(measurement.name(), words(Objects.requireNonNull(failure.get())));
      }
      progress.accept(
          measurement.name()
              + ": "
              + (failures.containsKey(measurement.name())
                  ? "failed, " + failures.get(measurement.name())
                  : "done")
              + " after "
              + (System.nanoTime() - begun) / 1_000_000_000
              + " s");
    }
    return failures;
  }

  private static String words(Throwable e) {
    // more lines are the end of a log, which is there to be read
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getMessage().lines().findFirst().orElse("");
  }
}
