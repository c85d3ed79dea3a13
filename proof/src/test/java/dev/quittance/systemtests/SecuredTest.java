package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.JvmProfile;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.LocalPostgres;
import dev.quittance.testkit.Ports;
import dev.quittance.testkit.ReturnPageToken;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.Stack;
import dev.quittance.testkit.StackPorts;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The services against servers that speak TLS only, where each may do what its `KafkaUser` of the
/// deployment may do and nothing else: ingest with a certificate, as with Strimzi; the others with
/// SCRAM, as with most hosted brokers.
class SecuredTest {

  private static final String SCRAM_PASSWORD = "scram-for-this-test-only";

  private static final RunningStack OPEN = RunningStack.get();
  private static final StackPorts PORTS = StackPorts.free();

  /// A server that hangs up is asked again for so long.
  private static final Duration REFUSED = Duration.ofSeconds(4);

  private static final Duration LET_IN = Duration.ofMinutes(2);
  private static final Map<Service, Stack> STARTED = new ConcurrentHashMap<>();

  private static LocalKafka kafka;
  private static LocalPostgres postgres;
  private static Certificates certificates;
  private static int scramPort;
  private static int certifiedPort;
  private static int postgresPort;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    certificates = new Certificates(folder);
    certificates.client("ingest-service");
    scramPort = Ports.free();
    certifiedPort = Ports.free();
    postgresPort = Ports.free();
    try (var threads = Executors.newSingleThreadExecutor()) {
      var broker = threads.submit(() -> startKafka(folder.resolve("kafka")));
      postgres = startPostgres(folder.resolve("postgres"));
      kafka = broker.get();
    }
    // there is one sandbox for both stacks: whom ingest asks for line items
    var ingest =
        with(
            withCertificate(),
            Map.of(
                "QUITTANCE_LOCAL_ENDPOINTS_STRIPE_API_BASE",
                OPEN.stack().ports().url(Service.SANDBOX).toString()));
    var fulfillment = with(scram("fulfillment-service"), database("fulfillment"));
    var receipts = with(scram("receipt-service"), database("receipts"));
    receipts.put("QUARKUS_MAILER_PORT", Integer.toString(OPEN.stack().ports().smtp()));
    try (var threads = Executors.newFixedThreadPool(3)) {
      var starts =
          List.of(
              threads.submit(() -> start(Service.INGEST, folder, ingest)),
              threads.submit(() -> start(Service.FULFILLMENT, folder, fulfillment)),
              threads.submit(() -> start(Service.RECEIPTS, folder, receipts)));
      for (var start : starts) {
        start.get();
      }
    }
  }

  private static LocalKafka startKafka(Path home) throws Exception {
    int open = Ports.free();
    var broker = LocalKafka.start(home, open, broker(open, Ports.free()), JvmProfile.LAPTOP);
    broker.createTopics(Topic.all());
    try (Admin admin = broker.admin()) {
      allow(admin);
    }
    return broker;
  }

  private static LocalPostgres startPostgres(Path home) {
    var server =
        LocalPostgres.start(
            home,
            postgresPort,
            Map.of(
                "ssl", "on",
                "ssl_cert_file", certificates.serverAuthority().toString(),
                "ssl_key_file", certificates.serverKey().toString()));
    server.createDatabase("fulfillment");
    server.createDatabase("receipts");
    return server;
  }

  /// Nobody needs what they leave.
  @AfterAll
  static void stop() {
    STARTED.forEach((service, stack) -> stack.service(service).kill());
    if (kafka != null) {
      kafka.kill();
    }
    if (postgres != null) {
      postgres.kill();
    }
  }

  @Test
  void aPaymentGoesThroughOverTlsWithNoMoreRightsThanTheDeploymentGives() throws SQLException {
    var shop = new Shop();
    var payment = shop.payment();

    assertThat(new WebhookSender(PORTS).send(shop.completed(payment, "paid")).status())
        .isEqualTo(200);

    var orders = new Orders(PORTS);
    orders.await(payment.order(), "paid", "due");
    orders.awaitReceipts(payment.order(), "payment sent");
    assertThat(connections("fulfillment", true)).isPositive();
    assertThat(connections("fulfillment", false)).isZero();
    assertThat(connections("receipts", true)).isPositive();
    assertThat(connections("receipts", false)).isZero();
  }

  @Test
  void whoBringsNoCertificateAndWhoNoPasswordIsRefused() {
    assertThatThrownBy(() -> topics(Map.of(), certifiedPort, REFUSED))
        .isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> topics(Map.of(), scramPort, REFUSED))
        .isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> topics(clientSettings("nobody"), scramPort, REFUSED))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void noServiceSeesTheTopicsOfAnother() throws Exception {
    assertThat(topics(clientSettings("receipt-service"), scramPort, LET_IN))
        .contains("payments.events.v1")
        .doesNotContain("payments.webhooks.v1", "fulfillment.commands.v1");
  }

  private static Map<String, String> broker(int open, int controller) {
    var settings = new HashMap<String, String>();
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
    settings.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:"
            + open
            + ",CONTROLLER://127.0.0.1:"
            + controller
            + ",SCRAM://127.0.0.1:"
            + scramPort
            + ",CERTIFIED://127.0.0.1:"
            + certifiedPort);
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SCRAM:SASL_SSL,CERTIFIED:SSL");
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", certificates.server().toString());
    settings.put("ssl.keystore.password", Certificates.PASSWORD);
    settings.put("ssl.key.password", Certificates.PASSWORD);
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", certificates.authorityOf("ingest-service").toString());
    settings.put("listener.name.certified.ssl.client.auth", "required");
    settings.put("ssl.principal.mapping.rules", "RULE:^CN=(.*)$/$1/");
    settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put(
        "listener.name.scram.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS");
    return settings;
  }

  /// The rights of the deployment's users, and passwords for two of them.
  private static void allow(Admin admin) throws Exception {
    var upserts = new ArrayList<UserScramCredentialAlteration>();
    var bindings = new ArrayList<AclBinding>();
    for (JsonNode user : users()) {
      String name = user.path("metadata").path("name").asText();
      upserts.add(
          new UserScramCredentialUpsertion(
              name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), SCRAM_PASSWORD));
      for (JsonNode acl : user.path("spec").path("authorization").path("acls")) {
        bindings.addAll(bindings(name, acl));
      }
    }
    admin.alterUserScramCredentials(upserts).all().get(2, TimeUnit.MINUTES);
    admin.createAcls(bindings).all().get(2, TimeUnit.MINUTES);
  }

  private static List<AclBinding> bindings(String user, JsonNode acl) {
    JsonNode resource = acl.path("resource");
    var pattern =
        new ResourcePattern(
            switch (resource.path("type").asText()) {
              case "topic" -> ResourceType.TOPIC;
              case "group" -> ResourceType.GROUP;
              case "transactionalId" -> ResourceType.TRANSACTIONAL_ID;
              case String other -> throw new IllegalStateException(other);
            },
            resource.path("name").asText(),
            resource.path("patternType").asText().equals("prefix")
                ? PatternType.PREFIXED
                : PatternType.LITERAL);
    var bindings = new ArrayList<AclBinding>();
    for (JsonNode operation : acl.path("operations")) {
      bindings.add(
          new AclBinding(
              pattern,
              new AccessControlEntry(
                  "User:" + user,
                  "*",
                  operation.asText().equals("DescribeConfigs")
                      ? AclOperation.DESCRIBE_CONFIGS
                      : AclOperation.fromString(operation.asText()),
                  AclPermissionType.ALLOW)));
    }
    return bindings;
  }

  private static List<JsonNode> users() throws IOException {
    Path file =
        Path.of("").toAbsolutePath().resolve("../deploy/kubernetes/components/strimzi/users.yaml");
    var mapper = new YAMLMapper();
    try (var documents = mapper.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return documents.readAll();
    }
  }

  private static Map<String, String> withCertificate() {
    return Map.of(
        "KAFKA_BOOTSTRAP_SERVERS",
        "127.0.0.1:" + certifiedPort,
        "KAFKA_SECURITY_PROTOCOL",
        "SSL",
        "KAFKA_SSL_TRUSTSTORE_TYPE",
        "PEM",
        "KAFKA_SSL_TRUSTSTORE_LOCATION",
        certificates.serverAuthority().toString(),
        "KAFKA_SSL_KEYSTORE_TYPE",
        "PKCS12",
        "KAFKA_SSL_KEYSTORE_LOCATION",
        certificates.client("ingest-service").toString(),
        "KAFKA_SSL_KEYSTORE_PASSWORD",
        Certificates.PASSWORD);
  }

  private static Map<String, String> scram(String user) {
    var environment = new HashMap<String, String>();
    clientSettings(user)
        .forEach((name, value) ->
            environment.put("KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value));
    environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + scramPort);
    return environment;
  }

  private static Map<String, String> clientSettings(String user) {
    return Map.of(
        "security.protocol", "SASL_SSL",
        "sasl.mechanism", "SCRAM-SHA-512",
        "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                + user
                + "\" password=\""
                + SCRAM_PASSWORD
                + "\";",
        "ssl.truststore.type", "PEM",
        "ssl.truststore.location", certificates.serverAuthority().toString());
  }

  private static Map<String, String> database(String name) {
    return Map.of(
        "QUARKUS_DATASOURCE_JDBC_URL",
        "jdbc:postgresql://127.0.0.1:"
            + postgresPort
            + "/"
            + name
            + "?sslmode=verify-full&sslrootcert="
            + certificates.serverAuthority());
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
    var all = new HashMap<>(some);
    all.putAll(others);
    return all;
  }

  private static void start(Service service, Path home, Map<String, String> environment) {
    var stack =
        new Stack(
            new Stack.Plan(
                Path.of("").toAbsolutePath().resolve(".."),
                home.resolve(service.module()),
                PORTS,
                ReturnPageToken.of(Map.of(), new SecureRandom()),
                environment),
            (_, _) -> {});
    stack.startService(service);
    STARTED.put(service, stack);
  }

  private static Set<String> topics(Map<String, String> client, int port, Duration patience)
      throws ExecutionException, InterruptedException {
    var settings = new HashMap<String, Object>(client);
    settings.put("bootstrap.servers", "127.0.0.1:" + port);
    settings.put("default.api.timeout.ms", (int) patience.toMillis());
    settings.put("request.timeout.ms", (int) patience.dividedBy(2).toMillis());
    try (Admin admin = Admin.create(settings)) {
      return admin.listTopics().names().get();
    }
  }

  private static int connections(String database, boolean encrypted) throws SQLException {
    try (var connection = DriverManager.getConnection(postgres.adminUrl());
        var statement =
            connection.prepareStatement(
                "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                    + " WHERE datname = ? AND ssl = ?")) {
      statement.setString(1, database);
      statement.setBoolean(2, encrypted);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
