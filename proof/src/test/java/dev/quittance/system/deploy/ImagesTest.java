package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Dockerfiles, compose file and Kubernetes' base agree on names, ports and versions.
class ImagesTest {

  private static final List<JsonNode> COMPOSE = Yaml.documentsOf("docker-compose.yml");

  /// Where containers answer for their health and metrics.
  private static final int MANAGEMENT = 9000;

  /// What is built here, and the ports that each answers on, everywhere.
  enum Image {
    INGEST("ingest-service", 8081, MANAGEMENT),
    FULFILLMENT("fulfillment-service", 8082, MANAGEMENT),
    RECEIPTS("receipt-service", 8083, MANAGEMENT),
    SANDBOX("sandbox", 8084, 8084);

    private final String name;
    private final int port;
    private final int management;

    Image(String name, int port, int management) {
      this.name = name;
      this.port = port;
      this.management = management;
    }

    String dockerfile() {
      return Checkout.text("deploy/images/" + name + "/Dockerfile");
    }

    JsonNode composed() {
      return COMPOSE.getFirst().at("/services").path(name);
    }
  }

  @Test
  void thereIsOneDockerfileForEach() {
    assertThat(Checkout.files("deploy/images", "Dockerfile"))
        .map(file -> String.valueOf(file.getName(file.getNameCount() - 2)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Image.values()).map(image -> image.name).toList());
  }

  @ParameterizedTest
  @EnumSource
  void theImageAnswersOnItsPortAsNobodyInParticular(Image image) {
    assertThat(image.dockerfile())
        .contains("QUARKUS_HTTP_PORT=" + image.port + " ")
        .contains("\nEXPOSE " + image.port + "\n")
        .contains("http://127.0.0.1:" + image.management + "/q/health/ready")
        .contains("\nUSER 10001:10001\n");
  }

  @ParameterizedTest
  @EnumSource
  void theImageIsMadeOfItsOwnModule(Image image) {
    List<String> copied =
        Pattern.compile("^COPY (\\S+?)/", Pattern.MULTILINE)
            .matcher(image.dockerfile())
            .results()
            .map((MatchResult found) -> found.group(1))
            .distinct()
            .toList();

    assertThat(copied).containsExactly(image.name);
    assertThat(Checkout.file(image.name + "/pom.xml")).exists();
  }

  @ParameterizedTest
  @EnumSource
  void composeBuildsItAndPublishesItsPortOnTheLoopbackOnly(Image image) {
    JsonNode composed = image.composed();

    assertThat(composed.at("/build/dockerfile").asText())
        .isEqualTo("deploy/images/" + image.name + "/Dockerfile");
    assertThat(composed.path("image").asText()).startsWith("quittance/" + image.name + ":");
    assertThat(Yaml.each(composed, "/ports").map(JsonNode::asText))
        .containsExactly("127.0.0.1:" + image.port + ":" + image.port);
  }

  @Test
  void composePublishesNothingElsewhere() {
    assertThat(Yaml.each(COMPOSE.getFirst(), "/services"))
        .allSatisfy(service ->
            assertThat(Yaml.each(service, "/ports").map(JsonNode::asText))
                .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:")));
  }

  @Test
  void whatComposeMountsIsThere() {
    assertThat(
            Yaml.each(COMPOSE.getFirst(), "/services")
                .flatMap(service -> Yaml.each(service, "/volumes"))
                .map(volume -> volume.asText().split(":")[0])
                .filter(from -> from.startsWith("./")))
        .isNotEmpty()
        .allSatisfy(from -> assertThat(Files.exists(Checkout.file(from))).as(from).isTrue());
  }

  @Test
  void composeWaitsForWhatItHas() {
    JsonNode services = COMPOSE.getFirst().at("/services");

    services
        .properties()
        .forEach(service ->
            service
                .getValue()
                .path("depends_on")
                .properties()
                .forEach(needed ->
                    assertThat(services.has(needed.getKey()))
                        .as(service.getKey() + " needs " + needed.getKey())
                        .isTrue()));
  }

  @ParameterizedTest
  @EnumSource(names = "SANDBOX", mode = EnumSource.Mode.EXCLUDE)
  void kubernetesRunsItOnItsPort(Image image) {
    JsonNode container =
        Yaml.documentsOf("deploy/kubernetes/base/" + image.name + ".yaml").stream()
            .filter(node -> node.path("kind").asText().equals("Deployment"))
            .findFirst()
            .orElseThrow()
            .at("/spec/template/spec/containers/0");

    assertThat(container.path("image").asText()).startsWith("quittance/" + image.name + ":");
    assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(image.port);
    assertThat(container.at("/ports/1/containerPort").asInt()).isEqualTo(image.management);
    assertThat(List.of("startupProbe", "readinessProbe", "livenessProbe"))
        .map(probe -> container.path(probe).at("/httpGet/path").asText())
        .containsExactly("/q/health/live", "/q/health/ready", "/q/health/live");
    assertThat(List.of("startupProbe", "readinessProbe", "livenessProbe"))
        .map(probe -> container.path(probe).at("/httpGet/port").asText())
        .containsOnly("management");
  }

  @Test
  void otherPeoplesImagesHaveOneVersionEverywhere() {
    Map<String, String> versions = new TreeMap<>();
    Checkout.files("deploy/kubernetes", ".yaml")
        .forEach(
            file -> images(Checkout.text(Checkout.file("").relativize(file).toString()), versions));
    images(Checkout.text("docker-compose.yml"), versions);

    assertThat(versions).containsKeys("apache/kafka", "postgres", "axllent/mailpit");
  }

  private static void images(String text, Map<String, String> versions) {
    Pattern.compile("^\\s+image: (apache/kafka|postgres|axllent/mailpit):(\\S+)", Pattern.MULTILINE)
        .matcher(text)
        .results()
        .forEach(found ->
            assertThat(versions.merge(found.group(1), found.group(2), (first, _) -> first))
                .as(found.group(1))
                .isEqualTo(found.group(2)));
  }
}
