package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class ResendCommand implements Callable<Integer> {

  private static final String INGEST = "ingest-service";

  @Parameters(paramLabel = "EVENT", description = "The provider's id of the event.")
  private String event = "";

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "The endpoint that it came in by; otherwise any.")
  private @Nullable String endpoint;

  @Mixin private final Addresses addresses = new Addresses();

  @Mixin private final Output output = new Output();

  @Override
  public Integer call() {
    String query =
        "?event="
            + Answers.escaped(event)
            + (endpoint == null ? "" : "&endpoint=" + Answers.escaped(endpoint));
    try (var answers = new Answers(addresses)) {
      int code = new RunningReplay(answers, addresses, output).run(query);
      JsonNode ended = Answers.good(INGEST, answers.get(addresses.replay("")));
      if (code == 0 && ended.path("replayed").asLong() == 0) {
        output.remark("There is no event " + event + " among those of the last 35 days.");
        return 1;
      }
      return code;
    }
  }
}
