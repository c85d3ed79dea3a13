package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.LocalPostgres;
import dev.quittance.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the doctor says about a real broker and a real database; the services are pretended here,
/// and real in the system tests.
class DoctorCommandTest {

  private static final DatabaseAddress DATABASE = makeDatabases();

  private final FakeServices services = new FakeServices();

  DoctorCommandTest() throws IOException {
    services.answer("/readiness", 200, "{\"status\": \"UP\"}");
    services.answer("/q/health/ready", 200, "{\"status\": \"UP\"}"); // the sandbox has one port
    services.answer("/webhooks/stripe", 200, "").answer("/webhooks/paysuper", 200, "");
  }

  private static DatabaseAddress makeDatabases() {
    LocalPostgres.shared().createDatabase("receipts");
    return LocalPostgres.shared().createDatabase("fulfillment");
  }

  @BeforeAll
  static void makeTables() throws SQLException {
    for (String name : List.of("fulfillment", "receipts")) {
      DatabaseAddress database = LocalPostgres.shared().createDatabase(name);
      try (var connection =
              DriverManager.getConnection(
                  database.jdbcUrl(), database.user(), database.password());
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE IF NOT EXISTS intake_ledger (topic text)");
      }
    }
  }

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void aMissingTopicAndAWrongPartitionCountAreFoundAndExplained() throws IOException {
    CommandResult result = doctor(Clock.systemUTC());

    assertThat(result.code()).isEqualTo(1);
    assertThat(faults(result.json()))
        .extracting(finding -> finding.path("what").asText())
        .filteredOn(what -> what.contains("v1"))
        .containsExactlyInAnyOrder(
            "fulfillment.orders.v1 is missing",
            "receipts.events.v1 has 3 partitions instead of 12: events of one order may overtake"
                + " each other");
    assertThat(faults(result.json()))
        .extracting(finding -> finding.path("todo").asText())
        .anyMatch(todo ->
            todo.contains(
                "--create --topic fulfillment.orders.v1 --partitions 12 --config"
                    + " cleanup.policy=compact"))
        .anyMatch(todo -> todo.contains("make it anew with 12"));
  }

