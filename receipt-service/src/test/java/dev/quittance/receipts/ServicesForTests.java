package dev.quittance.receipts;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.LocalKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.RestAssured;
import java.util.Map;

/// The real Kafka and PostgreSQL that the service under test talks to, and a mail server in this
/// JVM.
public final class ServicesForTests implements QuarkusTestResourceLifecycleManager {

  /// Whoever says it is the operator.
  static final String OPERATOR = "test-operator";

  /// Whoever says it may also what can't be undone.
  static final String ADMIN = "test-admin";

  /// Whoever says it may look, and sees nobody.
  static final String VIEWER = "test-viewer";

  /// Whether whoever is at this machine is the operator, without a word: `true` or `false`.
  static final String LOOPBACK = "loopback";

  private String loopback = "false";

  private static final GreenMail MAIL =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  static GreenMail mail() {
    return MAIL;
  }

  @Override
  public void init(Map<String, String> given) {
    loopback = given.getOrDefault(LOOPBACK, "false");
  }

  @Override
  public Map<String, String> start() {
    // each of its requests has a client of its own, whose connection would stay open: services keep
    // 500
    RestAssured.replaceFiltersWith((request, response, next) -> {
      request.header("Connection", "close");
      return next.next(request, response);
    });
    DatabaseAddress database = TestDatabase.address();
    MAIL.start();
    LocalKafka kafka = LocalKafka.shared();
    kafka.createTopics(Topic.all());
    return Map.of(
        "quarkus.datasource.jdbc.url",
        database.jdbcUrl(),
        "quarkus.datasource.username",
        database.user(),
        "quarkus.datasource.password",
        database.password(),
        "kafka.bootstrap.servers",
        kafka.bootstrapServers(),
        "quittance.loopback-operator",
        loopback,
        "quittance.operator-token",
        OPERATOR,
        "quittance.admin-token",
        ADMIN,
        "quittance.viewer-token",
        VIEWER,
        "quarkus.mailer.host",
        "127.0.0.1",
        "quarkus.mailer.port",
        Integer.toString(MAIL.getSmtp().getPort()));
  }

  @Override
  public void stop() {
    MAIL.stop();
  }
}
