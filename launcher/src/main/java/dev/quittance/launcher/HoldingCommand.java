package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Stops an order, lets it go on, or says that what had left is back.
abstract class HoldingCommand extends ActingCommand {

  @Parameters(paramLabel = "ORDER", description = "Its id, such as stripe:pi_3Qx.")
  private String id = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for whoever reads the order's history.")
  private @Nullable String reason;

  private final String what;

  /// @param what the command's name in the service's path
  HoldingCommand(String what) {
    this.what = what;
  }

  @Override
  int call(ServiceClient services) {
    ObjectNode command = WireFormat.mapper().createObjectNode();
    if (reason != null) {
      command.put("reason", reason);
    }
    JsonNode order =
        done(services, Service.FULFILLMENT, OrdersCommand.path(id) + "/" + what, command);
    if (output.json()) {
      output.say(Masked.of(order));
    } else {
      output.say(OrdersCommand.line(order));
    }
    return 0;
  }

  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      description = {
        "Have an order wait until it is released.",
        "",
        "Nobody is asked to fulfill it meanwhile. A hold may come before the money.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = "  ./quittance orders hold stripe:pi_3Qx --reason 'address looks wrong'")
  static final class Hold extends HoldingCommand {

    Hold() {
      super("hold");
    }
  }

  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      description = "Let an order go on that was held.",
      footerHeading = "%nExamples:%n",
      footer = "  ./quittance orders release stripe:pi_3Qx --reason 'customer called back'")
  static final class Release extends HoldingCommand {

    Release() {
      super("release");
    }
  }

  @Command(
      name = "reverse",
      mixinStandardHelpOptions = true,
      description = "Say that what had left is back, or written off.",
      footerHeading = "%nExamples:%n",
      footer = "  ./quittance orders reverse stripe:pi_3Qx --reason 'parcel came back'")
  static final class Reverse extends HoldingCommand {

    Reverse() {
      super("reverse");
    }
  }
}
