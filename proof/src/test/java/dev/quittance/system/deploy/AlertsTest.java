package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whoever is woken has a page that says what to do; and the alerts fire when they should.
class AlertsTest {

  private static final String RUNBOOKS = "docs/runbooks/";
  private static final String RULE_TESTS = "deploy/observability/rules-test.yaml";

  /// The rule tests go through days of samples, in seconds.
  private static final long PROMTOOL_S_MAX = 120;

  @ParameterizedTest
  @MethodSource("dev.quittance.system.deploy.Alert#all")
  void anAlertSaysHowBadItIsAndWhatToDo(Alert alert) {
    assertThat(alert.severity()).isIn("page", "ticket");
    assertThat(alert.summary()).isNotBlank();
    assertThat(alert.runbook()).contains("/" + RUNBOOKS);
    String page = Checkout.text(alert.runbook().substring(alert.runbook().indexOf(RUNBOOKS)));
    assertThat(page)
        .startsWith("# " + alert.name() + "\n")
        .contains("**Whom it hurts.** ", "**What to do**\n", "**It is over when:** ");
  }

  @Test
  void everyPageBelongsToAnAlertAndIsInTheIndex() {
    String index = Checkout.text(RUNBOOKS + "README.md");

    assertThat(Checkout.files(RUNBOOKS, ".md"))
        .map(file -> String.valueOf(file.getFileName()))
        .filteredOn(page -> !page.equals("README.md"))
        .allSatisfy(page -> {
          assertThat(index).contains("(" + page + ")");
          assertThat(Alert.all()).anyMatch(alert -> alert.runbook().endsWith("/" + page));
        });
  }

  @ParameterizedTest
  @MethodSource("dev.quittance.system.deploy.Alert#all")
  void anAlertIsSeenToFire(Alert alert) {
    assertThat(Checkout.text(RULE_TESTS))
        .contains("- {labels: 'ALERTS{alertname=\"" + alert.name() + "\"");
  }

  @Test
  void theAlertsFireWhenTheyShould(@TempDir Path folder) throws Exception {
    JsonNode rules = Yaml.documentsOf(Alert.RULES).getFirst().path("spec");
    Files.writeString(folder.resolve("rules.yaml"), new YAMLMapper().writeValueAsString(rules));
    Files.writeString(folder.resolve("rules-test.yaml"), Checkout.text(RULE_TESTS));

    promtool(folder, "check", "rules", "rules.yaml");
    promtool(folder, "test", "rules", "rules-test.yaml");
  }

  /// Skips the test where there is no promtool; it comes with Debian's package `prometheus`.
  private static void promtool(Path folder, String... arguments) throws InterruptedException {
    try {
      var command = new ProcessBuilder("promtool").directory(folder.toFile());
      command.command().addAll(List.of(arguments));
      Process promtool = command.redirectErrorStream(true).start();
      String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(promtool.waitFor(PROMTOOL_S_MAX, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(promtool.exitValue()).as(said).isZero();
    } catch (IOException e) {
      Assumptions.abort("there is no promtool here");
    }
  }
}
