package dev.quittance.launcher;

import dev.quittance.conformance.Case;
import dev.quittance.conformance.Conformance;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tries a subscriber with everything that a subscriber has to bear.
@Command(
    name = "conform",
    mixinStandardHelpOptions = true,
    description = {
      "Try a subscriber of fulfillment events: is each order completed once?",
      "",
      "Publishes repetitions, replays, orders in turns, unknown fields and types,",
      "stops before requests, and a record that can't be read. Says what the",
      "subscriber should have done and, where it may watch the commands, whether it",
      "did. Start the subscriber first.",
      "",
      "Use a broker or topics of your own, as the orders are invented. Topics that",
      "aren't there are created.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance conform --topic try.events --commands-topic try.commands",
      "  ./quittance conform --bootstrap kafka:9092 --topic fulfillment.events.v1",
      "",
      "Exit codes: 0 it did what it should, or nobody watched, 1 it didn't, 2 misused."
    })
final class ConformCommand implements Callable<Integer> {

  /// Makes a run's name short.
  private static final int NAME_RADIX = 36;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "The brokers; otherwise that of ./quittance up.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      required = true,
      description = "Where the subscriber reads its events.")
  private String topic = "";

  @Option(
      names = "--commands-topic",
      paramLabel = "TOPIC",
      description = "Where it sends its commands; without it nothing is checked.")
  private @Nullable String commandsTopic;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for what is due. Default: ${DEFAULT-VALUE}")
  private int waitSeconds = 30;

  @Option(
      names = "--quiet",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "How long to watch then for what is not. Default: ${DEFAULT-VALUE}")
  private int quietSeconds = 3;

  @Spec private CommandSpec spec;

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the field
  ConformCommand() {}

  @Override
  public Integer call() {
    Instant now = Clock.systemUTC().instant();
    String run = Long.toString(now.toEpochMilli(), NAME_RADIX);
    var plan =
        new Conformance.Plan(
            Objects.requireNonNullElseGet(
                bootstrapServers, () -> "127.0.0.1:" + PortOffset.ports(Repository.home()).kafka()),
            topic,
            commandsTopic,
            Duration.ofSeconds(waitSeconds),
            Duration.ofSeconds(quietSeconds));
    say("The orders are conform:" + run + "-….");
    List<Conformance.Result> results = new Conformance(plan, run, now, this::say).play();
    return commandsTopic == null ? explain() : judge(results);
  }

  private int explain() {
    for (Case played : Case.values()) {
      say("%-22s %s".formatted(played.title(), played.situation()));
      say("%-22s   should: %s".formatted("", played.expected()));
    }
    return 0;
  }

  private int judge(List<Conformance.Result> results) {
    int bad = 0;
    for (Conformance.Result result : results) {
      boolean good = result.faults().isEmpty();
      bad += good ? 0 : 1;
      say(
          "%-4s %-22s %s"
              .formatted(
                  good ? "ok" : "BAD", result.played().title(), result.played().situation()));
      say("%-27s   should: %s".formatted("", result.played().expected()));
      result.faults().forEach(fault -> say("%-27s   but it %s".formatted("", fault)));
    }
    say("%d of %d as they should be".formatted(results.size() - bad, results.size()));
    return bad == 0 ? 0 : 1;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
