package dev.quittance.fulfillment.api;

import dev.quittance.contracts.Topic;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.LocalPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.RestAssured;
import java.util.Map;
import java.util.UUID;

/// A real broker and a real database for the service under test.
public class ServicesForTests implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    // each of its requests has a client of its own, whose connection would stay open: services keep
    // 500
    RestAssured.replaceFiltersWith((request, response, next) -> {
      request.header("Connection", "close");
      return next.next(request, response);
    });
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
