package dev.quittance.fulfillment.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What OpenAPI 3.1 demands of a document that ours have: chapters 4.8.3 to 4.8.30 of the standard.
public final class OpenApiRules {

  private static final Set<String> VERBS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]*)}");

  /// What a security scheme has to say, by its type.
  private static final Map<String, List<String>> SCHEMES =
      Map.of(
          "apiKey", List.of("name", "in"),
          "http", List.of("scheme"),
          "oauth2", List.of("flows"),
          "openIdConnect", List.of("openIdConnectUrl"),
          "mutualTLS", List.of());

  private OpenApiRules() {}

  /// Fails with the first thing that is wrong.
  public static void check(JsonNode document) {
    assertThat(document.path("openapi").asText()).startsWith("3.1");
    assertThat(document.at("/info/title").asText()).isNotBlank();
    assertThat(document.at("/info/version").asText()).isNotBlank();
    JsonNode schemes = document.at("/components/securitySchemes");
    assertThat(schemes.size()).isPositive();
    schemes.properties().forEach(scheme -> scheme(scheme.getKey(), scheme.getValue()));
    requirements(document.path("security"), schemes);
    Set<String> ids = new HashSet<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> verb : path.getValue().properties()) {
        if (VERBS.contains(verb.getKey())) {
          JsonNode operation = verb.getValue();
          String name = verb.getKey() + " " + path.getKey();
          assertThat(ids.add(operation.path("operationId").asText())).as(name).isTrue();
          assertThat(operation.path("responses").size()).as(name).isPositive();
          requirements(operation.path("security"), schemes);
          var given = new ArrayList<String>();
          inPath(document, path.getValue().path("parameters"), given);
          inPath(document, operation.path("parameters"), given);
          assertThat(given).as(name).containsExactlyInAnyOrderElementsOf(wanted(path.getKey()));
        }
      }
    }
    references(document, document);
  }

  private static void scheme(String name, JsonNode scheme) {
    List<String> demanded = SCHEMES.get(scheme.path("type").asText());
    assertThat(demanded).as(name).isNotNull();
    assertThat(demanded).as(name).allMatch(scheme::hasNonNull);
  }

  private static void requirements(JsonNode requirements, JsonNode schemes) {
    for (JsonNode requirement : requirements) {
      requirement
          .fieldNames()
          .forEachRemaining(name -> assertThat(schemes.has(name)).as(name).isTrue());
    }
  }

  private static List<String> wanted(String path) {
    var names = new ArrayList<String>();
    Matcher matcher = PARAMETER.matcher(path);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static void inPath(JsonNode document, JsonNode parameters, List<String> names) {
    for (JsonNode parameter : parameters) {
      JsonNode described =
          parameter.has("$ref")
              ? document.at(parameter.path("$ref").asText().substring(1))
              : parameter;
      if (described.path("in").asText().equals("path")) {
        assertThat(described.path("required").asBoolean()).isTrue();
        names.add(described.path("name").asText());
      }
    }
  }

  private static void references(JsonNode document, JsonNode node) {
    if (node.path("$ref").isTextual()) {
      String reference = node.path("$ref").asText();
      assertThat(reference).startsWith("#/");
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    node.forEach(below -> references(document, below));
  }
}
