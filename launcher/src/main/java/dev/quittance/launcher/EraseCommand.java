package dev.quittance.launcher;

import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Takes a customer out of an order.
@Command(
    name = "erase",
    mixinStandardHelpOptions = true,
    description = {
      "Erase the customer of an order for good: here, in receipts, and at subscribers.",
      "",
      "The order goes on without them. It asks first; administrators may.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance orders erase stripe:pi_3Qx",
      "  ./quittance orders erase stripe:pi_3Qx --yes",
      "",
      "Exit codes: 0 done, 1 refused or no such order, 2 invalid usage, 3 not reachable."
    })
final class EraseCommand extends ServiceCommand {

  @Parameters(paramLabel = "ORDER", description = "Its id, such as stripe:pi_3Qx.")
  private String id = "";

  @Mixin private final Confirmation confirmation;

  EraseCommand() {
    this(Terminal.ofProcess());
  }

  EraseCommand(Terminal terminal) {
    confirmation = new Confirmation(terminal);
  }

  @Override
  int call(ServiceClient services) {
    if (!confirmation.given(
        "Erase the customer of order " + Output.plain(id) + "? It can't be undone.")) {
      output.remark("Nobody was erased.");
      return 1;
    }
    services.deleteAsAdmin(Service.FULFILLMENT, OrdersCommand.path(id) + "/customer").content();
    if (output.json()) {
      // the service says no more than that it is done
      output.say(WireFormat.mapper().createObjectNode().put("order", id).put("erased", true));
    } else {
      output.say("The customer of order " + Output.plain(id) + " is erased.");
    }
    return 0;
  }
}
