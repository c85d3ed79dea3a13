package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.time.Duration;

/// A replay at ingest-service, from its begin to its end.
record RunningReplay(ServiceClient services, Output output) {

  private static final String PATH = "/replay";

  /// Some twenty million webhooks at its pace; then something is wrong.
  private static final Duration REPLAY_MAX = Duration.ofHours(12);

  /// @return the exit code
  int run(String query) {
    JsonNode begun = services.post(Service.INGEST, PATH + query).content();
    JsonNode last = awaited(begun.path("total").asLong());
    if (running(last)) {
      throw new StackFault("The replay goes on; ./quittance replay --cancel ends it.");
    }
    return tell(last);
  }

  private JsonNode awaited(long total) {
    try (var progress = Progress.of("Replaying", Math.max(100, total))) {
      return Deadline.in(REPLAY_MAX)
          .last(
              () -> {
                JsonNode now = now();
                progress.length(now.path("total").asLong());
                progress.at(now.path("read").asLong());
                return now;
              },
              now -> !running(now));
    }
  }

  int cancel() {
    var _ =
        tell(
            running(now())
                ? services.delete(Service.INGEST, PATH).content()
                // the one that ran last is not what was asked for
                : WireFormat.mapper().createObjectNode().put("state", "none"));
    return 0;
  }

  /// The replay that runs, or ran last.
  JsonNode now() {
    return services.get(Service.INGEST, PATH).content();
  }

  private static boolean running(JsonNode replay) {
    return replay.path("state").asText().equals("running");
  }

  private int tell(JsonNode ended) {
    String state = ended.path("state").asText();
    if (output.json()) {
      output.say(ended);
    } else if (state.equals("none")) {
      output.say("No replay is running.");
    } else {
      output.say(
          "%s: Reprocessed %,d of %,d webhooks%s"
              .formatted(
                  state,
                  ended.path("replayed").asLong(),
                  ended.path("read").asLong(),
                  ended.hasNonNull("fault") ? "; " + ended.path("fault").asText() : ""));
      JsonNode became = ended.path("became");
      output.say(
          "  %d say something, %d of them ask the provider again (the answers follow within the hour),"
                  .formatted(
                      became.path("translated").asLong() + became.path("asked").asLong(),
                      became.path("asked").asLong())
              + " %d say nothing and withdraw what was said, %d became dead letters"
                  .formatted(became.path("ignored").asLong(), became.path("dead").asLong()));
    }
    return state.equals("done") ? 0 : 1;
  }
}
