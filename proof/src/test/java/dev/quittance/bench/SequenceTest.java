package dev.quittance.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.bench.measure.Measurement;
import dev.quittance.bench.measure.Run;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SequenceTest {

  private final List<String> progress = new ArrayList<>();
  private final Path nowhere = Path.of("target");
  private final Run run =
      new Run(
          new Run.Settings(nowhere, nowhere, nowhere, true, false, false),
          Clock.systemUTC(),
          progress::add);

  private final Sequence sequence = new Sequence(run, progress::add);

  @Test
  void eachIsGivenUpAfterItsOwnTimeAndTheNextIsMade() throws InterruptedException {
    var never = new CountDownLatch(1);
    var endless = measurement("endless", Duration.ZERO, never::await);
    var ready = measurement("ready", Duration.ofMinutes(5), () -> {});

    var failures = sequence.make(List.of(endless, ready));

    assertThat(failures).containsOnlyKeys("endless");
    assertThat(progress).anyMatch(line -> line.startsWith("ready: done"));
  }

  @Test
  void itSaysHowLongEachMayTake() throws InterruptedException {
    var _ = sequence.make(List.of(measurement("ready", Duration.ofMinutes(5), () -> {})));

    assertThat(progress).first().isEqualTo("ready: what it is, in 5 min at most");
  }

  private interface Body {
    void run() throws Exception;
  }

  private static Measurement measurement(String name, Duration timeMax, Body body) {
    return new Measurement() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String what() {
        return "what it is";
      }

      @Override
      public Duration timeMax(Run run) {
        return timeMax;
      }

      @Override
      public void measure(Run run) throws Exception {
        body.run();
      }
    };
  }
}
