package dev.quittance.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says that an order was shipped or delivered.
@Command(
    name = "fulfill",
    mixinStandardHelpOptions = true,
    description = {
      "Say that an order was shipped or delivered: all that remains of it, or some items.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance orders fulfill stripe:pi_3Qx",
      "  ./quittance orders fulfill stripe:pi_3Qx --carrier DHL --tracking JD0146",
      "  ./quittance orders fulfill stripe:pi_3Qx --item li_1=2 --item li_2=1",
      "  ./quittance orders fulfill stripe:pi_3Qx --code-file license.txt",
      "",
      "./quittance orders show lists the items. Exit codes: 0 done, 1 refused, 2 invalid usage,",
      "3 not reachable."
    })
final class FulfillCommand extends ActingCommand {

  /// More than the service takes; whoever names a film by mistake is told so at once.
  private static final long CODE_BYTES_MAX = 65_536;

  @Parameters(paramLabel = "ORDER", description = "Its id, such as stripe:pi_3Qx.")
  private String id = "";

  @Option(
      names = "--item",
      paramLabel = "ITEM=QUANTITY",
      description = "This much of an item; may be repeated. Otherwise all that remains.")
  private List<String> items = List.of();

  @Option(names = "--carrier", paramLabel = "NAME", description = "Who brings it.")
  private @Nullable String carrier;

  @Option(names = "--tracking", paramLabel = "NUMBER", description = "By which it is followed.")
  private @Nullable String tracking;

  @Option(
      names = "--code-file",
      paramLabel = "FILE",
      description =
          "A file with the key that is handed out instead of a parcel; the customer gets it by"
              + " mail.")
  private @Nullable Path codeFile;

  @Override
  int call(ServiceClient services) {
    ObjectNode command = WireFormat.mapper().createObjectNode();
    for (String item : items) {
      add(command, item);
    }
    if (carrier != null || tracking != null) {
      command.putObject("tracking").put("carrier", carrier).put("number", tracking);
    }
    if (codeFile != null) {
      command.put("deliveredCode", code(codeFile));
    }
    JsonNode fulfillment =
        done(services, Service.FULFILLMENT, OrdersCommand.path(id) + "/fulfillments", command);
    if (output.json()) {
      output.say(Masked.of(fulfillment));
    } else {
      output.say(OrdersCommand.line(fulfillment.path("order")));
    }
    return 0;
  }

  private void add(ObjectNode command, String item) {
    int equals = item.lastIndexOf('=');
    try {
      long quantity = Long.parseLong(item.substring(equals + 1));
      if (equals > 0 && quantity > 0) {
        command
            .withArray("/items")
            .addObject()
            .put("id", item.substring(0, equals))
            .put("quantity", quantity);
        return;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw output.misused("--item is like li_1=2, an item and how many of it.");
  }

  private String code(Path file) {
    try {
      if (Files.size(file) <= CODE_BYTES_MAX) {
        String code = Files.readString(file, UTF_8).strip();
        if (!code.isEmpty()) {
          return code;
        }
      }
    } catch (IOException _) {
      // said below
    }
    throw output.misused("The file " + file + " can't be read, is empty, or no code is that long.");
  }
}
