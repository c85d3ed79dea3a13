package dev.quittance.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes an event happen at the sandbox's provider and tells what became of it.
@Command(
    name = "trigger",
    mixinStandardHelpOptions = true,
    description = {
      "Make something happen at the simulated payment provider, and tell what became of it.",
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
      "  ./quittance trigger standard/payment.succeeded                a system of your own",
      "  ./quittance trigger paysuper/test                             PaySuper's Test button",
      "  ./quittance trigger payment.success --count 600 --rate 10     for a minute",
      "",
      "Exit codes: 0 all was accepted and has had its effects, 1 not, 2 invalid usage."
    })
final class TriggerCommand extends ServiceCommand {

  private static final String PATH = "/trigger";

  /// An afternoon's play; a load test is another command.
  private static final int COUNT_MAX = 100_000;

  /// More than one laptop's sandbox sends.
  private static final int RATE_MAX = 1_000;

  /// The sandbox sends 16 at the same time.
  private static final int AT_ONCE = 16;

  /// More than that nobody reads line by line.
  private static final int LINES_MAX = 50;

  @Parameters(
      paramLabel = "EVENT",
      arity = "0..1",
      description =
          "The provider's name of the event, such as checkout.session.completed; of Standard"
              + " Webhooks with standard/ before it.")
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
      names = "--rate",
      paramLabel = "R",
      description = "How many a second at most; otherwise as fast as it goes.")
  private @Nullable Double rate;

  @Mixin private final WaitOption wait = new WaitOption();

  @Override
  int call(ServiceClient services) {
    if (list) {
      return listEvents(services);
    }
    if (event == null) {
      throw output.misused("Which event? ./quittance trigger --list names them.");
    }
    return trigger(services, event);
  }

  private int listEvents(ServiceClient services) {
    JsonNode events = services.get(Service.SANDBOX, PATH).content().path("events");
    if (output.json()) {
      output.say(events);
      return 0;
    }
    for (JsonNode known : events) {
      output.say(
          "%-42s %s".formatted(known.path("event").asText(), known.path("explanation").asText()));
    }
    return 0;
  }

  private int trigger(ServiceClient services, String name) {
    if (count < 1 || count > COUNT_MAX) {
      throw output.misused("--count is from 1 to " + COUNT_MAX + ".");
    }
    if (rate != null && !(rate > 0 && rate <= RATE_MAX)) {
      throw output.misused("--rate is above 0 and at most " + RATE_MAX + " a second.");
    }
    List<JsonNode> deliveries = happen(services, name);
    boolean accepted = true;
    // with the last event of each, which is the one that was asked for
    Map<String, String> orders = new LinkedHashMap<>();
    for (JsonNode delivery : deliveries) {
      accepted &= delivery.path("status").asInt() / 100 == 2;
      if (delivery.hasNonNull("order")) {
        orders.put(delivery.path("order").asText(), delivery.path("eventId").asText());
      }
    }
    JsonNode endpoint = stripeEndpoint(services);
    String noOrder = noOrder(name, endpoint);
    if (noOrder != null) {
      orders.clear();
    }
    // unless somebody set it, only checkouts carry orders
    boolean fromCheckout = endpoint.path("ordersFrom").asText("checkout").equals("checkout");
    SettledEvent settling = SettledEvent.after(name, fromCheckout);
    List<OrderOutcome> outcomes = accepted ? follow(services, name, settling, orders) : List.of();
    boolean settled = outcomes.stream().allMatch(OrderOutcome::settled);
    if (output.json()) {
      tellAsJson(deliveries, outcomes, accepted && settled);
    } else if (accepted && noOrder != null) {
      output.say(noOrder);
    } else if (settled && !settling.carried() && !orders.isEmpty()) {
      output.say(
          "The order stays not ready, and gets no receipt: with ORDERS_FROM=checkout only a"
              + " Checkout Session says who bought what.");
    } else if (!settled) {
      output.say(
          "Not all of it had its effects within " + wait.seconds() + " s; see .quittance/logs/.");
    }
    return accepted && settled ? 0 : 1;
  }

  /// A few at a time, so that there is progress to see and no request takes for ever.
  private List<JsonNode> happen(ServiceClient services, String name) {
    List<JsonNode> deliveries = new ArrayList<>();
    int atOnce = rate == null ? AT_ONCE : 1;
    long began = System.nanoTime();
    try (var progress = Progress.of("Triggering", count)) {
      for (int done = 0; done < count; done += atOnce) {
        pace(began, done);
        int now = Math.min(atOnce, count - done);
        JsonNode triggered = services.post(Service.SANDBOX, PATH, wanted(name, now)).content();
        for (JsonNode delivery : triggered.path("deliveries")) {
          deliveries.add(delivery);
          if (!output.json() && count <= LINES_MAX) {
            tellDelivery(delivery);
          }
        }
        progress.at(done + now);
      }
    }
    if (!output.json() && count > LINES_MAX) {
      long good =
          deliveries.stream()
              .filter(delivery -> delivery.path("status").asInt() / 100 == 2)
              .count();
      output.say("%d deliveries, %d of them accepted".formatted(deliveries.size(), good));
    }
    return deliveries;
  }

  /// From the beginning on, so that a slow answer is caught up with.
  private void pace(long began, int done) {
    if (rate != null) {
      long due = began + (long) (done / rate * 1_000_000_000L);
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  /// Why no order follows, whatever one waits for; null where one does.
  private @Nullable String noOrder(String name, JsonNode endpoint) {
    if (SettledEvent.makesNone(name)) {
      return "No order follows from it: what began isn't a payment yet.";
    }
    return overrides.containsKey("event.account")
            && !endpoint.path("connectedAccounts").asBoolean(false)
        ? "No order follows from it: the endpoint ignores connected accounts; CONNECT=take takes"
            + " them."
        : null;
  }

  /// What ingest-service says of the endpoint that Stripe's events come in by; missing where it
  /// doesn't tell.
  private JsonNode stripeEndpoint(ServiceClient services) {
    try {
      for (JsonNode endpoint :
          services.get(Service.INGEST, "/endpoints").body().path("endpoints")) {
        if (endpoint.path("name").asText().equals("stripe")) {
          return endpoint;
        }
      }
    } catch (StackFault e) {
      output.remark("ingest-service doesn't tell its settings: " + e.getMessage());
    }
    return MissingNode.getInstance();
  }

  private List<OrderOutcome> follow(
      ServiceClient services, String name, SettledEvent settling, Map<String, String> orders) {
    boolean lookFor = SettledEvent.looksSettledBefore(name);
    var deadline = wait.deadline();
    List<OrderOutcome> outcomes = new ArrayList<>();
    try (var progress = Progress.of("Following", orders.size())) {
      for (var order : orders.entrySet()) {
        var outcome =
            OrderOutcome.await(
                services, order.getKey(), lookFor ? order.getValue() : null, settling, deadline);
        outcomes.add(outcome);
        progress.at(outcomes.size());
        if (!output.json() && count <= LINES_MAX) {
          outcome.lines().forEach(output::say);
        }
      }
    }
    if (!output.json() && count > LINES_MAX) {
      output.say(
          "%d orders, %d of them with all their effects"
              .formatted(outcomes.size(), outcomes.stream().filter(OrderOutcome::settled).count()));
    }
    return outcomes;
  }

  private ObjectNode wanted(String name, int howOften) {
    ObjectNode wanted = WireFormat.mapper().createObjectNode();
    wanted.put("event", name);
    wanted.put("count", howOften);
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

  private void tellDelivery(JsonNode delivery) {
    String answer =
        delivery.hasNonNull("status")
            ? delivery.path("status").asText()
            : delivery.path("error").asText("no answer");
    output.say(
        "%s %s: %s after %d ms"
            .formatted(
                delivery.path("event").asText(),
                delivery.path("eventId").asText(),
                answer,
                delivery.path("durationMs").asLong()));
  }

  private void tellAsJson(List<JsonNode> deliveries, List<OrderOutcome> outcomes, boolean settled) {
    ObjectNode report = WireFormat.mapper().createObjectNode();
    report.put("settled", settled);
    report.putArray("deliveries").addAll(deliveries);
    var all = report.putArray("orders");
    for (OrderOutcome outcome : outcomes) {
      var one = all.addObject();
      one.put("id", outcome.id());
      one.put("settled", outcome.settled());
      one.set("order", outcome.order());
      one.set("receipts", outcome.receipts());
    }
    output.say(report);
  }
}
