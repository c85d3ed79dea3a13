package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.WireFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Looks at receipts.
final class ReceiptsCommand {

  private ReceiptsCommand() {}

  /// The commands that there are.
  @Command(
      name = "receipts",
      mixinStandardHelpOptions = true,
      description = "Look at receipts that need somebody.%n",
      footerHeading = "%nExamples:%n",
      footer = {"  ./quittance receipts wrong", "", "Exit codes: 0 done, 1 failed, 2 misused."},
      subcommands = Wrong.class)
  static final class All extends Group {}

  /// Those whose amount the facts don't support.
  @Command(
      name = "wrong",
      mixinStandardHelpOptions = true,
      description = {
        "List the receipts that went out with an amount that the facts don't support.",
        "",
        "After a replay and a refold. Nothing about them is mailed by itself."
      })
  static final class Wrong implements Callable<Integer> {

    @Mixin private final Addresses addresses = new Addresses();

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() {
      try (var answers = new Answers(addresses)) {
        ArrayNode all = WireFormat.mapper().createArrayNode();
        String after = "";
        do {
          JsonNode page =
              Answers.good(
                  "receipt-service",
                  answers.get(addresses.wrongReceipts("?after=" + Answers.escaped(after))));
          page.path("receipts").forEach(all::add);
          after = page.path("next").asText("");
        } while (!after.isEmpty());
        if (output.json()) {
          output.say(all);
          return 0;
        }
        if (all.isEmpty()) {
          output.say("No receipt is wrong.");
          return 0;
        }
        var table = new Table("RECEIPT", "NUMBER", "ORDER", "KIND", "SAID", "RIGHT");
        all.forEach(wrong -> {
          JsonNode receipt = wrong.path("receipt");
          table.row(
              receipt.path("id").asText(),
              receipt.path("number").asText(),
              receipt.path("order").asText(),
              receipt.path("kind").asText(),
              money(receipt.path("amount")),
              money(wrong.path("supported")));
        });
        table.lines().forEach(output::say);
        return 0;
      }
    }

    private static String money(JsonNode amount) {
      return Money.ofMinor(amount.path("minorUnits").asLong(), amount.path("currency").asText())
          .toString();
    }
  }
}
