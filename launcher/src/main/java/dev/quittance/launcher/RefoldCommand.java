package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Folds every stored order again, and plans its receipts again.
@Command(
    name = "refold",
    mixinStandardHelpOptions = true,
    description = {
      "Fold every stored order again, and plan its receipts again.",
      "",
      "For after a fold that was wrong was repaired and rolled out, and after a migration.",
      "It says how many orders change before it changes them; what changes is told to",
      "subscribers. No receipt that went out is changed or sent again: those that the",
      "facts don't support are listed by ./quittance receipts wrong.",
      "It may be stopped at any time and begun again.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance orders refold --dry-run",
      "  ./quittance orders refold",
      "",
      "Exit codes: 0 done, 1 not, 2 invalid usage."
    })
final class RefoldCommand extends ServiceCommand {

  @Option(names = "--dry-run", description = "Only say how many change.")
  private boolean dryRun;

  private record Sum(long looked, long changed) {}

  @Override
  int call(ServiceClient services) {
    Sum orders = orders(services, true);
    Sum receipts = receipts(services, true);
    if (!output.json()) {
      output.say(
          "%d of %d orders change, and the receipts of %d of %d."
              .formatted(orders.changed(), orders.looked(), receipts.changed(), receipts.looked()));
    }
    if (!dryRun) {
      orders = orders(services, false);
      receipts = receipts(services, false);
    }
    if (output.json()) {
      output.say(json(orders, receipts));
    } else if (!dryRun) {
      output.say(
          "done: %d orders changed, and the receipts of %d."
              .formatted(orders.changed(), receipts.changed()));
    }
    return 0;
  }

  private static Sum orders(ServiceClient services, boolean dryRun) {
    return all(services, Service.FULFILLMENT, "/orders/refold?dry-run=" + dryRun);
  }

  private static Sum receipts(ServiceClient services, boolean dryRun) {
    return all(services, Service.RECEIPTS, "/receipts/replan?dry-run=" + dryRun);
  }

  private JsonNode json(Sum orders, Sum receipts) {
    var json = WireFormat.mapper().createObjectNode().put("dryRun", dryRun);
    json.putObject("orders").put("looked", orders.looked()).put("changed", orders.changed());
    json.putObject("receipts").put("looked", receipts.looked()).put("changed", receipts.changed());
    return json;
  }

  /// A batch after the other: nothing is left to be remembered when one of us is stopped.
  private static Sum all(ServiceClient services, Service service, String path) {
    long looked = 0;
    long changed = 0;
    String after = "";
    do {
      JsonNode batch =
          services.post(service, path + "&after=" + ServiceClient.escaped(after)).content();
      looked += batch.path("orders").asLong();
      changed += batch.path("changed").asLong();
      after = batch.path("next").asText("");
    } while (!after.isEmpty());
    return new Sum(looked, changed);
  }
}
