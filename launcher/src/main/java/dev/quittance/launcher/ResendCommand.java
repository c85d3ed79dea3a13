package dev.quittance.launcher;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Has one event go its way once more.
@Command(
    name = "resend",
    mixinStandardHelpOptions = true,
    description = {
      "Send one event of a provider on its way once more.",
      "",
      "It is looked up among what the provider said in the last 35 days and translated",
      "anew. If all was right, nothing changes.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance resend evt_1Pq2",
      "  ./quittance resend evt_1Pq2 --endpoint stripe",
      "",
      "Exit codes: 0 done, 1 there is no such event, 2 invalid usage."
    })
final class ResendCommand extends ServiceCommand {

  @Parameters(paramLabel = "EVENT", description = "The provider's id of the event.")
  private String event = "";

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "The endpoint that it came in by; otherwise any.")
  private @Nullable String endpoint;

  @Override
  int call(ServiceClient services) {
    var replay = new RunningReplay(services, output);
    int code =
        replay.run(
            "?event="
                + ServiceClient.escaped(event)
                + (endpoint == null ? "" : "&endpoint=" + ServiceClient.escaped(endpoint)));
    if (code == 0 && replay.now().path("replayed").asLong() == 0) {
      output.remark("There is no event " + event + " among those of the last 35 days.");
      return 1;
    }
    return code;
  }
}
