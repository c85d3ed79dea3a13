package dev.quittance.chaos;

import dev.quittance.chaos.check.Checker;
import dev.quittance.chaos.check.Violation;
import dev.quittance.chaos.fault.Kind;
import dev.quittance.chaos.history.History;
import dev.quittance.launcher.Plugin;
import dev.quittance.launcher.Repository;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Breaks everything for a while and says whether the promises were kept.
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = {
      "Break one part after the other under load, and check that nothing is lost.",
      "",
      "Checked is that every accepted webhook had its effect exactly once.",
      "",
      "Its processes are its own: a stack that is up is not touched. What was sent and what came",
      "of it is kept as a history. Exit code 1 means that a promise was broken.",
      ""
    },
    footerHeading = "%nFaults:%n",
    footer = {
      "  kill          SIGKILL, started again after a while",
      "  stop          SIGSTOP, then SIGCONT",
      "  term          SIGTERM, started again after a while",
      "  kill-several  SIGKILL of two or three at once",
      "  rebalance     a second instance comes and goes",
      "  roll          one service after the other is replaced, as a rolling update does",
      "  cut           connections cut and refused",
      "  slow          every chunk of bytes held back",
      "  half-open     connections that swallow all and answer nothing",
      "  mail-away     nobody listens",
      "  mail-later    4xx at one command or another",
      "  mail-refuses  5xx that is not about the letter",
      "  mail-bounces  550 for every other recipient",
      "  mail-denies   5xx to everybody at the recipient or the letter, about us",
      "  end-session   PostgreSQL ends the sessions in which its relays lead, again and",
      "                again",
      "  overtake      stopped between a relay's look and its write while another leads",
      "  no-database   half open to PostgreSQL for it alone; the broker is there",
      "  disk-full     no room left on the device",
      "  api-fails     the provider's API answers 429, 500 or nothing",
      "  api-hangs     the provider's API takes all and answers nothing, longer than it",
      "                is asked"
    })
public final class ChaosCommand implements Plugin {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,5})([smh])");

  /// More than anybody reads; all of them are in the file.
  private static final int SHOWN_MAX = 25;

  private static final String BROKERS3 = "brokers3";
  private static final int SEEDS = 1_000_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides the customers and the faults; without it, any.")
  private @Nullable Long seed;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "How long, like 90s or 10m (default: ${DEFAULT-VALUE}).")
  private String duration;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "20",
      description = "Orders a second, of 1 to 8 events each (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--faults",
      paramLabel = "KIND",
      split = ",",
      description = {
        "Only these kinds of faults, for example kill,half-open.",
        "brokers3: one of three brokers is lost, again and again.",
        "disk-full: no room left under the broker and under the database."
      })
  private List<String> faults = List.of();

  @Option(
      names = "--judge",
      paramLabel = "FILE",
      description = "Run nothing: judge the history of an earlier run once more.")
  private @Nullable Path judge;

  @Spec private CommandSpec spec;

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the fields
  public ChaosCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (judge != null) {
      var checker = new Checker();
      History.read(judge, checker::read);
      List<Violation> violations = checker.violations();
      violations.forEach(violation -> say("VIOLATED " + violation));
      say(violations.isEmpty() ? "Every promise was kept." : violations.size() + " violations.");
      return violations.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
    Duration time = duration();
    Set<Kind> kinds = kinds();
    long chosen =
        Objects.requireNonNullElseGet(
            seed, () -> (long) ThreadLocalRandom.current().nextInt(SEEDS));
    Path home =
        Repository.home()
            .resolve("chaos")
            .resolve("seed-" + chosen + "-" + Clock.systemUTC().instant().getEpochSecond());
    say("Seed " + chosen + ", " + duration + ", " + rate + " orders a second.");
    say("Logs and history: " + home);
    var settings =
        new Chaos.Settings(
            Repository.root(), home, chosen, time, rate, kinds, faults.contains(BROKERS3) ? 3 : 1);
    Chaos.Verdict verdict;
    try {
      verdict = new Chaos(settings, Clock.systemUTC(), this::say).run();
    } catch (Chaos.Skipped skipped) {
      say("Skipped: " + skipped.getMessage());
      return CommandLine.ExitCode.OK;
    }
    report(chosen, settings, verdict);
    return verdict.violations().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void report(long chosen, Chaos.Settings settings, Chaos.Verdict verdict) {
    say("");
    say("fault                      survived");
    verdict
        .faults()
        .forEach((fault, times) -> say(String.format(Locale.ROOT, "%-26s %8d", fault, times)));
    say(
        String.format(
            Locale.ROOT,
            "%-26s %8d",
            "all",
            verdict.faults().values().stream().mapToInt(Integer::intValue).sum()));
    verdict
        .restarts()
        .forEach((what, times) ->
            say(String.format(Locale.ROOT, "%-26s %8d  (not our doing)", what, times)));
    say("");
    var sum = verdict.summary();
    say(
        "%,d orders, %,d events, %,d answers of 2xx, %,d requests to fulfill, %,d customers erased, %,d commands taken, %,d mails"
            .formatted(
                sum.orders(),
                sum.events(),
                sum.acceptances(),
                sum.requested(),
                sum.erased(),
                sum.commands(),
                sum.mails()));
    say(
        "Repeated, as documented: %,d fulfillment events with their number, %,d mails with their Message-ID"
            .formatted(sum.repeatedRecords(), sum.doubledMails()));
    say("");
    List<Violation> violations = verdict.violations();
    violations.stream().limit(SHOWN_MAX).forEach(violation -> say("VIOLATED " + violation));
    say("History: " + settings.history());
    say(
        violations.isEmpty()
            ? "Every promise was kept. Seed " + chosen + "."
            : violations.size() + " violations. Again: ./quittance chaos --seed " + chosen);
  }

  private Duration duration() {
    var matcher = DURATION.matcher(duration);
    if (!matcher.matches()) {
      throw misused("--duration is a number and s, m or h, like 90s or 10m");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  private Set<Kind> kinds() {
    if (faults.isEmpty() || faults.equals(List.of(BROKERS3))) {
      return Kind.ordinary();
    }
    var chosen = new LinkedHashSet<Kind>();
    for (String wanted : faults) {
      if (wanted.equals(BROKERS3)) {
        continue;
      }
      chosen.add(
          Arrays.stream(Kind.values())
              .filter(kind -> kind.label().equals(wanted))
              .findFirst()
              .orElseThrow(() ->
                  misused(
                      "--faults knows brokers3, "
                          + Arrays.stream(Kind.values())
                              .map(Kind::label)
                              .collect(Collectors.joining(", ")))));
    }
    return chosen;
  }

  private CommandLine.ParameterException misused(String words) {
    return new CommandLine.ParameterException(spec.commandLine(), words);
  }

  private synchronized void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
