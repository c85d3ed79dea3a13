package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Nobody is woken, and nothing is drawn, by a metric that means nothing.
class MetricsTest {

  private static final MetricsDoc DOC = new MetricsDoc();

  @Test
  void namesAreFoundInExpressions() {
    assertThat(
            PromQl.metrics(
                "sum by (le, \"x\") (rate(a_bucket{le=\"0.5\", b=~\"c|d\"}[5m] offset 1d)) / on (pod)"
                    + " e > 0.01 unless max(f) * 3600 or absent(g{h=\"i\"})"))
        .containsExactly("a_bucket", "e", "f", "g");
  }

  @Test
  void everyMetricHasATypeAUnitAndAName() {
    assertThat(DOC.ours()).hasSizeGreaterThan(10);
    assertThat(DOC.ours())
        .allSatisfy((name, type) -> {
          assertThat(type).as(name).isIn("counter", "gauge", "histogram");
          assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
        });
  }

  @ParameterizedTest
  @MethodSource("dev.quittance.system.deploy.Alert#all")
  void anAlertUsesWhatIsDocumented(Alert alert) {
    assertThat(DOC.series()).containsAll(PromQl.metrics(alert.expression()));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aDashboardUsesWhatIsDocumented(Path dashboard) throws Exception {
    JsonNode board = Yaml.documents(Files.readString(dashboard)).getFirst();
    List<String> expressions =
        Yaml.each(board, "/panels")
            .flatMap(panel -> Yaml.each(panel, "/targets"))
            .map(target -> target.path("expr").asText())
            .toList();

    assertThat(expressions)
        .isNotEmpty()
        .allSatisfy(expression ->
            assertThat(PromQl.metrics(expression)).isNotEmpty().isSubsetOf(DOC.series()));
    assertThat(dashboard.getFileName()).hasToString(board.path("uid").asText() + ".json");
  }

  @Test
  void everyDashboardIsShipped() {
    Set<String> shipped =
        Set.copyOf(
            Yaml.each(
                    Yaml.documentsOf("deploy/observability/kustomization.yaml").getFirst(),
                    "/configMapGenerator/0/files")
                .map(JsonNode::asText)
                .toList());

    assertThat(dashboards().map(file -> "dashboards/" + file.getFileName()))
        .containsExactlyInAnyOrderElementsOf(shipped);
  }

  static Stream<Path> dashboards() {
    return Checkout.files("deploy/observability/dashboards", ".json").stream();
  }
}
