package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    footerHeading = "%nExit codes:%n",
    footer = "  0 done, 1 not, 2 invalid usage.")
final class RefoldCommand implements Callable<Integer> {

  @Option(names = "--dry-run", description = "Only say how many change.")
  private boolean dryRun;

  @Mixin private final Addresses addresses = new Addresses();

  @Mixin private final Output output = new Output();

  private record Sum(long looked, long changed) {}

  @Override
  public Integer call() {
    try (var answers = new Answers(addresses)) {
      Sum orders = all(answers, "fulfillment-service", addresses::refold, true);
      Sum receipts = all(answers, "receipt-service", addresses::replan, true);
      if (!output.json()) {
        output.say(
            "%d of %d orders change, and the receipts of %d of %d."
                .formatted(
                    orders.changed(), orders.looked(), receipts.changed(), receipts.looked()));
      }
      if (!dryRun) {
        orders = all(answers, "fulfillment-service", addresses::refold, false);
        receipts = all(answers, "receipt-service", addresses::replan, false);
      }
      if (output.json()) {
        output.say(told(orders, receipts));
      } else if (!dryRun) {
        output.say(
            "done: %d orders changed, and the receipts of %d."
                .formatted(orders.changed(), receipts.changed()));
      }
      return 0;
    }
  }

  private JsonNode told(Sum orders, Sum receipts) {
    var told = WireFormat.mapper().createObjectNode().put("dryRun", dryRun);
    told.putObject("orders").put("looked", orders.looked()).put("changed", orders.changed());
    told.putObject("receipts").put("looked", receipts.looked()).put("changed", receipts.changed());
    return told;
  }

  /// A batch after the other: nothing is left to be remembered when one of us is stopped.
  private static Sum all(
      Answers answers, String whose, Function<String, URI> address, boolean dryRun) {
    long looked = 0;
    long changed = 0;
    String after = "";
    do {
      JsonNode batch =
          Answers.good(
              whose,
              answers.post(
                  address.apply("?dry-run=" + dryRun + "&after=" + Answers.escaped(after))));
      looked += batch.path("orders").asLong();
      changed += batch.path("changed").asLong();
      after = batch.path("next").asText("");
    } while (!after.isEmpty());
    return new Sum(looked, changed);
  }
}
