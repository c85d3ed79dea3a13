package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Sends a receipt again, or all that were given up.
@Command(
    name = "resend",
    mixinStandardHelpOptions = true,
    description = {
      "Send a receipt or a code again, or all that became undeliverable since a time.",
      "",
      "Each goes to where it went before, unless --to corrects it. All that were given up",
      "may be asked for again: what is due again isn't undeliverable any more.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance receipts resend rcp_k3…",
      "  ./quittance receipts resend rcp_k3… --to jenny.rosen@example.com",
      "  ./quittance receipts resend --undeliverable --since 2h --dry-run",
      "  ./quittance receipts resend --undeliverable --since 2026-11-20T14:30",
      "",
      "Exit codes: 0 done, 1 refused, 2 invalid usage, 3 not reachable."
    })
final class ResendReceiptCommand extends ActingCommand {

  private static final String CODE = "cod_";

  @Parameters(
      arity = "0..1",
      paramLabel = "RECEIPT",
      description = "Its id, as receipts list tells it: rcp_…, or cod_… of a mail with a code.")
  private @Nullable String id;

  @Option(names = "--to", paramLabel = "ADDRESS", description = "A corrected address for it.")
  private @Nullable String to;

  @Option(names = "--undeliverable", description = "All that were given up.")
  private boolean undeliverable;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "With --undeliverable: given up since then, " + Moments.FORMS + ".")
  private @Nullable String since;

  @Option(names = "--dry-run", description = "With --undeliverable: only say how many.")
  private boolean dryRun;

  @Override
  int call(ServiceClient services) {
    if (undeliverable == (id != null)) {
      throw output.misused("Say which ones: RECEIPT, or --undeliverable.");
    }
    if (id != null) {
      if (since != null || dryRun) {
        throw output.misused("--since and --dry-run go with --undeliverable.");
      }
      return one(services, id);
    }
    if (since == null || to != null) {
      throw output.misused("--undeliverable takes --since, and no --to.");
    }
    return all(services, since);
  }

  private int one(ServiceClient services, String mail) {
    ObjectNode request = WireFormat.mapper().createObjectNode().put("by", ReceiptsCommand.BY);
    if (to != null) {
      request.put("to", to);
    }
    String path =
        (mail.startsWith(CODE) ? "/receipts/codes/" : "/receipts/")
            + ServiceClient.escaped(mail)
            + "/resend";
    JsonNode due = done(services, Service.RECEIPTS, path, request);
    if (output.json()) {
      output.say(Masked.of(due));
    } else {
      output.say(
          "%s is %s again, to %s"
              .formatted(
                  Output.plain(mail),
                  Output.plain(due.path("status").asText()),
                  Output.plain(due.path("to").asText("nobody"))));
    }
    return 0;
  }

  private int all(ServiceClient services, String time) {
    ObjectNode request =
        WireFormat.mapper()
            .createObjectNode()
            .put("since", Moments.given("--since", time, output).toString())
            .put("by", ReceiptsCommand.BY)
            .put("dryRun", dryRun);
    long receipts = 0;
    long codes = 0;
    JsonNode done;
    do {
      done = services.post(Service.RECEIPTS, "/receipts/resend-undeliverable", request).content();
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
