package dev.quittance.fulfillment.api;

import dev.quittance.contracts.Topic;
import dev.quittance.localstack.DatabaseAddress;
import dev.quittance.localstack.LocalKafka;
import dev.quittance.localstack.LocalPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.UUID;

/// A real broker and a real database for the service under test.
public class ServicesForTests implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    LocalKafka kafka = LocalKafka.shared();
    kafka.createTopics(Topic.all());
    DatabaseAddress database =
        LocalPostgres.shared()
            .createDatabase("service_" + UUID.randomUUID().toString().replace("-", ""));
    return Map.of(
        "kafka.bootstrap.servers", kafka.bootstrapServers(),
        "quarkus.datasource.jdbc.url", database.jdbcUrl(),
        "quarkus.datasource.username", database.user(),
        "quarkus.datasource.password", database.password());
  }

  @Override
  public void stop() {}
}
