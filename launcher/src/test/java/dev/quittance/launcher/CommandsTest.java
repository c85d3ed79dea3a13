package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.WireFormat;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What all commands have in common, and what those do that only ask a service.
class CommandsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final FakeServices services = new FakeServices();

  CommandsTest() throws IOException {}

  @AfterEach
  void close() {
    services.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "up --nonsense",
        "trigger --nonsense",
        "trigger payment.success --count 0",
        "trigger payment.success --count many",
        "trigger payment.success --rate -1",
        "listen --topic nonsense",
        "listen --since whenever",
        "listen --count 0",
        "orders",
        "orders nonsense",
        "orders show",
        "orders list --limit many",
        "dead-letters",
        "resend",
        "replay",
        "replay --from whenever",
        "replay --from 1h --to whenever",
        "recover --since whenever",
        "receipts",
        "receipts resend",
        "receipts resend --since 2h",
        "receipts resend --undeliverable",
        "receipts resend --undeliverable --since whenever",
        "receipts resend rcp_1 --undeliverable --since 2h",
        "receipts resend rcp_1 --since 2h",
        "receipts resend rcp_1 --key ü",
        "receipts list",
        "receipts list stripe:pi_1 --undeliverable",
        "receipts list --undeliverable --since whenever",
        "receipts show",
        "receipts preview --json",
        "receipts preview --format pdf",
        "receipts test-mail",
        "orders hold",
        "orders hold stripe:pi_1 --token-file /no/such/file",
        "orders hold stripe:pi_1 --url nonsense",
        "orders fulfill stripe:pi_1 --item li_1",
        "orders fulfill stripe:pi_1 --item li_1=0",
        "orders fulfill stripe:pi_1 --code-file /no/such/file",
        "orders refund stripe:pi_1",
        "orders refund stripe:pi_1 --reason greed --yes",
        "orders erase stripe:pi_1",
        "receipts discard-code",
        "receipts correct",
        "receipts correct rcp_1 --all",
        "receipts correct rcp_1 --dry-run",
        "up --stripe-secret /no/such/file",
        "up --stripe-secret pom.xml",
        "up --stripe-key pom.xml",
        "listen --forward-to nowhere",
        "listen --forward-secret /no/such/file",
        "doctor --smtp nonsense",
        "doctor --secrets /no/such/file",
        "conform",
      })
  void badInputIsOneLineAndCodeTwo(String line) {
    CommandResult result = CommandResult.by(line.split(" "));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("--help)");
    assertThat(result.out()).isEmpty();
  }

  static Stream<String> commands() {
    return Launcher.commandLine().getSubcommands().keySet().stream()
        .filter(name -> !name.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpTeaches(String command) {
    CommandResult result = CommandResult.by(command, "--help");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith("Usage: quittance " + command)
        .contains("Examples:", "./quittance " + command);
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
  }

  static Stream<String> verbs() {
    return Stream.of("orders", "receipts")
        .flatMap(group ->
            Objects.requireNonNull(Launcher.commandLine().getSubcommands().get(group))
                .getSubcommands()
                .keySet()
                .stream()
                .map(verb -> group + " " + verb));
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void helpTeachesEachVerbByAnExample(String verb) {
    CommandResult result = CommandResult.by((verb + " --help").split(" "));

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("Examples:", "  ./quittance " + verb);
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void theListOfCommandsHasAWholeSentenceOfEach() {
    Launcher.commandLine()
        .getSubcommands()
        .forEach((name, command) -> {
          if (command.getCommand() instanceof CommandLine.HelpCommand) {
            return; // its words are the library's
          }
          assertThat(command.getCommandSpec().usageMessage().description()[0])
              .as(name)
              .containsPattern("[.?]$")
              .doesNotContain("%n");
        });
  }

  @Test
  void shellsCompleteEveryCommand() {
    CommandResult result = CommandResult.by("completion");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("complete -F").contains(commands().toArray(String[]::new));
  }

  @Test
  void timesAreReadAsPeopleTypeThem() {
    ZoneId zone = ZoneOffset.ofHours(2);

    assertThat(Moments.parse("90m", NOW, zone)).contains(NOW.minusSeconds(5400));
    assertThat(Moments.parse("2026-11-20", NOW, zone))
        .contains(Instant.parse("2026-11-19T22:00:00Z"));
    assertThat(Moments.parse("2026-11-20T14:30", NOW, zone))
        .contains(Instant.parse("2026-11-20T12:30:00Z"));
    assertThat(Moments.parse("2026-11-20T14:30:00Z", NOW, zone))
        .contains(Instant.parse("2026-11-20T14:30:00Z"));
    assertThat(Moments.parse("tomorrow", NOW, zone)).isEmpty();
  }

  @Test
  void whatARecoveryFoundIsTold() {
    services.answer(
        "/recovery?since=30d",
        200,
        """
        {"state": "done", "endpoints": [{"endpoint": "stripe", "found": 3, "recovered": 3,
          "oldestAgeSeconds": 7200}]}\
        """);

    CommandResult result = run("recover", "--since", "30d");

    assertThat(result.code()).isZero();
    assertThat(result.lines()).containsExactly("stripe: 3 found, 3 safe now, the oldest 2h old");
  }

  @Test
  void anIncompleteRecoveryFails() {
    services
        .answer("/recovery?since=72h", 202, "{\"state\": \"running\", \"endpoints\": []}")
        .answer("/recovery", 200, "{\"state\": \"running\", \"endpoints\": []}")
        .answer(
            "/recovery",
            200,
            """
            {"state": "done", "endpoints": [{"endpoint": "stripe", "found": 3, "recovered": 1,
              "oldestAgeSeconds": 60, "fault": "the brokers don't take them"}]}\
            """);

    CommandResult result = run("recover");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("incomplete: the brokers don't take them");
  }

  @Test
  void aReplayIsFollowedToItsEnd() {
    String query = "?from=2026-11-20T00%3A00%3A00Z&to=2026-11-21T00%3A00%3A00Z&endpoint=stripe";
    services
        .answer("/replay" + query, 202, "{\"state\": \"running\", \"total\": 7}")
        .answer("/replay", 200, "{\"state\": \"running\", \"total\": 7, \"read\": 3}")
        .answer(
            "/replay",
            200,
            """
            {"state": "done", "read": 7, "replayed": 5,
             "became": {"translated": 2, "asked": 1, "ignored": 1, "dead": 1}}\
            """);

    CommandResult result =
        run(
            "replay",
            "--from=2026-11-20T00:00:00Z",
            "--to=2026-11-21T00:00:00Z",
            "--endpoint=stripe");

    assertThat(result.code()).isZero();
    assertThat(result.lines())
        .containsExactly(
            "done: Reprocessed 5 of 7 webhooks",
            "  3 say something, 1 of them ask the provider again (the answers follow within the hour),"
                + " 1 say nothing and withdraw what was said, 1 became dead letters");
  }

  @Test
  void cancelingNoReplayDoesNotTellOfTheLastOne() {
    services.answer("/replay", 200, "{\"state\": \"done\", \"read\": 7, \"replayed\": 5}");

    CommandResult result = run("replay", "--cancel");

    assertThat(result.code()).isZero();
    assertThat(result.lines()).containsExactly("No replay is running.");
  }

  @Test
  void whatWasProbablyMeantIsSuggested() {
    assertThat(CommandResult.by("triger").err())
        .containsPattern("Did you mean [a-z ]*trigger")
        .hasLineCount(1);
    assertThat(CommandResult.by("orders", "list", "--statsu", "due").err())
        .containsPattern("Did you mean .*--status")
        .hasLineCount(1);
  }

  @Test
  void theServicesOwnSentenceIsTold() {
    services.answer("/orders/stripe%3Api_0", 404, "{\"title\": \"There is no such order.\"}");

    CommandResult result = run("orders", "show", "stripe:pi_0");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("There is no such order.").doesNotContain("HTTP 404");
  }

  @Test
  void pricesStayNumbersWhateverTheyAreThePriceOf() throws IOException {
    var order =
        WireFormat.mapper()
            .readTree(
                """
                {"totals": {"shipping": {"minorUnits": 500, "currency": "USD"}},
                 "customer": {"shipping": {"name": "Ada", "address": {"line1": "Hafenstraße 1", "postalCode": 20457}}}}\
                """);

    var masked = Masked.of(order);

    assertThat(masked.path("totals")).isEqualTo(order.path("totals"));
    assertThat(masked.path("customer").toString()).doesNotContain("Ada", "Hafen", "20457");
    assertThat(masked.at("/customer/shipping/address/postalCode").isTextual()).isFalse();
  }

  @Test
  void aTokenThatIsMissingIsExplained() {
    services.answer("/recovery?since=72h", 403, "{\"detail\": \"This takes the admin token.\"}");

    CommandResult result = run("recover");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("QUITTANCE_ADMIN_TOKEN");
  }

  @Test
  void whatWasGivenUpIsSentAgainUntilNothingIsLeft() {
    services
        .answer(
            "/receipts/resend-undeliverable",
            202,
            "{\"receipts\": 9990, \"codes\": 10, \"remaining\": 5, \"dryRun\": false}")
        .answer(
            "/receipts/resend-undeliverable",
            202,
            "{\"receipts\": 5, \"codes\": 0, \"remaining\": 0, \"dryRun\": false}");

    CommandResult result =
        run("receipts", "resend", "--undeliverable", "--since", "2026-11-20T14:30:00Z");

    assertThat(result.code()).isZero();
    assertThat(result.lines()).containsExactly("9995 receipts and 10 codes are due again");
    assertThat(services.bodies())
        .hasSize(2)
        .allMatch(body -> body.contains("\"since\":\"2026-11-20T14:30:00Z\""));
  }

  @Test
  void codeIsDiscarded() {
    services.answer(
        "/receipts/codes/cod_1/discard", 202, "{\"id\": \"cod_1\", \"status\": \"undeliverable\"}");

    assertThat(run("receipts", "discard-code", "cod_1").lines())
        .containsExactly("The code of cod_1 is deleted.");
    assertThat(run("receipts", "discard-code", "cod_2").code()).isEqualTo(1);
  }

  @Test
  void wrongReceiptsAreCorrectedOneOrAll() {
    services
        .answer(
            "/receipts/wrong/rcp_1/correct",
            202,
            "{\"id\": \"rcp_2\", \"status\": \"due\","
                + " \"amount\": {\"minorUnits\": 2500, \"currency\": \"USD\"}}")
        .answer(
            "/receipts/wrong/correct-all",
            202,
            "{\"corrections\": 10000, \"remaining\": 5, \"dryRun\": false}")
        .answer(
            "/receipts/wrong/correct-all",
            202,
            "{\"corrections\": 5, \"remaining\": 0, \"dryRun\": false}");

    assertThat(run("receipts", "correct", "rcp_1").lines())
        .containsExactly("The correction is due: rcp_2, 25.00 USD");
    assertThat(run("receipts", "correct", "--all").lines())
        .containsExactly("10005 corrections are due");
    assertThat(run("receipts", "correct", "rcp_3").code()).isEqualTo(1);
  }

  /// One that others hold back is no reason to ask for ever.
  @Test
  void correctingEndsWhereNothingMoreCanBeCorrected() {
    services.answer(
        "/receipts/wrong/correct-all",
        202,
        "{\"corrections\": 0, \"remaining\": 1, \"dryRun\": false}");

    assertThat(run("receipts", "correct", "--all").lines())
        .containsExactly("0 corrections are due");
  }

  @Test
  void anEventThatNobodyKnowsIsNotResent() {
    services
        .answer("/replay?event=evt_1", 202, "{\"state\": \"running\"}")
        .answer("/replay", 200, "{\"state\": \"done\", \"replayed\": 0}");

    CommandResult result = run("resend", "evt_1");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("There is no event evt_1");
  }

  @Test
  void ordersAreATableWithoutAddresses() {
    services.answer(
        "/orders?limit=20&status=due",
        200,
        """
        {"orders": [{"id": "stripe:pi_1", "paymentStatus": "partially_refunded",
          "fulfillmentStatus": "due", "amount": {"minorUnits": 3000, "currency": "USD"},
          "customer": {"email": "ada@customer.example"}, "placedAt": "2026-11-22T12:00:00Z"}]}\
        """);

    CommandResult result = run("orders", "list", "--status", "due");

    assertThat(result.code()).isZero();
    assertThat(result.lines())
        .containsExactly(
            "ORDER        PAYMENT             FULFILLMENT  AMOUNT     PLACED                CUSTOMER",
            "stripe:pi_1  partially refunded  due          30.00 USD  2026-11-22T12:00:00Z"
                + "  a…@customer.example");
    assertThat(run("orders", "list", "--status", "due", "--json").out())
        .doesNotContain("ada@customer");
  }

  @Test
  void aStatusThatIsNoneIsMisuse() {
    services.answer("/orders?limit=20&status=x", 400, "{\"detail\": \"status is no status.\"}");

    assertThat(run("orders", "list", "--status", "x").code()).isEqualTo(2);
    assertThat(run("orders", "show", "stripe:pi_1").code()).isEqualTo(1);
  }

  private CommandResult run(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    for (String service : List.of("ingest", "fulfillment", "receipts", "sandbox")) {
      all.add("--" + service + "-url=" + services.url());
    }
    CommandLine line = Launcher.commandLine();
    return CommandResult.by(line, all.toArray(String[]::new));
  }
}
