package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What containers are started with is to be seen by whoever sees the node's processes, for as long
/// as they run; so no secret stands there.
class CommandLinesTest {

  /// The shell does this itself: there is no other process whose command line it would stand on.
  private static final String BUILT_IN = "printf '[^']*' \"";

  @Test
  void noContainerIsStartedWithASecretOnItsCommandLine() {
    var told = new ArrayList<String>();
    var secrets = new ArrayList<String>();
    for (JsonNode container : containers()) {
      for (String secret : secrets(container)) {
        secrets.add(secret);
        words(container)
            .filter(word -> tells(word, secret))
            .forEach(_ -> told.add(container.path("name").asText() + " " + secret));
      }
    }

    assertThat(secrets).contains("QUITTANCE_ADMIN_TOKEN", "QUITTANCE_OPERATOR_TOKEN");
    assertThat(told).isEmpty();
  }

  @Test
  void noPasswordIsAWordOfACommandOfTheDatabasesRoles() {
    assertThat(Checkout.text("deploy/kubernetes/components/in-cluster/postgres/roles.sh"))
        .doesNotContainPattern("--set \\w*password");
  }

  private static List<JsonNode> containers() {
    return Checkout.files("deploy/kubernetes", ".yaml").stream()
        .map(file -> Checkout.file("").relativize(file).toString())
        .flatMap(file -> Yaml.documentsOf(file).stream())
        .map(Rendered::pods)
        .flatMap(pod ->
            Stream.concat(
                Yaml.each(pod, "/spec/containers"), Yaml.each(pod, "/spec/initContainers")))
        .toList();
  }

  private static List<String> secrets(JsonNode container) {
    return Yaml.each(container, "/env")
        .filter(variable -> variable.at("/valueFrom/secretKeyRef").isObject())
        .map(variable -> variable.path("name").asText())
        .toList();
  }

  private static Stream<String> words(JsonNode container) {
    return Stream.concat(Yaml.each(container, "/command"), Yaml.each(container, "/args"))
        .map(JsonNode::asText);
  }

  private static boolean tells(String word, String secret) {
    return word.replaceAll(BUILT_IN + Pattern.quote("$" + secret) + "\"", "")
        .matches("(?s).*\\$[({]?" + secret + "\\b.*");
  }
}
