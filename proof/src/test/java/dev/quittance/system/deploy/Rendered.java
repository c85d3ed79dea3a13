package dev.quittance.system.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// An overlay as Kustomize renders it, and what exists once the operators did their part.
final class Rendered {

  /// Rendering takes a second; a minute is a machine that is busy otherwise.
  private static final long RENDERED_S_MAX = 60;

  private final List<JsonNode> objects;
  private final Set<String> secrets = new HashSet<>();
  private final Set<String> services = new HashSet<>();

  private Rendered(List<JsonNode> objects) {
    this.objects = objects;
    objects.forEach(this::count);
  }

  /// Skips the test where there is no kubectl.
  static Rendered overlay(String name) {
    try {
      Process kubectl =
          new ProcessBuilder("kubectl", "kustomize", "deploy/kubernetes/overlays/" + name)
              .directory(Checkout.file("").toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!kubectl.waitFor(RENDERED_S_MAX, TimeUnit.SECONDS) || kubectl.exitValue() != 0) {
        throw new IllegalStateException("kubectl kustomize does not render " + name);
      }
      return new Rendered(Yaml.documents(text));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (IOException e) {
      Assumptions.abort("there is no kubectl here");
      throw new UncheckedIOException(e);
    }
  }

  Stream<JsonNode> all(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
  }

  boolean has(String kind, String name) {
    return all(kind).anyMatch(object -> name(object).equals(name));
  }

  /// Secrets: given, fetched, or made by an operator.
  boolean hasSecret(String name) {
    return secrets.contains(name);
  }

  /// Services: ours, or an operator's.
  boolean hasService(String name) {
    return services.contains(name);
  }

  /// What runs: Deployments, StatefulSets, Jobs and CronJobs.
  Stream<JsonNode> workloads() {
    return Stream.of("Deployment", "StatefulSet", "Job", "CronJob").flatMap(this::all);
  }

  /// The pod template of a workload.
  static JsonNode pods(JsonNode workload) {
    return workload.at(
        workload.path("kind").asText().equals("CronJob")
            ? "/spec/jobTemplate/spec/template"
            : "/spec/template");
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private void count(JsonNode object) {
    String name = name(object);
    switch (object.path("kind").asText()) {
      case "Secret" -> secrets.add(name);
      case "ExternalSecret" -> secrets.add(object.at("/spec/target/name").asText());
      case "KafkaUser" -> secrets.add(name);
      case "Kafka" -> {
        secrets.add(name + "-cluster-ca-cert");
        services.add(name + "-kafka-bootstrap");
      }
      case "Cluster" -> {
        secrets.add(name + "-ca");
        services.add(name + "-rw");
      }
      case "Service" -> services.add(name);
      default -> {
        // refers, and is not referred to by these
      }
    }
  }

  /// A text field, or null.
  static @Nullable String text(JsonNode node, String pointer) {
    JsonNode found = node.at(pointer);
    return found.isTextual() ? found.asText() : null;
  }
}
