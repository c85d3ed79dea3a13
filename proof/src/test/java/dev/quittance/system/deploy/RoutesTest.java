package dev.quittance.system.deploy;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the console's pages ask for gets to it, and every token and address that a service asks
/// its environment for is there: what only somebody who uses it in production would notice.
class RoutesTest {

  private static final String CONSOLE = "fulfillment-service/src/main/";

  /// Where a page says where to go, up to what is filled in or asked.
  private static final Pattern LINK =
      Pattern.compile("(?:href|src|action|hx-get|hx-post|sse-connect)=\"(/[^\"{?#]*)");

  /// The same, where the code says it.
  private static final Pattern PATH = Pattern.compile("\"(/(?:console|orders)[A-Za-z0-9/._-]*)\"");

  /// What a service asks its environment for, and can't do without where it isn't alone.
  private static final Pattern ASKED =
      Pattern.compile("ConfigProperty\\(\\s*name = \"(quittance\\.[a-z.-]*(?:token|url))\"");

  private static Set<String> consoleLinks() {
    var links =
        Checkout.files(CONSOLE + "resources/templates", ".html").stream()
            .flatMap(file -> found(LINK, text(file)))
            .collect(toCollection(TreeSet::new));
    Stream.of("console", "fulfillment/access")
        .map(room -> CONSOLE + "java/dev/quittance/" + room)
        .flatMap(folder -> Checkout.files(folder, ".java").stream())
        .flatMap(file -> found(PATH, text(file)))
        .forEach(links::add);
    assertThat(links)
        .contains("/console/transactions", "/orders/export.csv", "/console/assets/")
        .hasSizeGreaterThan(10);
    return links;
  }

  private static String text(Path file) {
    return Checkout.text(Checkout.file("").relativize(file).toString());
  }

