package dev.quittance.testkit;

import org.testcontainers.postgresql.PostgreSQLContainer;

/// PostgreSQL in a container. Needs an engine, and Testcontainers in test scope.
record PostgresContainers(PostgreSQLContainer container) implements LocalPostgres {

  private static final String IMAGE = "postgres:18";

  static PostgresContainers start() {
    // the module's own command turns fsync off
    var container = new PostgreSQLContainer(IMAGE).withCommand("postgres", "-c", "fsync=on");
    container.start();
    return new PostgresContainers(container);
  }

  @Override
  public String adminUrl() {
    return container.getJdbcUrl()
        + (container.getJdbcUrl().contains("?") ? "&" : "?")
        + "user="
        + container.getUsername()
        + "&password="
        + container.getPassword();
  }

  @Override
  public void kill() {
    container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }

  @Override
  public String toString() {
    return "PostgreSQL in container " + IMAGE;
  }
}
