package dev.quittance.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What each service is told about the others, by the variables that it documents.
final class ServiceEnvironment {

  /// Four services and a broker share a laptop: a small heap each, a collector without threads of
  /// its own, small headers as in the images, and what the compilers needed while it became warm is
  /// given back to the system.
  private static final List<String> HEAP =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:TrimNativeHeapInterval=5000");

  private ServiceEnvironment() {}

  static List<String> jvmOptions(JvmProfile manner, Path classes, Path program) {
    return Stream.concat(HEAP.stream(), manner.options(classes, program).stream()).toList();
  }

  static Map<String, String> of(Service service, Stack.Plan plan) {
    var ports = plan.ports();
    var environment = new TreeMap<String, String>();
    environment.put("QUARKUS_BANNER_ENABLED", "false");
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.of(service)));
    if (service.managed()) {
      management(environment, ports.management(service));
    }
    switch (service) {
      case INGEST -> {
        kafka(environment, ports);
        environment.put("QUITTANCE_FULFILLMENT_URL", ports.url(Service.FULFILLMENT).toString());
        // these count for the local endpoint only: whoever sets endpoints sets keys of their own
        environment.put("QUITTANCE_LOCAL_ENDPOINTS_STRIPE_API_KEY", "sk_test_sandbox");
        environment.put(
            "QUITTANCE_LOCAL_ENDPOINTS_STRIPE_API_BASE", ports.url(Service.SANDBOX).toString());
      }
      case FULFILLMENT -> {
        kafka(environment, ports);
        environment.putAll(DatabaseAddress.local(ports.postgres(), "fulfillment").environment());
        environment.put("QUITTANCE_CONSOLE_INGEST_URL", ports.url(Service.INGEST).toString());
        environment.put("QUITTANCE_CONSOLE_RECEIPTS_URL", ports.url(Service.RECEIPTS).toString());
        environment.put("QUITTANCE_CONSOLE_WEBHOOKS_URL", ports.url(Service.INGEST).toString());
      }
      case RECEIPTS -> {
        kafka(environment, ports);
        environment.putAll(DatabaseAddress.local(ports.postgres(), "receipts").environment());
        environment.put("QUARKUS_MAILER_HOST", "127.0.0.1");
        environment.put("QUARKUS_MAILER_PORT", Integer.toString(ports.smtp()));
      }
      case SANDBOX -> {
        environment.put("QUITTANCE_SANDBOX_DATA", plan.home().resolve("sandbox").toString());
        environment.put("QUITTANCE_SANDBOX_SMTP_PORT", Integer.toString(ports.smtp()));
        environment.put("QUITTANCE_SANDBOX_WEBHOOKS", ports.url(Service.INGEST) + "/webhooks");
        environment.put("QUITTANCE_SANDBOX_PUBLIC_URL", ports.url(Service.SANDBOX).toString());
        environment.put("QUITTANCE_SANDBOX_FULFILLMENT", ports.url(Service.FULFILLMENT).toString());
        environment.put(
            "QUITTANCE_SANDBOX_SUCCESS_PAGE",
            ports.url(Service.INGEST) + "/after-payment?session_id={CHECKOUT_SESSION_ID}");
      }
    }
    plan.returnPage().tell(service, environment);
    environment.putAll(plan.environment());
    return environment;
  }

  static void management(Map<String, String> environment, URI url) {
    environment.put("QUARKUS_MANAGEMENT_HOST", url.getHost());
    environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(url.getPort()));
  }

  private static void kafka(Map<String, String> environment, StackPorts ports) {
    environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + ports.kafka());
  }
}
