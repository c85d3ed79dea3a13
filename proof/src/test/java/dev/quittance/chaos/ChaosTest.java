package dev.quittance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.chaos.fault.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ChaosTest {

  /// More on demand: `-Dquittance.chaos.minutes=10`.
  private static final int MINUTES = Integer.getInteger("quittance.chaos.minutes", 1);

  /// The first minute of this one has all that takes a relay's lock from it, and a rolling update.
  private static final long SEED = 20_270_627;

  /// New orders a second. The faults take as long as processes take to start, and more customers
  /// than these keep a small machine from just that.
  private static final int RATE = 3;

  private static final Logger LOG = Logger.getLogger(ChaosTest.class.getName());

  @Test
  void everyPromiseIsKeptInChaos() throws Exception {
    Path target = Path.of("target").toAbsolutePath();
    var settings =
        new Chaos.Settings(
            target.resolve("../.."),
            Files.createTempDirectory(target, "chaos-"),
            SEED,
            Duration.ofMinutes(MINUTES),
            RATE,
            Kind.ordinary(),
            1);

    Chaos.Verdict verdict = new Chaos(settings, Clock.systemUTC(), LOG::info).run();

    assertThat(verdict.violations()).as("Kept in " + settings.home()).isEmpty();
    int faults = verdict.faults().values().stream().mapToInt(Integer::intValue).sum();
    if (MINUTES == 1) {
      assertThat(faults).isEqualTo(10);
      assertThat(verdict.faults())
          .containsKeys(
              "end-session fulfillment", "overtake fulfillment", "no-database receipts", "roll");
    } else {
      assertThat(faults).isGreaterThan(10);
    }
    assertThat(verdict.summary().orders()).isGreaterThan(100);
    assertThat(verdict.summary().commands()).isGreaterThan(20);
    assertThat(verdict.summary().mails()).isGreaterThan(100);
  }
}
