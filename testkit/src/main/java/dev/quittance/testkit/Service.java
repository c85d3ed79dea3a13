package dev.quittance.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/// The programs that are built here, each a process of its own.
public enum Service {
  INGEST("ingest-service", 8081, 8091),
  FULFILLMENT("fulfillment-service", 8082, 8092),
  RECEIPTS("receipt-service", 8083, 8093),
  /// A plaything: it says on its one port how it is.
  SANDBOX("sandbox", 8084, 8084);

  private final String module;
  private final int port;
  private final int managementPort;

  Service(String module, int port, int managementPort) {
    this.module = module;
    this.port = port;
    this.managementPort = managementPort;
  }

  /// The name of its module, its process and its log.
  public String module() {
    return module;
  }

  /// Where it listens on a laptop.
  public int port() {
    return port;
  }

  /// Where it answers for its health and metrics on a laptop.
  public int managementPort() {
    return managementPort;
  }

  /// Whether health and metrics have a port of their own.
  public boolean managed() {
    return managementPort != port;
  }

  /// What the build makes of it.
  ///
  /// @param repository the root of the repository
  /// @throws StackFault when it isn't built
  public Path jar(Path repository) {
    Path jar = repository.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new StackFault(
          module + " isn't built: run ./quittance up, or ./mvnw -DskipTests package");
    }
    return jar;
  }
}
