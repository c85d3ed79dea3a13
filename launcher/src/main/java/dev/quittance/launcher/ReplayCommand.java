package dev.quittance.launcher;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Has a range of the verbatim topic translated once more.
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Translate once more what the providers said in a stretch of time.",
      "",
      "For after a wrong translation was repaired and rolled out: orders and receipts",
      "follow, and what was right changes nothing. The webhooks are kept for 35 days.",
      "Ctrl-C leaves the replay running; --cancel ends it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance replay --from 2h",
      "  ./quittance replay --from 2026-11-20 --to 2026-11-21 --endpoint stripe",
      "  ./quittance replay --cancel",
      "",
      "Exit codes: 0 done, 1 not, 2 invalid usage."
    })
final class ReplayCommand extends ServiceCommand {

  @Option(names = "--from", paramLabel = "TIME", description = "From when on: " + Moments.FORMS)
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Until when; otherwise until now.")
  private @Nullable String to;

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "Only what came in by this endpoint.")
  private @Nullable String endpoint;

  @Option(names = "--cancel", description = "End the replay that runs.")
  private boolean cancel;

  @Override
  int call(ServiceClient services) {
    var replay = new RunningReplay(services, output);
    if (cancel) {
      return replay.cancel();
    }
    if (from == null) {
      throw output.misused("--from is missing: " + Moments.FORMS + ".");
    }
    Instant end = to == null ? Clock.systemUTC().instant() : Moments.given("--to", to, output);
    return replay.run(
        "?from="
            + ServiceClient.escaped(Moments.given("--from", from, output).toString())
            + "&to="
            + ServiceClient.escaped(end.toString())
            + (endpoint == null ? "" : "&endpoint=" + ServiceClient.escaped(endpoint)));
  }
}
