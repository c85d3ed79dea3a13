package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Has ingest-service fetch what the provider could not deliver.
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    description = {
      "Fetch the events that the provider could not deliver.",
      "",
      "ingest-service does so by itself every quarter of an hour; this does it now, and",
      "further back. What is known already changes nothing, so it may be repeated.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance recover                 of the last three days",
      "  ./quittance recover --since 30d     as far back as Stripe remembers",
      "",
      "Exit codes: 0 all that was found is safe, 1 not, 2 invalid usage."
    })
final class RecoverCommand extends ServiceCommand {

  /// 100,000 events at the sweep's pace.
  private static final Duration SWEEP_MAX = Duration.ofMinutes(10);

  @Option(
      names = "--since",
      paramLabel = "AGE",
      defaultValue = "72h",
      description = "How far back, up to 30 days, like 90m, 72h or 30d. Default: ${DEFAULT-VALUE}")
  private String since = "72h";

  @Override
  int call(ServiceClient services) {
    if (Moments.age(since).isEmpty()) {
      throw output.misused("--since is an age like 90m, 72h or 30d.");
    }
    JsonNode swept =
        services.post(Service.INGEST, "/recovery?since=" + ServiceClient.escaped(since)).content();
    return tell(running(swept) ? awaited(services) : swept);
  }

  private static boolean running(JsonNode sweep) {
    return sweep.path("state").asText().equals("running");
  }

  private JsonNode awaited(ServiceClient services) {
    output.remark("It takes longer than usual; waiting for it.");
    JsonNode last =
        Deadline.in(SWEEP_MAX)
            .last(
                () -> services.get(Service.INGEST, "/recovery").content(),
                sweep -> !running(sweep));
    if (running(last)) {
      throw new StackFault("The sweep goes on; ./quittance recover asks for it again.");
    }
    return last;
  }

  private int tell(JsonNode swept) {
    if (swept.path("state").asText().equals("failed")) {
      if (output.json()) {
        output.say(swept);
      } else {
        output.say("The sweep failed; the log of ingest-service says why.");
      }
      return 1;
    }
    boolean good = true;
    for (JsonNode endpoint : swept.path("endpoints")) {
      boolean whole = !endpoint.hasNonNull("fault");
      good &= whole;
      if (!output.json()) {
        output.say(
            "%s: %d found, %d safe now, the oldest %s old%s"
                .formatted(
                    endpoint.path("endpoint").asText(),
                    endpoint.path("found").asLong(),
                    endpoint.path("recovered").asLong(),
                    Duration.ofSeconds(endpoint.path("oldestAgeSeconds").asLong())
                        .toString()
                        .substring(2)
                        .toLowerCase(Locale.ROOT),
                    whole ? "" : "; incomplete: " + endpoint.path("fault").asText()));
      }
    }
    if (output.json()) {
      output.say(swept);
    } else if (swept.path("endpoints").isEmpty()) {
      output.say("No endpoint has an API key, so no provider can be asked.");
    }
    return good ? 0 : 1;
  }
}