  private static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1));
  }

  /// A path as gateways compare it: by whole segments.
  private record Route(String type, String path) {

    boolean matches(String asked) {
      return switch (type) {
        case "PathPrefix", "Prefix" -> asked.equals(path) || asked.startsWith(path + "/");
        case "Exact" -> asked.equals(path);
        default -> Pattern.matches(path, asked);
      };
    }
  }

  private static void assertRouted(List<Route> routes) {
    assertThat(consoleLinks())
        .allSatisfy(link -> assertThat(routes).as(link).anyMatch(route -> route.matches(link)));
    assertThat(routes).anyMatch(route -> route.matches("/orders.csv"));
    for (String inner : List.of("/q/metrics", "/q/health/ready", "/readiness", "/")) {
      assertThat(routes).as(inner).noneMatch(route -> route.matches(inner));
    }
  }

  @Test
  void theGatewayRoutesAllThatTheConsolesPagesName() {
    assertRouted(
        gatewayRoutes(
            Yaml.documentsOf("deploy/kubernetes/components/gateway/routes.yaml").stream()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"staging", "production"})
  void theOverlayRoutesAllThatTheConsolesPagesName(String overlay) {
    assertRouted(gatewayRoutes(Rendered.overlay(overlay).all("HTTPRoute")));
  }

  private static List<Route> gatewayRoutes(Stream<JsonNode> routes) {
    return routes
        .flatMap(route -> Yaml.each(route, "/spec/rules"))
        .filter(rule ->
            Yaml.each(rule, "/backendRefs")
                .anyMatch(backend -> backend.path("name").asText().equals("fulfillment-service")))
        .flatMap(rule -> Yaml.each(rule, "/matches"))
        .map(match -> new Route(match.at("/path/type").asText(), match.at("/path/value").asText()))
        .toList();
  }

  @Test
  void theIngressRoutesAllThatTheConsolesPagesName() {
    assertRouted(
        Yaml.documentsOf("deploy/kubernetes/components/ingress/ingress.yaml").stream()
            .flatMap(ingress -> Yaml.each(ingress, "/spec/rules"))
            .flatMap(rule -> Yaml.each(rule, "/http/paths"))
            .filter(path -> path.at("/backend/service/name").asText().equals("fulfillment-service"))
            .map(path -> new Route(path.path("pathType").asText(), path.path("path").asText()))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "staging", "production"})
  void theClusterSetsWhatServicesAskFor(String overlay) {
    Rendered rendered = Rendered.overlay(overlay);

    var set = new TreeMap<String, Map<String, String>>();
    for (String service : List.of("ingest-service", "fulfillment-service", "receipt-service")) {
      set.put(service, environment(rendered, service));
      assertThat(set.get(service)).containsEntry("QUARKUS_MANAGEMENT_PORT", "9000");
    }

    assertAsked(set, overlay.equals("dev") ? Set.of("QUITTANCE_CONSOLE_WEBHOOKS_URL") : Set.of());
  }

  private static Map<String, String> environment(Rendered rendered, String service) {
    JsonNode container =
        rendered
            .all("Deployment")
            .filter(deployment -> Rendered.name(deployment).equals(service))
            .map(deployment -> Rendered.pods(deployment).at("/spec/containers/0"))
            .findFirst()
            .orElseThrow();
    var environment = new TreeMap<String, String>();
    Yaml.each(container, "/envFrom")
        .map(from -> from.at("/configMapRef/name").asText())
        .flatMap(name -> rendered.all("ConfigMap").filter(map -> Rendered.name(map).equals(name)))
        .forEach(map -> environment.putAll(Yaml.scalars(map.path("data"))));
    Yaml.each(container, "/env")
        .forEach(variable ->
            environment.put(
                variable.path("name").asText(),
                variable.path("value").asText()
                    + variable.at("/valueFrom/secretKeyRef/name").asText()
                    + variable.at("/valueFrom/secretKeyRef/key").asText()));
    return environment;
  }

  @Test
  void composeSetsWhatServicesAskFor() {
    JsonNode services = Yaml.documentsOf("docker-compose.yml").getFirst().path("services");
    var set = new TreeMap<String, Map<String, String>>();
    for (String service : List.of("ingest-service", "fulfillment-service", "receipt-service")) {
      set.put(service, Yaml.scalars(services.path(service).path("environment")));
    }

    // on the machine itself the default is right
    assertAsked(set, Set.of("QUITTANCE_CONSOLE_WEBHOOKS_URL"));
  }

  /// @param set what is set for each service
  /// @param defaults what may be left out
  private static void assertAsked(Map<String, Map<String, String>> set, Set<String> defaults) {
    set.forEach((service, environment) -> {
      Set<String> asked = asked(service);
      asked.removeAll(defaults);
      assertThat(environment.keySet()).as(service).containsAll(asked);
    });
    // what one shows is what the other asks for
    Map<String, String> ingest = set.getOrDefault("ingest-service", Map.of());
    Map<String, String> fulfillment = set.getOrDefault("fulfillment-service", Map.of());
    Map<String, String> receipts = set.getOrDefault("receipt-service", Map.of());
    assertThat(fulfillment)
        .containsEntry(
            "QUITTANCE_CONSOLE_INGEST_TOKEN", ingest.getOrDefault("QUITTANCE_ADMIN_TOKEN", ""))
        .containsEntry(
            "QUITTANCE_CONSOLE_RECEIPTS_TOKEN", receipts.getOrDefault("QUITTANCE_ADMIN_TOKEN", ""));
    assertThat(ingest)
        .containsEntry(
            "QUITTANCE_FULFILLMENT_TOKEN",
            fulfillment.getOrDefault("QUITTANCE_RETURN_PAGE_TOKEN", ""));
  }

  private static Set<String> asked(String service) {
    var asked =
        Checkout.files(service + "/src/main/java", ".java").stream()
            .flatMap(file -> found(ASKED, text(file)))
            .map(name -> name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
            .collect(toCollection(TreeSet::new));
    // the gate asks every service for the operator's, which ingest-service has another name for
    asked.remove("QUITTANCE_OPERATOR_TOKEN");
    asked.add(
        service.equals("ingest-service") ? "QUITTANCE_ADMIN_TOKEN" : "QUITTANCE_OPERATOR_TOKEN");
    return asked;
  }
}
