package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.WireFormat;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Repairs receipts.
final class ReceiptsCommand {

  private static final String RECEIPTS = "receipt-service";

  /// Who asks, for the audit.
  private static final String BY = "command line";

  private ReceiptsCommand() {}

  /// The commands that there are.
  @Command(
      name = "receipts",
      mixinStandardHelpOptions = true,
      description = {"Repair receipts: what was given up, and what went out wrong.", ""},
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./quittance receipts resend --undeliverable --since 2h --dry-run",
        "  ./quittance receipts resend --undeliverable --since 2026-11-20T14:30",
        "  ./quittance receipts discard-code cod_k3…",
        "  ./quittance receipts wrong",
        "  ./quittance receipts correct rcp_k3…",
        "  ./quittance receipts correct --all --dry-run",
        "",
        "Exit codes: 0 done, 1 failed, 2 invalid usage."
      },
      subcommands = {Resend.class, DiscardCode.class, Wrong.class, Correct.class})
  static final class All extends Group {}

  /// Of many receipts.
  @Command(
      name = "resend",
      mixinStandardHelpOptions = true,
      description = {
        "Send all receipts and codes again that became undeliverable since a time.",
        "",
        "Each goes to where it went before. It may be repeated: what is due again isn't",
        "undeliverable any more.",
        ""
      })
  static final class Resend implements Callable<Integer> {

    @Option(names = "--undeliverable", description = "Those that were given up.")
    private boolean undeliverable;

    @Option(
        names = "--since",
        required = true,
        paramLabel = "WHEN",
        description = "Given up since then: " + Moments.FORMS + ".")
    private String since = "";

    @Option(names = "--dry-run", description = "Only say how many.")
    private boolean dryRun;

    @Mixin private final Addresses addresses = new Addresses();

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() {
      if (!undeliverable) {
        throw output.misused("Say which ones: --undeliverable.");
      }
      Instant now = Clock.systemUTC().instant();
      Instant from =
          Moments.parse(since, now, ZoneId.systemDefault())
              .orElseThrow(() -> output.misused("--since is " + Moments.FORMS + "."));
      ObjectNode wish =
          WireFormat.mapper()
              .createObjectNode()
              .put("since", from.toString())
              .put("by", BY)
              .put("dryRun", dryRun);
      try (var answers = new Answers(addresses)) {
        long receipts = 0;
        long codes = 0;
        JsonNode done;
        do {
          done =
              Answers.good(
                  RECEIPTS, answers.post(addresses.receipts("/resend-undeliverable"), wish));
          receipts += done.path("receipts").asLong();
          codes += done.path("codes").asLong();
        } while (done.path("remaining").asLong() > 0);
        if (output.json()) {
          output.say(
              WireFormat.mapper()
                  .createObjectNode()
                  .put("receipts", receipts)
                  .put("codes", codes)
                  .put("dryRun", dryRun));
        } else {
          output.say(
              "%d receipts and %d codes %s"
                  .formatted(receipts, codes, dryRun ? "would be sent again" : "are due again"));
        }
        return 0;
      }
    }
  }

  /// Of one letter with a code.
  @Command(
      name = "discard-code",
      mixinStandardHelpOptions = true,
      description = "Delete a kept code that won't be delivered any more. It can't be undone.")
  static final class DiscardCode implements Callable<Integer> {

    @Parameters(
        paramLabel = "LETTER",
        description = "The id of the letter with the code, as the receipts of its order show it.")
    private String letter = "";

    @Mixin private final Addresses addresses = new Addresses();

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() {
      ObjectNode wish = WireFormat.mapper().createObjectNode().put("by", BY);
      try (var answers = new Answers(addresses)) {
        JsonNode done =
            Answers.good(
                RECEIPTS,
                answers.postAsAdmin(
                    addresses.receipts("/codes/" + Answers.escaped(letter) + "/discard"), wish));
        if (output.json()) {
          output.say(done);
        } else {
          output.say("The code of " + Output.plain(letter) + " is deleted.");
        }
        return 0;
      }
    }
  }

  /// Those whose amount the facts don't support.
  @Command(
      name = "wrong",
      mixinStandardHelpOptions = true,
      description = {
        "List the receipts that went out with an amount that the facts don't support.",
        "",
        "After a replay and a refold. Nothing about them is mailed by itself:",
        "./quittance receipts correct tells their customers."
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
                  RECEIPTS,
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
  }

  /// By mail, of those whose amount the facts don't support.
  @Command(
      name = "correct",
      mixinStandardHelpOptions = true,
      description = {
        "Send the customers of wrong receipts a correction, one or all.",
        "",
        "It names the receipt, what that said and what is right, and has a number of its own.",
        "It may be repeated: what was corrected isn't wrong any more.",
        ""
      })
  static final class Correct implements Callable<Integer> {

    @Parameters(
        arity = "0..1",
        paramLabel = "RECEIPT",
        description = "The receipt's id, as ./quittance receipts wrong lists it.")
    private @Nullable String receipt;

    @Option(names = "--all", description = "All that are wrong.")
    private boolean all;

    @Option(names = "--dry-run", description = "With --all: only say how many.")
    private boolean dryRun;

    @Mixin private final Addresses addresses = new Addresses();

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() {
      if (all == (receipt != null)) {
        throw output.misused("Say which one: RECEIPT, or --all.");
      }
      if (dryRun && !all) {
        throw output.misused("--dry-run goes with --all.");
      }
      try (var answers = new Answers(addresses)) {
        return receipt == null ? all(answers) : one(answers, receipt);
      }
    }

    private int one(Answers answers, String wrong) {
      JsonNode made =
          Answers.good(
              RECEIPTS,
              answers.post(
                  addresses.wrongReceipts("/" + Answers.escaped(wrong) + "/correct"),
                  WireFormat.mapper().createObjectNode().put("by", BY)));
      output.say(
          output.json()
              ? made.toString()
              : "The correction is %s: %s, %s"
                  .formatted(
                      made.path("status").asText(),
                      made.path("id").asText(),
                      money(made.path("amount"))));
      return 0;
    }

    private int all(Answers answers) {
      ObjectNode wish = WireFormat.mapper().createObjectNode().put("by", BY).put("dryRun", dryRun);
      long corrections = 0;
      var unreadable = new TreeSet<String>();
      JsonNode done;
      do {
        done = Answers.good(RECEIPTS, answers.post(addresses.wrongReceipts("/correct-all"), wish));
        corrections += done.path("corrections").asLong();
        done.path("unreadable").forEach(id -> unreadable.add(id.asText()));
      } while (done.path("remaining").asLong() > 0 && done.path("corrections").asLong() > 0);
      if (output.json()) {
        ObjectNode said =
            WireFormat.mapper()
                .createObjectNode()
                .put("corrections", corrections)
                .put("dryRun", dryRun);
        if (!unreadable.isEmpty()) {
          ArrayNode ids = said.putArray("unreadable");
          unreadable.forEach(id -> ids.add(id));
        }
        output.say(said);
      } else {
        output.say(
            "%d corrections %s".formatted(corrections, dryRun ? "would be sent" : "are due"));
        unreadable.forEach(id -> output.say("%s can't be read, and isn't corrected".formatted(id)));
      }
      return unreadable.isEmpty() ? 0 : 1;
    }
  }

  private static String money(JsonNode amount) {
    return Money.ofMinor(amount.path("minorUnits").asLong(), amount.path("currency").asText())
        .toString();
  }
}
