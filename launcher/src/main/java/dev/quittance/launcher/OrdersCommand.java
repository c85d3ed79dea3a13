package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks at orders, and folds them again.
final class OrdersCommand {

  private OrdersCommand() {}

  /// The commands that there are.
  @Command(
      name = "orders",
      mixinStandardHelpOptions = true,
      description = {
        "Look at orders, and act on them: fulfill, hold, release, refund, erase.",
        "",
        "What an order takes depends on its state; what it doesn't take is refused with the",
        "reason, and changes nothing.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./quittance orders list --status due",
        "  ./quittance orders list --q jenny --limit 5 --json",
        "  ./quittance orders show stripe:pi_3Qx",
        "  ./quittance orders hold stripe:pi_3Qx --reason 'address looks wrong'",
        "  ./quittance orders release stripe:pi_3Qx",
        "  ./quittance orders fulfill stripe:pi_3Qx --carrier DHL --tracking JD0146",
        "  ./quittance orders refund stripe:pi_3Qx --amount 10.00",
        "  ./quittance orders erase stripe:pi_3Qx",
        "  ./quittance orders refold --dry-run",
        "",
        "Exit codes: 0 done, 1 refused or no such order, 2 invalid usage, 3 not reachable."
      },
      subcommands = {
        Listing.class,
        Show.class,
        FulfillCommand.class,
        HoldingCommand.Hold.class,
        HoldingCommand.Release.class,
        HoldingCommand.Reverse.class,
        RefundCommand.class,
        EraseCommand.class,
        RefoldCommand.class
      })
  static final class All extends CommandGroup {}

  /// Of many orders, a line each.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List orders, the newest first.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./quittance orders list --status due --limit 50",
        "  ./quittance orders list --q order-4711 --json"
      })
  static final class Listing extends ServiceCommand {

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "Of this payment or fulfillment status, such as paid, due or on_hold.")
    private @Nullable String status;

    @Option(names = "--provider", paramLabel = "NAME", description = "Paid by this provider.")
    private @Nullable String provider;

    @Option(
        names = "--connected-account",
        paramLabel = "ID",
        description = "Of this account that is connected to yours, such as acct_1Seller.")
    private @Nullable String connectedAccount;

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

    @Override
    int call(ServiceClient services) {
      var query = new StringBuilder("/orders?limit=" + limit);
      add(query, "status", status);
      add(query, "provider", provider);
      add(query, "connectedAccount", connectedAccount);
      add(query, "q", q);
      var answer = services.get(Service.FULFILLMENT, query.toString());
      if (answer.status() == 400) {
        throw output.misused(answer.complaint());
      }
      JsonNode page = answer.content();
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
                  Output.money(order.path("amount")),
                  order.path("placedAt").asText(),
                  customer(order)));
      table.lines().forEach(output::say);
      if (page.hasNonNull("next")) {
        output.remark("There are more: a higher --limit or a narrower question shows them.");
      }
      return 0;
    }

    private static void add(StringBuilder query, String name, @Nullable String value) {
      if (value != null) {
        query.append('&').append(name).append('=').append(ServiceClient.escaped(value));
      }
    }
  }

  /// Of one order, all.
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show an order, its items, what happened to it, and its receipts.",
      footerHeading = "%nExamples:%n",
      footer = "  ./quittance orders show stripe:pi_3Qx")
  static final class Show extends ServiceCommand {

    @Parameters(paramLabel = "ORDER", description = "Its id, such as stripe:pi_3Qx.")
    private String id = "";

    @Override
    int call(ServiceClient services) {
      String path = path(id);
      JsonNode order = services.get(Service.FULFILLMENT, path).content();
      JsonNode events =
          services.get(Service.FULFILLMENT, path + "/events").content().path("events");
      JsonNode receipts = OrderOutcome.receipts(services, id).content().path("receipts");
      if (output.json()) {
        var document = WireFormat.mapper().createObjectNode();
        document.set("order", Masked.of(order));
        document.set("events", Masked.of(events));
        document.set("receipts", Masked.of(receipts));
        output.say(document);
        return 0;
      }
      for (String line : new OrderOutcome(id, order, receipts, true).lines()) {
        output.say(Output.plain(line));
      }
      for (JsonNode line : order.path("lineItems")) {
        output.say(
            "  %d × %s, %d fulfilled, %s, item %s"
                .formatted(
                    line.path("quantity").asLong(),
                    Output.plain(line.path("description").asText()),
                    line.path("fulfilled").asLong(),
                    Output.money(line.path("amount")),
                    Output.plain(line.path("id").asText())));
      }
      for (JsonNode event : events) {
        output.say(output.colored(Style.faint, "  " + line(event)));
      }
      return 0;
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

  /// How an order stands, in a line.
  static String line(JsonNode order) {
    return "order %s: %s, %s"
        .formatted(
            Output.plain(order.path("id").asText()),
            words(order.path("paymentStatus")),
            words(order.path("fulfillmentStatus")));
  }

  /// Where the service has an order.
  static String path(String id) {
    return "/orders/" + ServiceClient.escaped(id);
  }

  private static String customer(JsonNode order) {
    String email = order.path("customer").path("email").asText("");
    return email.isEmpty() ? "" : Output.plain(Customer.masked(email));
  }

  static String words(JsonNode status) {
    return status.asText("").replace('_', ' ');
  }
}
