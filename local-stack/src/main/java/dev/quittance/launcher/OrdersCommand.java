package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks at orders, and folds them again.
final class OrdersCommand {

  private static final String FULFILLMENT = "fulfillment-service";

  private OrdersCommand() {}

  /// The commands that there are.
  @Command(
      name = "orders",
      mixinStandardHelpOptions = true,
      description = {
        "Look at orders: a list, or one with all that happened to it; or fold all of them again.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./quittance orders list --status due",
        "  ./quittance orders list --q jenny --limit 5 --json",
        "  ./quittance orders show stripe:pi_3Qx",
        "  ./quittance orders refold --dry-run",
        "",
        "Exit codes: 0 done, 1 failed or no such order, 2 invalid usage."
      },
      subcommands = {Listing.class, Show.class, RefoldCommand.class})
  static final class All extends Group {}

  /// Of many orders, a line each.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List orders, the newest first.")
  static final class Listing implements Callable<Integer> {

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "Of this payment or fulfillment status, such as paid, due or on_hold.")
    private @Nullable String status;

    @Option(names = "--provider", paramLabel = "NAME", description = "Paid by this provider.")
    private @Nullable String provider;

    @Option(
        names = "--q",
        paramLabel = "TEXT",
        description = "With this id, reference, e-mail address or name.")
    private @Nullable String q;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "How many at most, up to 200. Default: ${DEFAULT-VALUE}")
    private int limit = 20;

    @Mixin private final Addresses addresses = new Addresses();

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() {
      var query = new StringBuilder("?limit=" + limit);
      add(query, "status", status);
      add(query, "provider", provider);
      add(query, "q", q);
      try (var answers = new Answers(addresses)) {
        var answer = answers.get(addresses.orders(query.toString()));
        if (answer.status() == 400) {
          throw output.misused(answer.complaint());
        }
        JsonNode page = Answers.good(FULFILLMENT, answer);
        if (output.json()) {
          output.say(Masked.of(page));
          return 0;
        }
        var table = new Table("ORDER", "PAYMENT", "FULFILLMENT", "AMOUNT", "PLACED", "CUSTOMER");
        page.path("orders")
            .forEach(order ->
                table.row(
                    order.path("id").asText(),
                    words(order.path("paymentStatus")),
                    words(order.path("fulfillmentStatus")),
                    money(order.path("amount")),
                    order.path("placedAt").asText(),
                    customer(order)));
        table.lines().forEach(output::say);
        if (page.hasNonNull("next")) {
          output.remark("There are more: a higher --limit or a narrower question shows them.");
        }
        return 0;
      }
    }

    private static void add(StringBuilder query, String name, @Nullable String value) {
      if (value != null) {
        query.append('&').append(name).append('=').append(Answers.escaped(value));
      }
    }
  }

  /// Of one order, all.
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show an order, its items, what happened to it, and its receipts.")
  static final class Show implements Callable<Integer> {

    @Parameters(paramLabel = "ORDER", description = "Its id, such as stripe:pi_3Qx.")
    private String id = "";

    @Mixin private final Addresses addresses = new Addresses();

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() {
      try (var answers = new Answers(addresses)) {
        JsonNode order = Answers.good(FULFILLMENT, answers.get(addresses.order(id)));
        JsonNode events =
            Answers.good(
                    FULFILLMENT,
                    answers.get(addresses.orders("/" + Answers.escaped(id) + "/events")))
                .path("events");
        JsonNode receipts =
            Answers.good("receipt-service", answers.get(addresses.receiptsOf(id))).path("receipts");
        if (output.json()) {
          var told = WireFormat.mapper().createObjectNode();
          told.set("order", Masked.of(order));
          told.set("events", Masked.of(events));
          told.set("receipts", Masked.of(receipts));
          output.say(told);
          return 0;
        }
        for (String line : new Outcome(id, order, receipts, true).lines()) {
          output.say(Output.plain(line));
        }
        for (JsonNode line : order.path("lineItems")) {
          output.say(
              "  %d × %s, %d fulfilled, %s"
                  .formatted(
                      line.path("quantity").asLong(),
                      Output.plain(line.path("description").asText()),
                      line.path("fulfilled").asLong(),
                      money(line.path("amount"))));
        }
        for (JsonNode event : events) {
          output.say(output.colored(Style.faint, "  " + line(event)));
        }
        return 0;
      }
    }

    private static String line(JsonNode event) {
      List<String> parts = new ArrayList<>();
      for (String field : List.of("recordedAt", "type", "sourceType", "origin", "status")) {
        if (event.path(field).isTextual()) {
          parts.add(Output.plain(event.path(field).asText()));
        }
      }
      return String.join("  ", parts);
    }
  }

  private static String customer(JsonNode order) {
    String email = order.path("customer").path("email").asText("");
    return email.isEmpty() ? "" : Output.plain(Customer.masked(email));
  }

  private static String words(JsonNode status) {
    return status.asText("").replace('_', ' ');
  }

  private static String money(JsonNode amount) {
    return amount.hasNonNull("minorUnits")
        ? Money.ofMinor(amount.path("minorUnits").asLong(), amount.path("currency").asText())
            .toString()
        : "";
  }
}
