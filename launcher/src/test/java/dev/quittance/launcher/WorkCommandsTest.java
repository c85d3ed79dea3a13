package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Ports;
import dev.quittance.testkit.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The verbs of a day's work, against the services' documented answers; the services themselves
/// answer them in the system tests.
class WorkCommandsTest {

  private static final String ORDER = "/orders/stripe%3Api_1";

  private static final String PAID =
      """
      {"id": "stripe:pi_1", "paymentStatus": "paid", "fulfillmentStatus": "on_hold",
       "connectedAccount": "acct_1", "amount": {"minorUnits": 3000, "currency": "USD"},
       "received": {"minorUnits": 3000, "currency": "USD"},
       "refunded": {"minorUnits": 500, "currency": "USD"},
       "customer": {"email": "ada@customer.example", "name": "Ada Lovelace"}}\
      """;

  private static final String REFUNDED =
      """
      {"refund": "re_1", "status": "succeeded", "endpoint": "stripe",
       "amount": {"minorUnits": 1000, "currency": "USD"}}\
      """;

  private final FakeServices services = new FakeServices();

  WorkCommandsTest() throws IOException {}

  @AfterEach
  void close() {
    services.close();
  }

  @Test
  void anOrderIsHeldWithAReasonAndReleased() throws IOException {
    services.answer(ORDER + "/hold", 200, PAID).answer(ORDER + "/release", 200, PAID);

    CommandResult held = run("orders", "hold", "stripe:pi_1", "--reason", "address looks wrong");

    assertThat(held.code()).isZero();
    assertThat(held.lines()).containsExactly("order stripe:pi_1: paid, on hold");
    assertThat(run("orders", "release", "stripe:pi_1").code()).isZero();
    assertThat(services.bodies()).containsExactly("{\"reason\":\"address looks wrong\"}", "{}");
    assertThat(services.asked())
        .extracting(FakeServices.Asked::key)
        .doesNotHaveDuplicates()
        .allMatch(key -> key.startsWith("cli-"));
    CommandResult json = run("orders", "hold", "stripe:pi_1", "--json");
    assertThat(json.json().path("fulfillmentStatus").asText()).isEqualTo("on_hold");
    assertThat(json.out()).doesNotContain("ada@", "Lovelace");
  }

  @Test
  void whatWasDeliveredIsSaidItemByItem(@TempDir Path directory) throws IOException {
    services.answer(ORDER + "/fulfillments", 201, "{\"id\": \"f\", \"order\": " + PAID + "}");
    Path code = Files.writeString(directory.resolve("code"), "AAAA-BBBB\n");

    CommandResult result =
        run(
            "orders",
            "fulfill",
            "stripe:pi_1",
            "--item=li_1=2",
            "--item=li=2=1",
            "--carrier=DHL",
            "--tracking=JD0146",
            "--code-file=" + code);

    assertThat(result.code()).isZero();
    assertThat(WireFormat.mapper().readTree(services.bodies().getFirst()))
        .isEqualTo(
            WireFormat.mapper()
                .readTree(
                    """
                    {"items": [{"id": "li_1", "quantity": 2}, {"id": "li=2", "quantity": 1}],
                     "tracking": {"carrier": "DHL", "number": "JD0146"},
                     "deliveredCode": "AAAA-BBBB"}\
                    """));
    assertThat(result.out() + result.err()).doesNotContain("AAAA", "JD0146");
  }

