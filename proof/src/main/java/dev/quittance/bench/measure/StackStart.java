package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Goal;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Ports;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `./quittance up` on built sources, from the command to its word that all is ready. It runs in a
/// directory of its own that only refers to the repository, so that a stack that is up, and the
/// data of the last one, stay as they are.
final class StackStart implements Measurement {

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(40);
  private static final String READY = "Ready in";

  /// Beyond the usual ports and below those that the system gives away.
  private static final int OFFSET_FIRST = 2_000;

  /// Each takes a quarter of a minute, and it is far from its limit or far beyond.
  private static final int ROUNDS = 3;

  private static final int OFFSET_STEP = 500;
  private static final int OFFSET_LAST = 20_000;
  private static final List<Integer> USUAL_PORTS =
      List.of(8081, 8082, 8083, 8084, 9092, 5433, 2525);

  @Override
  public String name() {
    return "up";
  }

  @Override
  public String what() {
    return "./quittance up on built sources";
  }

  @Override
  public void measure(Run run) throws Exception {
    Path root = mirror(run.settings().repository(), run.settings().home().resolve("up"));
    int offset = offset();
    if (!run.settings().quick()) {
      run.say("the first time");
      double first = start(root, offset);
      run.tell("up.first", "./quittance up, the first time", first, "s", "no classes kept yet");
    }
    var rounds = new Rounds(run);
    int count = run.amount(ROUNDS, 1);
    for (int round = 1; round <= count; round++) {
      run.say("round " + round + " of " + count);
      rounds.make(now -> now.value("up", "s", start(root, offset)));
    }
    rounds.keep();
    run.judge(
        "up",
        "./quittance up on built sources",
        rounds.median("up"),
        Goal.below(20, "s"),
        rounds.remark("up") + (run.settings().quick() ? ", no classes kept yet" : ""));
  }

  /// A repository that consists of links, apart from the script, which looks where it stands, and
  /// from the data.
  private static Path mirror(Path repository, Path root) throws IOException {
    Files.createDirectories(root.resolve(".quittance"));
    try (Stream<Path> entries = Files.list(repository)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (!name.equals("quittance") && !name.startsWith(".git") && !name.equals(".quittance")) {
          Files.createSymbolicLink(root.resolve(name), entry);
        }
      }
    }
    Files.copy(
        repository.resolve("quittance"),
        root.resolve("quittance"),
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.createFile(root.resolve(".quittance").resolve("built"));
    return root;
  }

  private static int offset() {
    for (int offset = OFFSET_FIRST; offset <= OFFSET_LAST; offset += OFFSET_STEP) {
      int tried = offset;
      if (USUAL_PORTS.stream().noneMatch(port -> Ports.taken(port + tried))) {
        return offset;
      }
    }
    throw new StackFault("No free ports for a stack of its own");
  }

  private static double start(Path root, int offset) throws Exception {
    Path log = root.resolve(".quittance").resolve("up.log");
    long begun = System.nanoTime();
    Process up =
        new ProcessBuilder(
                root.resolve("quittance").toString(),
                "up",
                "--port-offset",
                Integer.toString(offset))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      var _ = Deadline.in(READY_WITHIN).meets(() -> !up.isAlive() || said(log).contains(READY));
      double took = (System.nanoTime() - begun) / 1e9;
      if (!said(log).contains(READY)) {
        throw new StackFault("./quittance up is not ready. It said:\n" + said(log));
      }
      return took;
    } finally {
      up.destroy();
      if (!up.waitFor(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        up.destroyForcibly();
      }
    }
  }

  private static String said(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
