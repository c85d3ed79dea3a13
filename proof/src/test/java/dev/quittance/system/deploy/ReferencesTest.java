package dev.quittance.system.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// In a rendered overlay every name that an object mentions belongs to another object: what only a
/// cluster would notice, and only hours later.
class ReferencesTest {

  /// `jdbc:postgresql://host:port/…`, `host:port`, `http://host/…`.
  private static final Pattern HOST =
      Pattern.compile(
          "(?:jdbc:postgresql://|https?://)?([a-z0-9-]+)(?:\\.[a-z0-9-]+\\.svc)?[:/].*");

  private final List<String> dangling = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"dev", "staging", "production"})
  void whatPodsMentionIsThere(String overlay) {
    Rendered rendered = Rendered.overlay(overlay);

    rendered.workloads().forEach(workload -> podsOf(rendered, workload));

    assertThat(rendered.workloads()).isNotEmpty();
    assertThat(dangling).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "staging", "production"})
  void addressesInTheSettingsAreThere(String overlay) {
    Rendered rendered = Rendered.overlay(overlay);

    rendered
        .all("ConfigMap")
        .flatMap(map -> Yaml.scalars(map.path("data")).entrySet().stream())
        .filter(entry ->
            Set.of("KAFKA_BOOTSTRAP_SERVERS", "QUARKUS_DATASOURCE_JDBC_URL")
                .contains(entry.getKey()))
        .forEach(entry -> service(rendered, entry.getKey(), entry.getValue()));
    rendered
        .all("ScaledObject")
        .flatMap(scaled -> Yaml.each(scaled, "/spec/triggers"))
        .forEach(trigger ->
            service(rendered, "ScaledObject", trigger.at("/metadata/bootstrapServers").asText()));

    assertThat(dangling).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "staging", "production"})
  void whatScalesRoutesOrProtectsFindsItsTarget(String overlay) {
    Rendered rendered = Rendered.overlay(overlay);

    Stream.of("HorizontalPodAutoscaler", "ScaledObject")
        .flatMap(rendered::all)
        .forEach(scaler -> {
          String kind = scaler.at("/spec/scaleTargetRef").path("kind").asText("Deployment");
          String target = scaler.at("/spec/scaleTargetRef/name").asText();
          check(rendered.has(kind, target), scaler, kind + " " + target);
        });
    rendered
        .all("ScaledObject")
        .flatMap(scaled -> Yaml.each(scaled, "/spec/triggers"))
        .map(trigger -> Rendered.text(trigger, "/authenticationRef/name"))
        .filter(name -> name != null)
        .forEach(name -> check(rendered.has("TriggerAuthentication", name), "ScaledObject", name));
    rendered
        .all("TriggerAuthentication")
        .flatMap(authentication -> Yaml.each(authentication, "/spec/secretTargetRef"))
        .forEach(target -> secret(rendered, "TriggerAuthentication", target.path("name").asText()));
    Stream.of("Service", "PodDisruptionBudget", "PodMonitor")
        .flatMap(rendered::all)
        .filter(selecting -> !selectsAnOperatorsPods(selecting))
        .forEach(selecting -> selects(rendered, selecting));
    rendered
        .all("HTTPRoute")
        .flatMap(route -> Yaml.each(route, "/spec/rules"))
        .flatMap(rule -> Yaml.each(rule, "/backendRefs"))
        .forEach(backend -> backend(rendered, backend));
    rendered
        .all("HTTPRoute")
        .flatMap(route -> Yaml.each(route, "/spec/parentRefs"))
        .forEach(parent -> {
          boolean listens =
              rendered
                  .all("Gateway")
                  .filter(gateway -> Rendered.name(gateway).equals(parent.path("name").asText()))
                  .flatMap(gateway -> Yaml.each(gateway, "/spec/listeners"))
                  .anyMatch(listener -> listener.path("name").equals(parent.path("sectionName")));
          check(listens, "HTTPRoute", "listener " + parent.path("sectionName").asText());
        });

    assertThat(dangling).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"staging", "production"})
  void operatorsFindTheirObjects(String overlay) {
    Rendered rendered = Rendered.overlay(overlay);

    Stream.of("KafkaTopic", "KafkaUser", "KafkaNodePool")
        .flatMap(rendered::all)
        .forEach(object -> {
          String cluster = object.at("/metadata/labels").path("strimzi.io/cluster").asText();
          check(rendered.has("Kafka", cluster), object, "Kafka " + cluster);
        });
    rendered
        .all("Cluster")
        .forEach(cluster -> {
          secret(
              rendered,
              Rendered.name(cluster),
              cluster.at("/spec/bootstrap/initdb/secret/name").asText());
          Yaml.each(cluster, "/spec/managed/roles")
              .forEach(role ->
                  secret(
                      rendered, Rendered.name(cluster), role.at("/passwordSecret/name").asText()));
        });
    rendered
        .all("ScheduledBackup")
        .forEach(backup -> {
          String cluster = backup.at("/spec/cluster/name").asText();
          check(rendered.has("Cluster", cluster), backup, "Cluster " + cluster);
        });

    assertThat(dangling).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "staging", "production"})
  void everyPodIsCoveredByAPolicyOfItsOwn(String overlay) {
    Rendered rendered = Rendered.overlay(overlay);

    rendered
        .workloads()
        .forEach(workload -> {
          JsonNode labels = Rendered.pods(workload).at("/metadata/labels");
          boolean covered =
              rendered
                  .all("NetworkPolicy")
                  .map(policy -> policy.at("/spec/podSelector"))
                  .anyMatch(selector -> !selector.isEmpty() && matches(selector, labels));
          check(covered, workload, "a NetworkPolicy: it could talk to nobody");
        });

    assertThat(dangling).isEmpty();
  }

  private void podsOf(Rendered rendered, JsonNode workload) {
    JsonNode pod = Rendered.pods(workload).path("spec");
    String account = Rendered.text(pod, "/serviceAccountName");
    check(
        account == null || rendered.has("ServiceAccount", account), workload, "account " + account);
    var volumes = new HashSet<String>();
    Yaml.each(workload, "/spec/volumeClaimTemplates")
        .forEach(claim -> volumes.add(Rendered.name(claim)));
    Yaml.each(pod, "/volumes")
        .forEach(volume -> {
          volumes.add(volume.path("name").asText());
          refersTo(
              rendered,
              workload,
              volume.path("configMap"),
              volume.path("configMap").path("name"),
              "ConfigMap");
          refersTo(
              rendered,
              workload,
              volume.path("secret"),
              volume.path("secret").path("secretName"),
              "Secret");
        });
    Stream.of("/containers", "/initContainers")
        .flatMap(list -> Yaml.each(pod, list))
        .forEach(container -> {
          Yaml.each(container, "/volumeMounts")
              .forEach(mount ->
                  check(
                      volumes.contains(mount.path("name").asText()),
                      workload,
                      "volume " + mount.path("name").asText()));
          Yaml.each(container, "/envFrom")
              .forEach(from -> {
                refersTo(
                    rendered,
                    workload,
                    from.path("configMapRef"),
                    from.at("/configMapRef/name"),
                    "ConfigMap");
                refersTo(
                    rendered,
                    workload,
                    from.path("secretRef"),
                    from.at("/secretRef/name"),
                    "Secret");
              });
          Yaml.each(container, "/env")
              .map(variable -> variable.path("valueFrom"))
              .forEach(from -> {
                refersTo(
                    rendered,
                    workload,
                    from.path("configMapKeyRef"),
                    from.at("/configMapKeyRef/name"),
                    "ConfigMap");
                refersTo(
                    rendered,
                    workload,
                    from.path("secretKeyRef"),
                    from.at("/secretKeyRef/name"),
                    "Secret");
              });
        });
  }

  private void refersTo(
      Rendered rendered, JsonNode from, JsonNode reference, JsonNode name, String kind) {
    if (name.isTextual() && !reference.path("optional").asBoolean()) {
      boolean there =
          kind.equals("Secret")
              ? rendered.hasSecret(name.asText())
              : rendered.has(kind, name.asText());
      check(there, from, kind + " " + name.asText());
    }
  }

  /// Its pods are there, and have the ports that it names.
  private void selects(Rendered rendered, JsonNode selecting) {
    boolean service = selecting.path("kind").asText().equals("Service");
    JsonNode selector = selecting.at("/spec/selector");
    List<JsonNode> pods =
        Stream.of("Deployment", "StatefulSet")
            .flatMap(rendered::all)
            .map(Rendered::pods)
            .filter(template ->
                service
                    ? covers(template.at("/metadata/labels"), selector)
                    : matches(selector, template.at("/metadata/labels")))
            .toList();
    check(!pods.isEmpty(), selecting, "any pod");
    Stream.concat(
            Yaml.each(selecting, "/spec/ports").map(port -> port.path("targetPort")),
            Yaml.each(selecting, "/spec/podMetricsEndpoints")
                .map(endpoint -> endpoint.path("port")))
        .forEach(port ->
            check(
                pods.stream()
                    .allMatch(pod ->
                        Yaml.each(pod, "/spec/containers")
                            .flatMap(container -> Yaml.each(container, "/ports"))
                            .anyMatch(open -> open.path("name").equals(port))),
                selecting,
                "port " + port.asText()));
  }

  /// Those are nobody's to render.
  private static boolean selectsAnOperatorsPods(JsonNode selecting) {
    return selecting.at("/spec/selector/matchLabels").has("strimzi.io/cluster");
  }

  private void backend(Rendered rendered, JsonNode backend) {
    boolean there =
        rendered
            .all("Service")
            .filter(service -> Rendered.name(service).equals(backend.path("name").asText()))
            .flatMap(service -> Yaml.each(service, "/spec/ports"))
            .anyMatch(port -> port.path("port").asInt() == backend.path("port").asInt());
    check(there, "HTTPRoute", "Service " + backend.path("name").asText());
  }

  private static boolean matches(JsonNode selector, JsonNode labels) {
    return covers(labels, selector.path("matchLabels"))
        && Yaml.each(selector, "/matchExpressions")
            .allMatch(expression ->
                !expression.path("operator").asText().equals("In")
                    || Yaml.each(expression, "/values")
                        .anyMatch(labels.path(expression.path("key").asText())::equals));
  }

  private static boolean covers(JsonNode labels, JsonNode wanted) {
    return new TreeMap<>(Yaml.scalars(labels))
        .entrySet()
        .containsAll(Yaml.scalars(wanted).entrySet());
  }

  private void service(Rendered rendered, String from, String address) {
    var matched = HOST.matcher(address);
    check(matched.matches() && rendered.hasService(matched.group(1)), from, "address " + address);
  }

  private void secret(Rendered rendered, String from, String name) {
    check(rendered.hasSecret(name), from, "Secret " + name);
  }

  private void check(boolean there, JsonNode from, String what) {
    check(there, from.path("kind").asText() + "/" + Rendered.name(from), what);
  }

  private void check(boolean there, String from, String what) {
    if (!there) {
      dangling.add(from + " doesn't find " + what);
    }
  }
}
