package dev.quittance.fuzz;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs seeded cases: a fixed number usually, millions where somebody asks for them. Each case is a
/// function of the seed and its own number alone, so a failing one is told by the two.
///
/// | property | meaning | default |
/// |---|---|---|
/// | `quittance.fuzz.cases` | how many cases the quickest kind has; slower kinds have their part of it | the usual number |
/// | `quittance.fuzz.seed` | the run's seed | the same for everybody |
/// | `quittance.fuzz.case` | the one case to run | all |
public final class Fuzz {

  /// What the quickest kind runs when nobody asks for more: a second's worth.
  public static final int USUAL_MAX = 20_000;

  /// No case waits for longer than a peer may be silent; a whole minute is a hang.
  private static final Duration CASE_MAX = Duration.ofMinutes(1);

  /// What caches, pools and compiled code may take once they are warm; a leak of a hundred bytes a
  /// case exceeds it within a million.
  private static final long GROWTH_BYTES_MAX = 64L * 1024 * 1024;

  /// Below it a heap says more about caches that fill than about leaks.
  private static final long CASES_TO_JUDGE_THE_HEAP_BY = 100_000;

  private static final long SEED_USUAL = 20_261_122;

  private Fuzz() {}

  /// One case.
  @FunctionalInterface
  public interface Case {
    /// @param random all that the case may depend on
    @SuppressWarnings("CheckedExceptionNotThrown")
    void run(FuzzRandom random) throws Exception;
  }

  /// Runs cases one after the other.
  ///
  /// @param usual how many there are when nobody asks for more
  /// @throws AssertionError for the first that fails or hangs, or when the heap has grown
  public static void cases(int usual, Case one) {
    long seed = Long.getLong("quittance.fuzz.seed", SEED_USUAL);
    Long only = Long.getLong("quittance.fuzz.case");
    if (only != null) {
      run(seed, only, only + 1, one);
      return;
    }
    long wanted = Math.max(usual, Long.getLong("quittance.fuzz.cases", 0) * usual / USUAL_MAX);
    long warm = wanted / 4;
    run(seed, 0, warm, one);
    boolean judges = wanted >= CASES_TO_JUDGE_THE_HEAP_BY;
    long before = judges ? heapBytes() : 0;
    run(seed, warm, wanted, one);
    long growth = judges ? heapBytes() - before : 0;
    if (growth > GROWTH_BYTES_MAX) {
      throw new AssertionError(
          "the heap grew by %d bytes over %d cases".formatted(growth, wanted - warm));
    }
  }

  /// A thread of their own runs them, because one that hangs in a loop can't be called off.
  private static void run(long seed, long from, long to, Case one) {
    var current = new AtomicLong(from);
    var began = new AtomicLong(System.nanoTime());
    var failure = new AtomicReference<@Nullable Throwable>();
    Thread runner =
        Thread.ofPlatform()
            .daemon()
            .name("fuzz")
            .start(() -> {
              for (long number = from; number < to && failure.get() == null; number++) {
                current.set(number);
                began.set(System.nanoTime());
                try {
                  one.run(new FuzzRandom(seed, number));
                } catch (Throwable e) {
                  failure.set(e);
                }
              }
            });
    try {
      while (!runner.join(Duration.ofSeconds(1))) {
        if (System.nanoTime() - began.get() > CASE_MAX.toNanos()) {
          var where = new AssertionError(named(seed, current.get()) + " hangs");
          where.setStackTrace(runner.getStackTrace());
          throw where;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError(named(seed, current.get()) + " fails: " + failed, failed);
    }
  }

  private static String named(long seed, long number) {
    return "case -Dquittance.fuzz.seed=" + seed + " -Dquittance.fuzz.case=" + number;
  }

  private static long heapBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
