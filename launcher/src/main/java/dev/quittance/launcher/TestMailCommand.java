package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Tries the mail settings out.
@Command(
    name = "test-mail",
    mixinStandardHelpOptions = true,
    description = {
      "Send a test mail on the same way as receipts, to an address of your own.",
      "",
      "It says what the mail server answered, and whether the way is encrypted.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance receipts test-mail you@example.com",
      "  ./quittance receipts test-mail you@example.com --endpoint stripe",
      "",
      "Exit codes: 0 the mail server took it, 1 it didn't, 2 invalid usage, 3 not reachable."
    })
final class TestMailCommand extends ServiceCommand {

  @Parameters(paramLabel = "ADDRESS", description = "Who gets it: yourself.")
  private String to = "";

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "From this endpoint's sender; otherwise from the usual one.")
  private @Nullable String endpoint;

  @Override
  int call(ServiceClient services) {
    var request = WireFormat.mapper().createObjectNode().put("to", to);
    if (endpoint != null) {
      request.put("endpoint", endpoint);
    }
    var answer = services.post(Service.RECEIPTS, "/receipts/test-mail", request);
    if (answer.status() == 400) {
      throw output.misused(Output.plain(answer.complaint()));
    }
    JsonNode result = answer.content();
    boolean accepted = result.path("accepted").asBoolean();
    if (output.json()) {
      output.say(Masked.of(result));
    } else {
      output.say(accepted ? taken(result) : refused(result));
    }
    return accepted ? 0 : 1;
  }

  private String taken(JsonNode result) {
    return "The mail server took it for %s in %d ms, %s."
        .formatted(
            Customer.masked(to),
            result.path("sentMs").asLong(),
            result.hasNonNull("tls")
                ? "encrypted: " + Output.plain(result.path("tls").asText())
                : "not encrypted");
  }

  /// The server's words are for whoever runs it, and about an address of their own.
  private static String refused(JsonNode result) {
    JsonNode reason = result.path("reason");
    String words =
        reason.path("message").asText(result.path("fault").asText("without saying more"));
    return "The mail server didn't take it (%s): %s"
        .formatted(Output.plain(reason.path("code").asText()), Output.plain(words));
  }
}
