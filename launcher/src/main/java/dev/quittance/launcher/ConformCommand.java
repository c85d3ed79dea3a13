package dev.quittance.launcher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.conformance.Case;
import dev.quittance.conformance.Conformance;
import dev.quittance.contracts.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      "Exit codes: 0 it did what it should, or nobody watched, 1 it didn't, 2 invalid usage."
    })
final class ConformCommand implements Callable<Integer> {

  /// Makes a run's name short.
  private static final int NAME_RADIX = 36;

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
      names = "--quiet",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "How long to watch then for what is not. Default: ${DEFAULT-VALUE}")
  private int quietSeconds = 3;

  @Mixin private final Brokers brokers = new Brokers();

  @Mixin private final WaitOption patience = new WaitOption();

  @Mixin private final Output output = new Output();

  @Override
  public Integer call() {
    Instant now = Clock.systemUTC().instant();
    String run = Long.toString(now.toEpochMilli(), NAME_RADIX);
    var plan =
        new Conformance.Plan(
            brokers.servers(),
            topic,
            commandsTopic,
            patience.time(),
            Duration.ofSeconds(quietSeconds));
    tell("The orders are conform:" + run + "-….");
    List<Conformance.Result> results = new Conformance(plan, run, now, this::tell).play();
    return commandsTopic == null ? explain() : judge(results);
  }

  private int explain() {
    ArrayNode all = WireFormat.mapper().createArrayNode();
    for (Case played : Case.values()) {
      tell("%-22s %s".formatted(played.title(), played.situation()));
      tell("%-22s   should: %s".formatted("", played.expected()));
      all.add(json(played));
    }
    if (output.json()) {
      output.say(all);
    }
    return 0;
  }

  private int judge(List<Conformance.Result> results) {
    int bad = 0;
    ArrayNode all = WireFormat.mapper().createArrayNode();
    for (Conformance.Result result : results) {
      boolean good = result.faults().isEmpty();
      bad += good ? 0 : 1;
      tell(
          "%-4s %-22s %s"
              .formatted(
                  good ? "ok" : "BAD", result.played().title(), result.played().situation()));
      tell("%-27s   should: %s".formatted("", result.played().expected()));
      result.faults().forEach(fault -> tell("%-27s   but it %s".formatted("", fault)));
      ObjectNode one = json(result.played()).put("good", good);
      ArrayNode faults = one.putArray("faults");
      result.faults().forEach(faults::add);
      all.add(one);
    }
    tell("%d of %d as they should be".formatted(results.size() - bad, results.size()));
    if (output.json()) {
      output.say(all);
    }
    return bad == 0 ? 0 : 1;
  }

  private static ObjectNode json(Case played) {
    return WireFormat.mapper()
        .createObjectNode()
        .put("case", played.title())
        .put("situation", played.situation())
        .put("should", played.expected());
  }

  private void tell(String line) {
    if (!output.json()) {
      output.say(line);
    }
  }
}
