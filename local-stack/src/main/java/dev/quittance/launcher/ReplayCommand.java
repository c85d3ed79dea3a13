package dev.quittance.launcher;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Has a stretch of the verbatim topic translated once more.
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
final class ReplayCommand implements Callable<Integer> {

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

  @Mixin private final Addresses addresses = new Addresses();

  @Mixin private final Output output = new Output();

  @Override
  public Integer call() {
    try (var answers = new Answers(addresses)) {
      var replay = new RunningReplay(answers, addresses, output);
      if (cancel) {
        return replay.cancel();
      }
      if (from == null) {
        throw output.misused("--from is missing: " + Moments.FORMS + ".");
      }
      Instant now = Clock.systemUTC().instant();
      String query =
          "?from="
              + Answers.escaped(moment("--from", from, now).toString())
              + "&to="
              + Answers.escaped((to == null ? now : moment("--to", to, now)).toString())
              + (endpoint == null ? "" : "&endpoint=" + Answers.escaped(endpoint));
      return replay.run(query);
    }
  }

  private Instant moment(String option, String text, Instant now) {
    return Moments.parse(text, now, ZoneId.systemDefault())
        .orElseThrow(() -> output.misused(option + " is " + Moments.FORMS + "."));
  }
}
