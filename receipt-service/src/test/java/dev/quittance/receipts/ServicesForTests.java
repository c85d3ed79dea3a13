package dev.quittance.receipts;

import dev.quittance.contracts.Topic;
import dev.quittance.localstack.DatabaseAddress;
import dev.quittance.localstack.LocalKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.Map;

/// The real Kafka and PostgreSQL that the service under test talks to, and a port for a mail server
/// that the test itself opens.
public final class ServicesForTests implements QuarkusTestResourceLifecycleManager {

  /// Whoever says it is the operator.
  static final String OPERATOR = "test-operator";

  @Override
  public Map<String, String> start() {
    DatabaseAddress database = TestDatabase.address();
    LocalKafka kafka = LocalKafka.shared();
    kafka.createTopics(Topic.all());
    return Map.of(
        "quarkus.datasource.jdbc.url", database.jdbcUrl(),
        "quarkus.datasource.username", database.user(),
        "quarkus.datasource.password", database.password(),
        "kafka.bootstrap.servers", kafka.bootstrapServers(),
        "quittance.loopback-operator", "false",
        "quittance.operator-token", OPERATOR,
        "quarkus.mailer.host", "127.0.0.1",
        "quarkus.mailer.port", Integer.toString(freePort()));
  }

  @Override
  public void stop() {}

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
