package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.localstack.Deadline;
import dev.quittance.localstack.StackFault;
import java.time.Duration;

/// A replay at ingest-service, from its begin to its end.
record RunningReplay(Answers answers, Addresses addresses, Output output) {

  private static final String INGEST = "ingest-service";

  /// Some twenty million webhooks at its pace; then something is wrong.
  private static final Duration REPLAY_MAX = Duration.ofHours(12);

  /// @return the exit code
  int run(String query) {
    JsonNode begun = Answers.good(INGEST, answers.post(addresses.replay(query)));
    var last =
        new Object() {
          JsonNode seen = begun;
        };
    try (var progress = Progress.of("Replaying", Math.max(100, begun.path("total").asLong()))) {
      Deadline.in(REPLAY_MAX)
          .await(
              () -> {
                last.seen = Answers.good(INGEST, answers.get(addresses.replay("")));
                progress.length(last.seen.path("total").asLong());
                progress.at(last.seen.path("read").asLong());
                return !last.seen.path("state").asText().equals("running");
              },
              () -> {
                throw new StackFault("The replay goes on; ./quittance replay --cancel ends it.");
              });
    }
    return tell(last.seen);
  }

  int cancel() {
    JsonNode last = Answers.good(INGEST, answers.get(addresses.replay("")));
    if (!last.path("state").asText().equals("running")) {
      // the one that ran last is not what was asked for
      var _ = tell(WireFormat.mapper().createObjectNode().put("state", "none"));
      return 0;
    }
    var _ = tell(Answers.good(INGEST, answers.delete(addresses.replay(""))));
    return 0;
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
