package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.util.ArrayList;
import java.util.List;

/// Tells which events the providers have to be registered for, as ingest-service says it of each
/// endpoint. Whether they are registered only the providers know.
final class EventTypesExam {

  private static final String PART = "event types";

  private EventTypesExam() {}

  static List<Finding> findings(ServiceClient services) {
    JsonNode known;
    try {
      known = services.get(Service.INGEST, "/endpoints").content();
    } catch (StackFault e) {
      return List.of(Finding.skipped(PART, String.valueOf(e.getMessage())));
    }
    var findings = new ArrayList<Finding>();
    for (JsonNode endpoint : known.path("endpoints")) {
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
