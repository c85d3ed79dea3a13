package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// Stands here for the help. The script runs the tests itself, as they build anew the very classes
/// that this program consists of.
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Build everything and run all tests: what CI runs.",
      "",
      "Real Kafka, PostgreSQL and SMTP are started as needed; nothing has to be installed.",
      "Modules run beside each other, and beside a stack that is up: no port is fixed.",
      "",
      "With names of modules or test classes (Class#method, too) only these are run, on what is built"
          + " already where nothing has changed.",
      "--long adds seeds, fuzz cases, pictures and minutes of chaos.",
      "All other options go to Maven.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance test",
      "  ./quittance test ingest-service",
      "  ./quittance test OrderStateTest MoneyTest",
      "  ./quittance test ChaosTest --long",
      "  ./quittance test -Dquittance.containers=docker    containers, not embedded servers"
    })
final class TestCommand implements Callable<Integer> {

  @Unmatched private List<String> forMaven = List.of();

  @Override
  public Integer call() {
    throw new StackFault("Run it as ./quittance test " + String.join(" ", forMaven));
  }
}
