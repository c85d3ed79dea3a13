package dev.quittance.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.localstack.Deadline;
import dev.quittance.localstack.StackFault;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes an event happen at the sandbox's provider and tells what became of it.
@Command(
    name = "trigger",
    mixinStandardHelpOptions = true,
    description = {
      "Make something happen at the pretended payment provider, and tell what became of it.",
      "",
      "The sandbox builds the event with all that naturally comes before it, signs it and posts",
      "it, as the provider would. Then it waits for the order and its receipts.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance trigger --list",
      "  ./quittance trigger checkout.session.completed",
      "  ./quittance trigger checkout.session.completed --override amount_total=0",
      "  ./quittance trigger charge.refunded --override amount_refunded=1000",
      "  ./quittance trigger charge.refunded --session stripe:pi_…     an earlier payment",
      "  ./quittance trigger payment.success --count 50",
      "",
      "Exit codes: 0 all was accepted and has had its effects, 1 not, 2 misused."
    })
final class TriggerCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "EVENT",
      arity = "0..1",
      description = "The provider's name of the event, such as checkout.session.completed.")
  private @Nullable String event;

  @Option(names = "--list", description = "List the events.")
  private boolean list;

  @Option(
      names = "--override",
      paramLabel = "PATH=VALUE",
      description = "What the event says instead of the ordinary; may be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often it happens, each time to another payment.")
  private int count = 1;

  @Option(
      names = "--session",
      paramLabel = "ID",
      description = "Let it happen to an earlier payment: any of its ids, or its order's.")
  private @Nullable String session;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description = "How long to wait for the effects. Default: ${DEFAULT-VALUE}")
  private int waitSeconds = 15;

  @Option(names = "--json", description = "Tell it as JSON.")
  private boolean json;

  @Mixin private Addresses addresses = new Addresses();

  @Spec private CommandSpec spec;

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the field
  TriggerCommand() {}

  @Override
  public Integer call() {
    try (var answers = new Answers()) {
      if (list) {
        return listEvents(answers);
      }
      if (event == null) {
        throw new ParameterException(
            spec.commandLine(), "Which event? ./quittance trigger --list names them.");
      }
      return trigger(answers, event);
    }
  }

  private int listEvents(Answers answers) {
    JsonNode events = good(answers.get(addresses.trigger())).path("events");
    for (JsonNode known : events) {
      say("%-42s %s".formatted(known.path("event").asText(), known.path("explanation").asText()));
    }
    return 0;
  }

  private int trigger(Answers answers, String name) {
    JsonNode triggered = good(answers.post(addresses.trigger(), wanted(name)));
    boolean accepted = true;
    Set<String> orders = new LinkedHashSet<>();
    for (JsonNode delivery : triggered.path("deliveries")) {
      accepted &= delivery.path("status").asInt() / 100 == 2;
      if (delivery.hasNonNull("order")) {
        orders.add(delivery.path("order").asText());
      }
      if (!json) {
        tellDelivery(delivery);
      }
    }
    var deadline = Deadline.in(Duration.ofSeconds(waitSeconds));
    List<Outcome> outcomes = new ArrayList<>();
    if (accepted) {
      for (String order : orders) {
        var outcome = Outcome.await(answers, addresses, order, Settled.after(name), deadline);
        outcomes.add(outcome);
        if (!json) {
          outcome.lines().forEach(this::say);
        }
      }
    }
    boolean settled = outcomes.stream().allMatch(Outcome::settled);
    if (json) {
      tellAsJson(triggered, outcomes, accepted && settled);
    } else if (!settled) {
      say("Not all of it had its effects within " + waitSeconds + " s; see .quittance/logs/.");
    }
    return accepted && settled ? 0 : 1;
  }

  private ObjectNode wanted(String name) {
    ObjectNode wanted = WireFormat.mapper().createObjectNode();
    wanted.put("event", name);
    wanted.put("count", count);
    if (session != null) {
      wanted.put("session", session);
    }
    ObjectNode changed = wanted.putObject("overrides");
    overrides.forEach((path, value) -> changed.set(path, json(value)));
    return wanted;
  }

  /// `3000` and `true` are what they look like; what is no JSON is a text.
  private static JsonNode json(String value) {
    try {
      return WireFormat.mapper().readTree(value);
    } catch (JsonProcessingException _) {
      return TextNode.valueOf(value);
    }
  }

  private static JsonNode good(Answers.Answer answer) {
    if (!answer.good()) {
      throw new StackFault("The sandbox refuses: " + answer.complaint());
    }
    return answer.body();
  }

  private void tellDelivery(JsonNode delivery) {
    String answer =
        delivery.hasNonNull("status")
            ? delivery.path("status").asText()
            : delivery.path("error").asText("no answer");
    say(
        "%s %s: %s after %d ms"
            .formatted(
                delivery.path("event").asText(),
                delivery.path("eventId").asText(),
                answer,
                delivery.path("durationMs").asLong()));
  }

  private void tellAsJson(JsonNode triggered, List<Outcome> outcomes, boolean settled) {
    ObjectNode told = WireFormat.mapper().createObjectNode();
    told.put("settled", settled);
    told.set("deliveries", triggered.path("deliveries"));
    var all = told.putArray("orders");
    for (Outcome outcome : outcomes) {
      var one = all.addObject();
      one.put("id", outcome.id());
      one.put("settled", outcome.settled());
      one.set("order", outcome.order());
      one.set("receipts", outcome.receipts());
    }
    say(told.toPrettyString());
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
