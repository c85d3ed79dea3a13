package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks at receipts, sends and repairs them.
final class ReceiptsCommand {

  /// Who asks, for the audit.
  static final String BY = System.getProperty("user.name", "unknown") + ", command line";

  private ReceiptsCommand() {}

  /// The commands that there are.
  @Command(
      name = "receipts",
      mixinStandardHelpOptions = true,
      description = {
        "Look at receipts; send them again; repair what was given up, and what went out wrong.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./quittance receipts list stripe:pi_3Qx",
        "  ./quittance receipts list --undeliverable --since 24h",
        "  ./quittance receipts show rcp_k3…",
        "  ./quittance receipts resend rcp_k3…",
        "  ./quittance receipts resend --undeliverable --since 2h --dry-run",
        "  ./quittance receipts preview --kind refund --locale de",
        "  ./quittance receipts test-mail you@example.com",
        "  ./quittance receipts discard-code cod_k3…",
        "  ./quittance receipts wrong",
        "  ./quittance receipts correct rcp_k3…",
        "  ./quittance receipts correct --all --dry-run",
        "",
        "Exit codes: 0 done, 1 refused or failed, 2 invalid usage, 3 not reachable."
      },
      subcommands = {
        Listing.class,
        Show.class,
        ResendReceiptCommand.class,
        PreviewCommand.class,
        TestMailCommand.class,
        DiscardCode.class,
        Wrong.class,
        Correct.class
      })
  static final class All extends CommandGroup {}