  @Test
  void aRefusalIsASentenceWithItsCode() {
    services.answer(
        ORDER + "/fulfillments",
        409,
        """
        {"type": "urn:quittance:problem:on_hold", "title": "The order is on hold.", "status": 409,
         "code": "on_hold"}\
        """);

    CommandResult result = run("orders", "fulfill", "stripe:pi_1");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err().strip())
        .isEqualTo("fulfillment-service refuses (on_hold): The order is on hold.");
  }

  @Test
  void whatTheServiceDoesNotUnderstandIsInvalidUsage() {
    services.answer(
        ORDER + "/hold", 400, "{\"code\": \"bad_request\", \"detail\": \"The body has a limit.\"}");

    CommandResult result = run("orders", "hold", "stripe:pi_1");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("The body has a limit.").hasLineCount(1);
  }

  @Test
  void aServiceThatIsAwayIsNotReachable() {
    String nowhere = "--url=http://127.0.0.1:" + Ports.free();
    services.answer(ORDER, 502, "<html>");

    for (String verb : List.of("orders hold", "receipts resend", "receipts show", "open")) {
      List<String> line = new ArrayList<>(List.of(verb.split(" ")));
      line.addAll(List.of("stripe:pi_1", nowhere));
      CommandResult result = CommandResult.by(line.toArray(String[]::new));
      assertThat(result.code()).as(verb).isEqualTo(3);
      assertThat(result.err()).contains("Nothing answers at").doesNotContain("--key");
    }
    assertThat(run("orders", "show", "stripe:pi_1").code()).isEqualTo(3);
  }

  @Test
  void whereNobodyKnowsWhetherItWasDoneTheKeyIsTold() {
    services.answer(ORDER, 200, PAID);
    services.answer(
        "/refunds", 504, "{\"code\": \"outcome_unknown\", \"detail\": \"It may have refunded.\"}");

    CommandResult result = run("orders", "refund", "stripe:pi_1", "--yes");

    assertThat(result.code()).isEqualTo(1);
    String key = services.asked().getLast().key();
    assertThat(result.err()).contains("(outcome_unknown)", "--key " + key + " finds out");
    run("orders", "refund", "stripe:pi_1", "--yes", "--key", key);
    assertThat(services.asked().getLast().key()).isEqualTo(key);
  }

  @Test
  void aPartIsRefundedExactly() throws IOException {
    services.answer(ORDER, 200, PAID).answer("/refunds", 201, REFUNDED);

    CommandResult result =
        run(
            "orders",
            "refund",
            "stripe:pi_1",
            "--amount=10.00",
            "--reason=duplicate",
            "--note=twice",
            "--yes");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("10.00 USD: refund re_1 is succeeded at the provider.");
    assertThat(WireFormat.mapper().readTree(services.bodies().getFirst()))
        .isEqualTo(
            WireFormat.mapper()
                .readTree(
                    """
                    {"order": "stripe:pi_1", "reason": "duplicate", "connectedAccount": "acct_1",
                     "amount": {"minorUnits": 1000, "currency": "USD"}, "note": "twice"}\
                    """));
    assertThat(run("orders", "refund", "stripe:pi_1", "--yes", "--json").json())
        .isEqualTo(WireFormat.mapper().readTree(REFUNDED));
  }

  @Test
  void anAmountThatTheCurrencyDoesNotHaveIsRefundedToNobody() {
    services.answer(ORDER, 200, PAID.replace("USD", "JPY"));

    for (String amount : List.of("10.5", "0", "-1", "1e400000000", "much")) {
      CommandResult result = run("orders", "refund", "stripe:pi_1", "--yes", "--amount=" + amount);
      assertThat(result.code()).as(amount).isEqualTo(2);
      assertThat(result.err()).contains("a positive number such as 1250, in JPY");
    }
    assertThat(services.bodies()).isEmpty();
  }

  @Test
  void whoIsAskedSeesWhatIsAboutToBeDoneAndMaySayNo() {
    services.answer(ORDER, 200, PAID).answer("/refunds", 201, REFUNDED);
    services.answer(ORDER + "/customer", 204, "");
    var no = new Typing("no");
    var yes = new Typing("Yes");

    CommandResult refused = run(new RefundCommand(no), "stripe:pi_1", "--amount", "10.00");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("Nothing was refunded.");
    assertThat(no.questions)
        .containsExactly(
            "Refund 10.00 USD of order stripe:pi_1: paid, on hold, received 30.00 USD, refunded"
                + " before 5.00 USD? It can't be undone. [y/N]");
    assertThat(run(new EraseCommand(new Typing(null)), "stripe:pi_1").code()).isEqualTo(1);
    assertThat(services.asked()).extracting(FakeServices.Asked::method).containsOnly("GET");
    assertThat(run(new EraseCommand(yes), "stripe:pi_1").lines())
        .containsExactly("The customer of order stripe:pi_1 is erased.");
    assertThat(run(new RefundCommand(yes), "stripe:pi_1").code()).isZero();
    assertThat(services.asked()).extracting(FakeServices.Asked::method).contains("DELETE", "POST");
  }

  @Test
  void aReceiptIsListedShownAndSentAgain() throws IOException {
    String receipt =
        """
        {"id": "rcp_1", "order": "stripe:pi_1", "kind": "payment", "number": "stripe-2026-1",
         "status": "undeliverable", "to": "a…@customer.example", "messageId": "rcp_1@shop.example",
         "amount": {"minorUnits": 3000, "currency": "USD"},
         "reason": {"code": "refused", "message": "550 <ada@customer.example> is nobody"}}\
        """;
    services
        .answer("/receipts?order=stripe%3Api_1", 200, "{\"receipts\": [" + receipt + "]}")
        .answer(
            "/receipts/rcp_1",
            200,
            """
            {"receipt": %s, "sendings": [{"number": 1, "status": "undeliverable", "attempts": 2,
              "to": "a…@customer.example", "askedBy": "operator-token"}]}\
            """
                .formatted(receipt))
        .answer("/receipts/rcp_1/resend", 202, receipt.replace("undeliverable", "due"))
        .answer("/receipts/codes/cod_1/resend", 202, "{\"id\": \"cod_1\", \"status\": \"due\"}");

    assertThat(run("receipts", "list", "stripe:pi_1").out())
        .contains("undeliverable (refused)", "a…@customer.example");
    CommandResult shown = run("receipts", "show", "rcp_1");
    assertThat(shown.out())
        .contains(
            "receipt stripe-2026-1 (payment)",
            "sending 1, undeliverable, to a…@customer.example, 2 attempts, asked for by operator");
    CommandResult json = run("receipts", "show", "rcp_1", "--json");
    assertThat(json.json().at("/receipt/messageId").asText()).isEqualTo("rcp_1@shop.example");
    assertThat(shown.out() + json.out()).doesNotContain("ada@");
    CommandResult resent =
        run("receipts", "resend", "rcp_1", "--to", "ada@customer.example", "--key", "k-1");
    assertThat(resent.lines()).containsExactly("rcp_1 is due again, to a…@customer.example");
    assertThat(services.bodies().getLast()).contains("\"to\":\"ada@customer.example\"", "by");
    assertThat(services.asked().getLast().key()).isEqualTo("k-1");
    assertThat(run("receipts", "resend", "cod_1").code()).isZero();
  }

  @Test
  void whatWasGivenUpIsListedForAllOrders() {
    var nobody = "{\"receipts\": [], \"receiptsInAll\": 0, \"codes\": [], \"codesInAll\": 0}";
    services.answer("/receipts/undeliverable?since=2026-11-20T14%3A30%3A00Z", 200, nobody);

    assertThat(
            run("receipts", "list", "--undeliverable", "--since", "2026-11-20T14:30:00Z").lines())
        .containsExactly("There are none.");
  }

  @Test
  void aPreviewIsTextOrAFile(@TempDir Path directory) throws IOException {
    String path = "/receipts/preview?kind=%s&locale=%s&currency=EUR&endpoint=&format=%s";
    services
        .answer(path.formatted("refund", "de", "text"), 200, "Erstattung\n12,34 €\n")
        .answer(path.formatted("payment", "en", "pdf"), 200, "%PDF-1.7")
        .answer(path.formatted("nothing", "en", "text"), 400, "{\"detail\": \"A kind is ….\"}");
    Path file = directory.resolve("receipt.pdf");

    assertThat(run("receipts", "preview", "--kind=refund", "--locale=de").lines())
        .containsExactly("Erstattung", "12,34 €");
    assertThat(run("receipts", "preview", "--format=pdf", "--output=" + file).code()).isZero();
    assertThat(file).hasContent("%PDF-1.7");
    assertThat(run("receipts", "preview", "--kind=nothing").code()).isEqualTo(2);
  }

  @Test
  void aTestMailSaysWhatTheServerSaid() {
    services
        .answer(
            "/receipts/test-mail",
            200,
            "{\"accepted\": true, \"messageId\": \"m\", \"tls\": \"TLSv1.3\", \"sentMs\": 12}")
        .answer(
            "/receipts/test-mail",
            200,
            """
            {"accepted": false, "messageId": "m", "sentMs": 3,
             "reason": {"code": "refused", "message": "554 no service for you"}}\
            """);

    CommandResult taken = run("receipts", "test-mail", "ada@customer.example");
    CommandResult refused = run("receipts", "test-mail", "ada@customer.example");

    assertThat(taken.code()).isZero();
    assertThat(taken.lines())
        .containsExactly(
            "The mail server took it for a…@customer.example in 12 ms, encrypted: TLSv1.3.");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains("didn't take it (refused): 554 no service for you");
  }

  @Test
  void theConsoleIsOpenedOnATerminalAndNamedEverywhere() {
    services.answer("/readiness", 200, "{\"status\": \"UP\"}").answer(ORDER, 200, PAID);
    var opened = new ArrayList<URI>();

    assertThat(run("open", "stripe:pi_1").lines())
        .containsExactly(services.url() + "/console/orders/stripe%3Api_1");
    assertThat(run("open", "stripe:pi_2").code()).isEqualTo(1);
    assertThat(run(new OpenCommand(new Typing(""), opened::add)).code()).isZero();
    assertThat(run(new OpenCommand(new Typing(""), _ -> false)).err())
        .contains("No browser could be opened.");
    assertThat(run(new OpenCommand(new Typing(""), opened::add), "--print").code()).isZero();
    assertThat(opened).containsExactly(URI.create(services.url() + "/console"));
  }

  @Test
  void aTokenComesFromAFileAndIsPrintedNowhere(@TempDir Path directory) throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "s3cret-token\n");
    Path broken = Files.writeString(directory.resolve("broken"), "s3cret\ntoken");
    services.answer(ORDER + "/hold", 401, "{\"detail\": \"Say who you are.\"}");

    CommandResult result = run("orders", "hold", "stripe:pi_1", "--token-file=" + token);
    CommandResult misused = run("orders", "hold", "stripe:pi_1", "--token-file=" + broken);

    assertThat(services.asked()).hasSize(1);
    assertThat(services.asked().getFirst().authorization()).isEqualTo("Bearer s3cret-token");
    assertThat(result.code()).isEqualTo(1);
    assertThat(misused.code()).isEqualTo(2);
    assertThat(result.out() + result.err() + misused.out() + misused.err())
        .doesNotContain("s3cret");
    var environment = Map.of("QUITTANCE_OPERATOR_TOKEN_FILE", token.toString());
    assertThat(new Addresses().token(Service.FULFILLMENT, environment)).hasValue("s3cret-token");
    assertThat(new Addresses().token(Service.INGEST, environment)).isEmpty();
  }

  /// Somebody who types one and the same answer.
  private static final class Typing implements Terminal {

    private final @Nullable String answer;
    private final List<String> questions = new ArrayList<>();

    Typing(@Nullable String answer) {
      this.answer = answer;
    }

    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public @Nullable String ask(String question) {
      questions.add(question);
      return answer;
    }

    @Override
    public @Nullable String askSecret(String question) {
      return ask(question);
    }
  }

  private CommandResult run(String... arguments) {
    return run(Launcher.commandLine(), arguments);
  }

  private CommandResult run(Callable<Integer> command, String... arguments) {
    return run(new CommandLine(command), arguments);
  }

  private CommandResult run(CommandLine line, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--url=" + services.url() + "/");
    return CommandResult.by(line, all.toArray(String[]::new));
  }
}