  @Test
  void aClockThatIsTenMinutesOffIsFoundAndExplained() throws IOException {
    services.answer("/webhooks/stripe", 400, "");

    CommandResult result = doctor(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10)));

    JsonNode clock = finding(result.json(), "clock");
    assertThat(clock.path("grade").asText()).isEqualTo("fault");
    // whose answer took least time is the furthest away
    assertThat(clock.path("what").asText())
        .matches(".* 9 min [45]\\d s behind of (the database server|\\S+-service|sandbox)");
    assertThat(clock.path("todo").asText()).contains("NTP");
  }

  @Test
  void aClockThatIsRightIsSaidToBe() throws IOException {
    assertThat(finding(doctor(Clock.systemUTC()).json(), "clock").path("what").asText())
        .contains("agrees with", "the database server");
  }

  @Test
  void aDatabaseThatIsDownIsFoundAndExplained() throws IOException {
    CommandResult result = doctor(Clock.systemUTC(), "--database-url=" + nowhere());

    assertThat(faults(result.json()))
        .filteredOn(finding -> finding.path("part").asText().equals("database"))
        .hasSize(2)
        .allSatisfy(finding -> {
          assertThat(finding.path("what").asText()).contains("doesn't answer");
          assertThat(finding.path("todo").asText()).contains("./quittance up");
        });
    assertThat(result.out()).doesNotContain("Exception");
  }

  @Test
  void aMailServerThatRefusesIsFoundAndExplained() throws IOException {
    try (var refusing = mailServer("554 no service for you")) {
      CommandResult result =
          doctor(Clock.systemUTC(), "--smtp=127.0.0.1:" + refusing.getLocalPort());

      assertThat(finding(result.json(), "mail server").path("what").asText())
          .contains("it refuses us", "554 no service for you");
    }
    CommandResult result = doctor(Clock.systemUTC(), "--smtp=127.0.0.1:" + Ports.free());
    assertThat(finding(result.json(), "mail server").path("what").asText())
        .contains("doesn't answer");
  }

  @Test
  void aWrongSecretIsFoundAndExplainedAndNeverPrinted(@TempDir Path directory) throws IOException {
    services.close();
    try (var others = new FakeServices()) {
      others.answer("/readiness", 200, "{\"status\": \"UP\"}");
      others.answer("/webhooks/shop-2", 400, "");
      Path secrets =
          Files.writeString(directory.resolve("secrets"), "# ours\nshop-2:stripe=whsec_wrong\n");

      CommandResult result = doctor(others, Clock.systemUTC(), "--secrets=" + secrets);

      JsonNode secret = finding(result.json(), "secret");
      assertThat(secret.path("grade").asText()).isEqualTo("fault");
      assertThat(secret.path("what").asText()).contains("shop-2 refuses");
      assertThat(secret.path("todo").asText()).contains("QUITTANCE_ENDPOINTS_SHOP_2_SECRETS");
      assertThat(result.out() + result.err()).doesNotContain("whsec_wrong");
    }
  }

  @Test
  void theStripeClisSecretIsToldFromAnEndpoints(@TempDir Path directory) throws IOException {
    services.close();
    String cli = "whsec_" + "0a1b".repeat(16);
    Path secrets = Files.writeString(directory.resolve("secrets"), "stripe=" + cli + "\n");
    for (int status : List.of(200, 400)) {
      try (var others = new FakeServices()) {
        others.answer("/readiness", 200, "{\"status\": \"UP\"}");
        others.answer("/webhooks/stripe", status, "");

        CommandResult result = doctor(others, Clock.systemUTC(), "--secrets=" + secrets);

        JsonNode secret = finding(result.json(), "secret");
        assertThat(secret.path("grade").asText()).isEqualTo(status == 200 ? "ok" : "fault");
        assertThat(secret.path("what").asText() + secret.path("todo").asText())
            .contains("`stripe listen`");
        assertThat(result.out() + result.err()).doesNotContain(cli);
      }
    }
  }

  @Test
  void whoTellsStrangersNothingIsThere() throws IOException {
    services.close();
    try (var others = new FakeServices()) {
      others.answer("/readiness", 401, "{\"status\": 401}");

      JsonNode found =
          finding(
              doctor(others, Clock.systemUTC(), "--secrets=/dev/null").json(), "receipt-service");

      assertThat(found.path("grade").asText()).isEqualTo("doubtful");
      assertThat(found.path("todo").asText()).contains("QUITTANCE_OPERATOR_TOKEN");
    }
  }

  @Test
  void whatDoesNotAnswerAndWhatIsSomethingElseIsTold() throws IOException {
    services.close();
    try (var others = new FakeServices()) {
      others.answer("/readiness", 200, "<html>");

      assertThat(doctor(others, Clock.systemUTC()).json().path("findings"))
          .anyMatch(finding -> finding.path("what").asText().contains("something else listens"));
    }
    assertThat(doctor(Clock.systemUTC()).json().path("findings"))
        .anyMatch(finding -> finding.path("what").asText().contains("nothing answers"));
  }

  @Test
  void workThatWaitsForSomebodyIsNamedWithWhatToDo() throws IOException {
    services
        .answer("/receipts/wrong?after=", 200, "{\"receipts\": [{}]}")
        .answer("/inspection", 200, "{\"waiting\": 7, \"oldestAt\": \"2026-01-01T00:00:00Z\"}");
    Clock clock = Clock.fixed(Clock.systemUTC().instant(), ZoneOffset.UTC);
    services.answer(
        "/receipts/undeliverable?since="
            + ServiceClient.escaped(clock.instant().minus(Duration.ofDays(7)).toString()),
        200,
        "{\"receiptsInAll\": 3, \"codesInAll\": 1}");

    JsonNode findings = doctor(clock).json().path("findings");

    assertThat(findings)
        .filteredOn(finding -> finding.path("todo").asText().contains("docs/runbooks/"))
        .allMatch(finding -> finding.path("grade").asText().equals("doubtful"))
        .extracting(finding -> finding.path("what").asText())
        .contains(
            "3 receipts were given up within a week",
            "1 customers didn't get a code that they have paid for",
            "1 receipts, or more, went out with an amount that the facts don't support",
            "7 of receipts wait to be published, the oldest since 2026-01-01T00:00:00Z");
    for (JsonNode finding : findings) {
      String todo = finding.path("todo").asText();
      if (todo.contains("docs/runbooks/")) {
        assertThat(Path.of("..", todo.substring(todo.indexOf("docs/runbooks/")))).exists();
      }
    }
  }

  @Test
  void whatNobodyTellsAboutWorkIsSkipped() throws IOException {
    JsonNode report = doctor(Clock.systemUTC(), "--bootstrap=127.0.0.1:" + Ports.free()).json();

    assertThat(finding(report, "failed messages").path("grade").asText()).isEqualTo("skipped");
    assertThat(finding(report, "failed mail").path("grade").asText()).isEqualTo("skipped");
  }

  @Test
  void brokersThatAreAwayAreTold() throws IOException {
    CommandResult result = doctor(Clock.systemUTC(), "--bootstrap=127.0.0.1:" + Ports.free());

    assertThat(finding(result.json(), "brokers").path("todo").asText()).contains("./quittance up");
  }

  @Test
  void aJdkThatIsTooOldIsTold() {
    assertThat(DoctorCommand.jdk(21).todo()).contains("JAVA_HOME");
    assertThat(DoctorCommand.jdk(25).grade()).isEqualTo(Finding.Grade.OK);
  }

  @Test
  void itIsToldToPeopleToo() {
    CommandResult result = CommandResult.by(arguments(services, false).toArray(String[]::new));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("ok    JDK", "WRONG topics", "Something is wrong: see above.")
        .doesNotContain("\u001b");
  }

  private CommandResult doctor(Clock clock, String... more) {
    return doctor(services, clock, more);
  }

  private static CommandResult doctor(FakeServices services, Clock clock, String... more) {
    List<String> all = arguments(services, true);
    all.removeFirst();
    for (String option : more) {
      String name = option.substring(0, option.indexOf('='));
      all.removeIf(other -> other.startsWith(name + "="));
      all.add(option);
    }
    return CommandResult.by(new CommandLine(new DoctorCommand(clock)), all.toArray(String[]::new));
  }

  private static List<String> arguments(FakeServices services, boolean json) {
    var all = new ArrayList<String>();
    all.add("doctor");
    for (String service : List.of("ingest", "fulfillment", "receipts", "sandbox")) {
      all.add("--" + service + "-url=" + services.url());
    }
    all.add("--bootstrap=" + CommandBroker.servers());
    all.add(
        "--database-url="
            + DATABASE.jdbcUrl().substring(0, DATABASE.jdbcUrl().lastIndexOf('/') + 1));
    all.add("--smtp=127.0.0.1:" + Ports.free());
    if (json) {
      all.add("--json");
    }
    return all;
  }

  private static String nowhere() {
    return "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/";
  }

  private static ServerSocket mailServer(String greeting) throws IOException {
    var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try (Socket caller = server.accept()) {
            caller.getOutputStream().write((greeting + "\r\n").getBytes(StandardCharsets.US_ASCII));
          } catch (IOException _) {
            // the test is over
          }
        });
    return server;
  }

  private static List<JsonNode> faults(JsonNode report) {
    return StreamSupport.stream(report.path("findings").spliterator(), false)
        .filter(finding -> finding.path("grade").asText().equals("fault"))
        .toList();
  }

  private static JsonNode finding(JsonNode report, String part) {
    return StreamSupport.stream(report.path("findings").spliterator(), false)
        .filter(finding -> finding.path("part").asText().equals(part))
        .findFirst()
        .orElseThrow();
  }
}
