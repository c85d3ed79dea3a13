package dev.quittance.testkit;

import java.util.Map;

/// Where a database is and how to get in.
public record DatabaseAddress(String jdbcUrl, String user, String password) {

  /// On this machine, with the role that owns every database of [LocalPostgres].
  public static DatabaseAddress local(int port, String database) {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database,
        LocalPostgres.ROLE,
        LocalPostgres.ROLE);
  }

  /// What a service is told about it.
  public Map<String, String> environment() {
    return Map.of(
        "QUARKUS_DATASOURCE_JDBC_URL", jdbcUrl,
        "QUARKUS_DATASOURCE_USERNAME", user,
        "QUARKUS_DATASOURCE_PASSWORD", password);
  }

  @Override
  public String toString() {
    return "DatabaseAddress[" + jdbcUrl + ", " + user + "]";
  }
}
