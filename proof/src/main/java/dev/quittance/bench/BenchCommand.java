package dev.quittance.bench;

import dev.quittance.bench.figure.Comparison;
import dev.quittance.bench.figure.Figure;
import dev.quittance.bench.figure.Report;
import dev.quittance.bench.figure.ReportFile;
import dev.quittance.bench.load.Machine;
import dev.quittance.bench.measure.Measurement;
import dev.quittance.bench.measure.Measurements;
import dev.quittance.bench.measure.Run;
import dev.quittance.launcher.Plugin;
import dev.quittance.launcher.Repository;
import dev.quittance.testkit.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures how fast everything is, beside references in the same run.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure how fast everything is.",
      "",
      "The broker and the database are real, and the database flushes every commit.",
      "Each figure has a reference beside it that does the least that does the same",
      "job; they take turns, so that the ratios hold on a busy machine, too.",
      "",
      "Its processes are its own: a stack that is up is not touched, but it takes",
      "from the cores, so stop it. A whole run takes about an hour. The report,",
      "with all rounds, is kept in .quittance/bench/.",
      "",
      "Exit code 0 also where targets are missed, which the table says; 1 where",
      "something could not be measured.",
      ""
    },
    footerHeading = "%nMeasurements:%n",
    footer = {
      "  ingest       webhooks a second, CPU and latency, beside a bare handler",
      "  e2e          webhook to due order and to accepted mail at 100 a second",
      "  cost         what a payment costs at 10 to 100 a second",
      "  translate    webhooks translated a second, from a filled topic",
      "  fulfillment  orders taken in a second, beside plain JDBC",
      "  receipts     receipts made a second, without sending them",
      "  mails        receipts sent a second, beside bare SMTP dialogues",
      "  start        start-up to the first 200, and idle memory, of each service",
      "  growth       backlogs drained, pages and lag with many orders",
      "  up           ./quittance up on built sources",
      "",
      "Examples:",
      "  ./quittance bench --quick",
      "  ./quittance bench --only ingest,e2e",
      "  ./quittance bench --json > before.json    and, after a change,",
      "  ./quittance bench --compare before.json"
    })
public final class BenchCommand implements Plugin {

  /// Above this the machine is busy with something else before anything was started.
  private static final double LOAD_PER_CORE_QUIET = 0.25;

  @Option(
      names = "--quick",
      description = "Fewer and shorter rounds: shows that all runs, and proves nothing.")
  private boolean quick;

  @Option(names = "--large", description = "Also a million orders, and ten minutes of steady load.")
  private boolean large;

  @Option(names = "--json", description = "Print the report as JSON, with all rounds.")
  private boolean json;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Also print what changed since an earlier report.")
  private @Nullable Path compare;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these measurements, see below.")
  private List<String> only = List.of();

  @Option(
      names = "--profile",
      description =
          "Let each service record a JFR profile beside its log, and draw a flame graph of it; "
              + "slows it down a little.")
  private boolean profile;

  @Spec private CommandSpec spec;

  private final long began = System.nanoTime();

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the fields
  public BenchCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Measurement> chosen = chosen();
    Optional<Report> earlier = earlier();
    Clock clock = Clock.systemUTC();
    String at = clock.instant().toString();
    Path bench = Repository.home().resolve("bench");
    Path home = bench.resolve(Long.toString(clock.instant().getEpochSecond()));
    Files.createDirectories(home);
    double load = Machine.load();
    int cores = Runtime.getRuntime().availableProcessors();
    if (load > LOAD_PER_CORE_QUIET * cores) {
      say(
          String.format(
              Locale.ROOT,
              "This machine is busy (load %.1f on %d cores): trust the ratios, not the rates.",
              load,
              cores));
    }
    var run =
        new Run(
            new Run.Settings(
                Repository.root(), home, bench.resolve("classes"), quick, large, profile),
            clock,
            this::progress);
    var failures = new Sequence(run, this::progress).make(chosen);
    var figures = new ArrayList<>(run.figures());
    figures.add(
        new Figure(
            "machine.load",
            "load of the machine before the run",
            load,
            "",
            Optional.empty(),
            "on "
                + cores
                + " cores; the JVMs were "
                + (Training.done(Repository.root()) ? "trained" : "not trained")));
    var report = new Report(at, quick, Machine.describe(), figures, run.series(), failures);
    Path file = home.resolve("report.json");
    ReportFile.write(report, file);
    tell(report, earlier, file);
    return failures.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private List<Measurement> chosen() {
    List<Measurement> all = Measurements.all();
    if (only.isEmpty()) {
      return all;
    }
    List<String> names = all.stream().map(Measurement::name).toList();
    for (String name : only) {
      if (!names.contains(name)) {
        throw misused("--only knows " + String.join(", ", names));
      }
    }
    return all.stream().filter(one -> only.contains(one.name())).toList();
  }

  /// Before an hour is spent.
  private Optional<Report> earlier() {
    if (compare == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ReportFile.read(compare));
    } catch (IOException e) {
      throw misused("--compare " + compare + " can't be read: " + e.getMessage());
    }
  }

  private void tell(Report report, Optional<Report> earlier, Path file) {
    if (json) {
      print(ReportFile.text(report));
    } else {
      print(
          report.machine().entrySet().stream()
              .map(entry -> entry.getKey() + ": " + entry.getValue())
              .collect(Collectors.joining(", ")));
      print("");
      report.lines().forEach(this::print);
      print("");
    }
    earlier.ifPresent(before -> {
      // JSON on its own can be read by programs
      var lines = Comparison.of(before, report).lines();
      lines.forEach(json ? this::say : this::print);
    });
    List<Figure> missed = report.missed();
    long promised = report.figures().stream().filter(one -> one.goal().isPresent()).count();
    say(promised - missed.size() + " of " + promised + " targets met.");
    missed.forEach(figure -> say("Missed: " + figure.line()));
    report.failures().forEach((name, why) -> say("Not measured: " + name + ": " + why));
    if (quick) {
      say("A quick run is not conclusive.");
    }
    say("Kept: " + file);
  }

  private CommandLine.ParameterException misused(String words) {
    return new CommandLine.ParameterException(spec.commandLine(), words);
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /// What is being done, and how long after the start.
  private void progress(String line) {
    long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
    say("%02d:%02d  %s".formatted(seconds / 60, seconds % 60, line));
  }

  /// Progress and everything that isn't the report.
  private synchronized void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
