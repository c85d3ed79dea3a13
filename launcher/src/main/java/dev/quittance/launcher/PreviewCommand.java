package dev.quittance.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows what receipts look like.
@Command(
    name = "preview",
    mixinStandardHelpOptions = true,
    description = {
      "Show what receipts look like: with made-up customers, and an endpoint's own branding.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance receipts preview",
      "  ./quittance receipts preview --kind refund --locale de --currency EUR",
      "  ./quittance receipts preview --endpoint stripe --format html --output receipt.html",
      "  ./quittance receipts preview --format pdf --output receipt.pdf",
      "",
      "Exit codes: 0 done, 1 refused, 2 invalid usage, 3 not reachable."
    })
final class PreviewCommand extends ServiceCommand {

  /// What a terminal can't show.
  private static final String PDF = "pdf";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "payment, refund or correction. Default: ${DEFAULT-VALUE}")
  private String kind = "payment";

  @Option(
      names = "--locale",
      paramLabel = "LOCALE",
      description = "The customer's, such as de. Default: ${DEFAULT-VALUE}")
  private String locale = "en";

  @Option(
      names = "--currency",
      paramLabel = "CODE",
      description = "Such as JPY. Default: ${DEFAULT-VALUE}")
  private String currency = "EUR";

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "As this endpoint's customers get them; otherwise as usual.")
  private String endpoint = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, html or pdf. Default: ${DEFAULT-VALUE}")
  private String format = "text";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write it there; a PDF needs one.")
  private @Nullable Path file;

  @Override
  int call(ServiceClient services) {
    if (output.json()) {
      throw output.misused("A preview isn't JSON: --format is text, html or pdf.");
    }
    if (file == null && format.equals(PDF)) {
      throw output.misused("No terminal shows a PDF: say --output FILE.");
    }
    String path =
        "/receipts/preview?kind=%s&locale=%s&currency=%s&endpoint=%s&format=%s"
            .formatted(
                ServiceClient.escaped(kind),
                ServiceClient.escaped(locale),
                ServiceClient.escaped(currency),
                ServiceClient.escaped(endpoint),
                ServiceClient.escaped(format));
    var answer = services.download(Service.RECEIPTS, path, this::show);
    if (answer.status() == 400) {
      throw output.misused(Output.plain(answer.complaint()));
    }
    answer.content();
    return 0;
  }

  private void show(byte[] preview) {
    if (file == null) {
      new String(preview, UTF_8).lines().map(Output::plain).forEach(output::say);
      return;
    }
    try {
      Files.write(file, preview);
    } catch (IOException e) {
      throw new StackFault("The file " + file + " can't be written", e);
    }
    output.say(file.toString());
  }
}
