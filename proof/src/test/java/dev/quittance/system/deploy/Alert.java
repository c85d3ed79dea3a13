package dev.quittance.system.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;

/// An alert as Prometheus gets it.
record Alert(String name, String expression, String severity, String summary, String runbook) {

  static final String RULES = "deploy/kubernetes/components/prometheus/rules.yaml";

  static Stream<Alert> all() {
    return Yaml.each(Yaml.documentsOf(RULES).getFirst(), "/spec/groups")
        .flatMap(group -> Yaml.each(group, "/rules"))
        .map(Alert::of);
  }

  private static Alert of(JsonNode rule) {
    return new Alert(
        rule.path("alert").asText(),
        rule.path("expr").asText(),
        rule.at("/labels/severity").asText(),
        rule.at("/annotations/summary").asText(),
        rule.at("/annotations/runbook_url").asText());
  }

  @Override
  public String toString() {
    return name;
  }
}
