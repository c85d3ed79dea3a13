package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.localstack.StackFault;
import java.util.ArrayList;
import java.util.List;

/// Tells which events the providers have to be registered for, as ingest-service says it of each
/// endpoint. Whether they are registered only the providers know.
final class EventTypesExam {

  private static final String PART = "event types";

  private final Answers answers;
  private final Addresses addresses;

  EventTypesExam(Answers answers, Addresses addresses) {
    this.answers = answers;
    this.addresses = addresses;
  }

  List<Finding> findings() {
    JsonNode told;
    try {
      told = Answers.good("ingest-service", answers.get(addresses.endpoints()));
    } catch (StackFault e) {
      return List.of(Finding.skipped(PART, String.valueOf(e.getMessage())));
    }
    var findings = new ArrayList<Finding>();
    for (JsonNode endpoint : told.path("endpoints")) {
      var types = new ArrayList<String>();
      endpoint.path("eventsToRegister").forEach(type -> types.add(Output.plain(type.asText())));
      if (!types.isEmpty()) {
        findings.add(
            Finding.ok(
                PART,
                Output.plain(endpoint.path("name").asText())
                    + " has to be registered for "
                    + String.join(", ", types)));
      }
    }
    return findings;
  }
}