  /// Of an order, or of all that failed.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the receipts and codes of an order, or those that were given up.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./quittance receipts list stripe:pi_3Qx",
        "  ./quittance receipts list --undeliverable --since 24h"
      })
  static final class Listing extends ServiceCommand {

    @Parameters(
        arity = "0..1",
        paramLabel = "ORDER",
        description = "The order's id, such as stripe:pi_3Qx.")
    private @Nullable String order;

    @Option(
        names = "--undeliverable",
        description = "Of all orders those that were given up, and codes that nobody got.")
    private boolean undeliverable;

    @Option(
        names = "--since",
        paramLabel = "WHEN",
        defaultValue = "7d",
        description =
            "With --undeliverable: given up since then, "
                + Moments.FORMS
                + ". Default: ${DEFAULT-VALUE}")
    private String since = "7d";

    @Override
    int call(ServiceClient services) {
      if (undeliverable == (order != null)) {
        throw output.misused("Say which ones: ORDER, or --undeliverable.");
      }
      String path =
          order == null
              ? "/receipts/undeliverable?since="
                  + ServiceClient.escaped(Moments.given("--since", since, output).toString())
              : "/receipts?order=" + ServiceClient.escaped(order);
      var answer = services.get(Service.RECEIPTS, path);
      if (answer.status() == 400) {
        throw output.misused(Output.plain(answer.complaint()));
      }
      JsonNode page = answer.content();
      if (output.json()) {
        output.say(Masked.of(page));
        return 0;
      }
      if (page.path("receipts").isEmpty() && page.path("codes").isEmpty()) {
        output.say("There are none.");
        return 0;
      }
      var table = new Table("RECEIPT", "NUMBER", "ORDER", "KIND", "STATUS", "AMOUNT", "TO");
      page.path("receipts")
          .forEach(receipt ->
              table.row(
                  receipt.path("id").asText(),
                  receipt.path("number").asText(""),
                  receipt.path("order").asText(),
                  receipt.path("kind").asText(),
                  status(receipt, receipt.at("/reason/code")),
                  Output.money(receipt.path("amount")),
                  receipt.path("to").asText("")));
      page.path("codes")
          .forEach(code ->
              table.row(
                  code.path("id").asText(),
                  "",
                  code.path("order").asText(),
                  "code",
                  status(code, code.path("reason")),
                  "",
                  code.path("to").asText("")));
      table.lines().forEach(output::say);
      more(page, "receipts");
      more(page, "codes");
      return 0;
    }

    private void more(JsonNode page, String what) {
      long all = page.path(what + "InAll").asLong();
      if (all > page.path(what).size()) {
        output.remark("These are %d of %d %s.".formatted(page.path(what).size(), all, what));
      }
    }
  }

  /// Of one receipt, all sendings.
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a receipt, and what became of each of its sendings.",
      footerHeading = "%nExamples:%n",
      footer = "  ./quittance receipts show rcp_k3…")
  static final class Show extends ServiceCommand {

    @Parameters(paramLabel = "RECEIPT", description = "Its id, as receipts list tells it.")
    private String id = "";

    @Override
    int call(ServiceClient services) {
      JsonNode found =
          services.get(Service.RECEIPTS, "/receipts/" + ServiceClient.escaped(id)).content();
      if (output.json()) {
        output.say(Masked.of(found));
        return 0;
      }
      JsonNode receipt = found.path("receipt");
      output.say(line(receipt) + ", of order " + Output.plain(receipt.path("order").asText()));
      for (JsonNode sending : found.path("sendings")) {
        List<String> parts = new ArrayList<>();
        parts.add("  sending " + sending.path("number").asLong());
        parts.add(status(sending, sending.at("/reason/code")));
        parts.add("to " + sending.path("to").asText("nobody"));
        parts.add(sending.path("attempts").asLong() + " attempts");
        parts.add(sending.path("sentAt").asText(""));
        if (sending.hasNonNull("askedBy")) {
          parts.add("asked for by " + sending.path("askedBy").asText());
        }
        parts.removeIf(String::isEmpty);
        output.say(Output.plain(String.join(", ", parts)));
      }
      return 0;
    }
  }

  /// How a receipt stands, in a line.
  static String line(JsonNode receipt) {
    return Output.plain(
        "receipt %s (%s): %s to %s, %s"
            .formatted(
                receipt.path("number").asText("without a number yet"),
                receipt.path("kind").asText(),
                status(receipt, receipt.at("/reason/code")),
                receipt.path("to").asText("nobody"),
                Output.money(receipt.path("amount"))));
  }

  private static String status(JsonNode mail, JsonNode reason) {
    String status = mail.path("status").asText();
    return reason.isTextual() ? status + " (" + reason.asText() + ")" : status;
  }

  /// Of one letter with a code.
  @Command(
      name = "discard-code",
      mixinStandardHelpOptions = true,
      description = "Delete a kept code that won't be delivered any more. It can't be undone.",
      footerHeading = "%nExamples:%n",
      footer = "  ./quittance receipts discard-code cod_k3…")
  static final class DiscardCode extends ServiceCommand {

    @Parameters(
        paramLabel = "LETTER",
        description = "The id of the letter with the code, as the receipts of its order show it.")
    private String letter = "";

    @Override
    int call(ServiceClient services) {
      JsonNode done =
          services
              .postAsAdmin(
                  Service.RECEIPTS,
                  "/receipts/codes/" + ServiceClient.escaped(letter) + "/discard",
                  WireFormat.mapper().createObjectNode().put("by", BY))
              .content();
      if (output.json()) {
        output.say(done);
      } else {
        output.say("The code of " + Output.plain(letter) + " is deleted.");
      }
      return 0;
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
        "./quittance receipts correct tells their customers.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = "  ./quittance receipts wrong")
  static final class Wrong extends ServiceCommand {

    @Override
    int call(ServiceClient services) {
      ArrayNode all = WireFormat.mapper().createArrayNode();
      String after = "";
      do {
        JsonNode page =
            services
                .get(Service.RECEIPTS, "/receipts/wrong?after=" + ServiceClient.escaped(after))
                .content();
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
            Output.money(receipt.path("amount")),
            Output.money(wrong.path("supported")));
      });
      table.lines().forEach(output::say);
      return 0;
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
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ./quittance receipts correct rcp_k3…",
        "  ./quittance receipts correct --all --dry-run"
      })
  static final class Correct extends ServiceCommand {

    @Parameters(
        arity = "0..1",
        paramLabel = "RECEIPT",
        description = "The receipt's id, as ./quittance receipts wrong lists it.")
    private @Nullable String receipt;

    @Option(names = "--all", description = "All that are wrong.")
    private boolean all;

    @Option(names = "--dry-run", description = "With --all: only say how many.")
    private boolean dryRun;

    @Override
    int call(ServiceClient services) {
      if (all == (receipt != null)) {
        throw output.misused("Say which one: RECEIPT, or --all.");
      }
      if (dryRun && !all) {
        throw output.misused("--dry-run goes with --all.");
      }
      return receipt == null ? all(services) : one(services, receipt);
    }

    private int one(ServiceClient services, String wrong) {
      JsonNode made =
          services
              .post(
                  Service.RECEIPTS,
                  "/receipts/wrong/" + ServiceClient.escaped(wrong) + "/correct",
                  WireFormat.mapper().createObjectNode().put("by", BY))
              .content();
      output.say(
          output.json()
              ? made.toString()
              : "The correction is %s: %s, %s"
                  .formatted(
                      made.path("status").asText(),
                      made.path("id").asText(),
                      Output.money(made.path("amount"))));
      return 0;
    }

    private int all(ServiceClient services) {
      ObjectNode request =
          WireFormat.mapper().createObjectNode().put("by", BY).put("dryRun", dryRun);
      long corrections = 0;
      var unreadable = new TreeSet<String>();
      JsonNode done;
      do {
        done = services.post(Service.RECEIPTS, "/receipts/wrong/correct-all", request).content();
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
}
