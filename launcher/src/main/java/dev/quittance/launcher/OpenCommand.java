package dev.quittance.launcher;

import dev.quittance.contracts.WireFormat;
import dev.quittance.testkit.Service;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Opens the console.
@Command(
    name = "open",
    mixinStandardHelpOptions = true,
    description = {
      "Open the console in the browser, or the page of an order, and say where it is.",
      "",
      "Where no browser can be opened, it says only where.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance open",
      "  ./quittance open stripe:pi_3Qx",
      "  ./quittance open --print",
      "",
      "Exit codes: 0 done, 1 no such order, 2 invalid usage, 3 not reachable."
    })
final class OpenCommand extends ServiceCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "ORDER",
      description = "An order's id, such as stripe:pi_3Qx.")
  private @Nullable String id;

  @Option(names = "--print", description = "Only say where it is.")
  private boolean print;

  private final Terminal terminal;
  private final Predicate<URI> browser;

  OpenCommand() {
    this(Terminal.ofProcess(), OpenCommand::browse);
  }

  /// @param browser opens a page, and says whether it could
  OpenCommand(Terminal terminal, Predicate<URI> browser) {
    this.terminal = terminal;
    this.browser = browser;
  }

  @Override
  int call(ServiceClient services) {
    // a browser would say less of what is wrong
    services.get(Service.FULFILLMENT, "/readiness");
    if (id != null) {
      services.get(Service.FULFILLMENT, OrdersCommand.path(id)).content();
    }
    URI page =
        services.address(
            Service.FULFILLMENT,
            id == null ? "/console" : "/console/orders/" + ServiceClient.escaped(id));
    if (output.json()) {
      output.say(WireFormat.mapper().createObjectNode().put("console", page.toString()));
      return 0;
    }
    output.say(page.toString());
    if (!print && terminal.isThere() && !browser.test(page)) {
      output.remark("No browser could be opened.");
    }
    return 0;
  }

  /// By the desktop's own way.
  private static boolean browse(URI page) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> command =
        system.contains("mac")
            ? List.of("open", page.toString())
            : List.of("xdg-open", page.toString());
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
