package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.UnreadableMoney;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Has the provider give money back.
@Command(
    name = "refund",
    mixinStandardHelpOptions = true,
    description = {
      "Have the provider give back what an order's customer paid, or a part of it.",
      "",
      "It asks first, as it can't be undone. The order knows of the refund as soon as the",
      "provider tells of it, and the customer gets a receipt.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance orders refund stripe:pi_3Qx",
      "  ./quittance orders refund stripe:pi_3Qx --amount 10.00 --reason duplicate",
      "  ./quittance orders refund stripe:pi_3Qx --yes --json",
      "",
      "Exit codes: 0 the provider took it, 1 refused, 2 invalid usage, 3 not reachable."
    })
final class RefundCommand extends ActingCommand {

  /// More digits than any amount has are no amount, and writing them out takes long.
  private static final int AMOUNT_LENGTH_MAX = 20;

  /// Why money goes back, as the service's API writes it.
  enum Reason {
    REQUESTED_BY_CUSTOMER,
    DUPLICATE,
    FRAUDULENT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "ORDER", description = "Its id, such as stripe:pi_3Qx.")
  private String id = "";

  @Option(
      names = "--amount",
      paramLabel = "AMOUNT",
      description = "How much, in the order's currency, like 10.00. Otherwise all that is left.")
  private @Nullable String amount;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Reason reason = Reason.REQUESTED_BY_CUSTOMER;

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      description = "For the shop's own books; it is stored with the refund at the provider.")
  private @Nullable String note;

  @Mixin private final Confirmation confirmation;

  RefundCommand() {
    this(Terminal.ofProcess());
  }

  RefundCommand(Terminal terminal) {
    confirmation = new Confirmation(terminal);
  }

  @Override
  int call(ServiceClient services) {
    confirmation.requireSomebody();
    JsonNode order = services.get(Service.FULFILLMENT, OrdersCommand.path(id)).content();
    ObjectNode refund =
        WireFormat.mapper().createObjectNode().put("order", id).put("reason", reason.toString());
    String howMuch = "all that is left";
    if (amount != null) {
      Money part = part(amount, order.at("/amount/currency").asText());
      refund
          .putObject("amount")
          .put("minorUnits", part.minorUnits())
          .put("currency", part.currency().getCurrencyCode());
      howMuch = part.toString();
    }
    if (order.hasNonNull("connectedAccount")) {
      refund.put("connectedAccount", order.path("connectedAccount").asText());
    }
    if (note != null) {
      refund.put("note", note);
    }
    if (!confirmation.given(
        "Refund %s of %s%s%s? It can't be undone."
            .formatted(
                howMuch,
                OrdersCommand.line(order),
                stands(", received ", order.path("received")),
                stands(", refunded before ", order.path("refunded"))))) {
      output.remark("Nothing was refunded.");
      return 1;
    }
    JsonNode taken = done(services, Service.INGEST, "/refunds", refund);
    if (output.json()) {
      output.say(taken);
    } else {
      output.say(
          "%s: refund %s is %s at the provider. The order shows it as soon as the provider tells."
              .formatted(
                  Output.money(taken.path("amount")),
                  Output.plain(taken.path("refund").asText()),
                  Output.plain(taken.path("status").asText())));
    }
    return 0;
  }

  private static String stands(String before, JsonNode money) {
    return money.hasNonNull("minorUnits") ? before + Output.money(money) : "";
  }

  private Money part(String written, String currency) {
    if (currency.isEmpty()) {
      throw output.misused("Nobody knows the order's amount yet, so it has no part.");
    }
    try {
      if (written.length() <= AMOUNT_LENGTH_MAX) {
        Money part = Money.ofMajor(new BigDecimal(written), currency);
        if (part.isPositive()) {
          return part;
        }
      }
    } catch (NumberFormatException | UnreadableMoney _) {
      // said below
    }
    throw output.misused(
        "--amount is a positive number such as %s, in %s."
            .formatted(Money.ofMinor(1250, currency).major().toPlainString(), currency));
  }
}
