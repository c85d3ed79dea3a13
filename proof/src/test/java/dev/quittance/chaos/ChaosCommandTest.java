package dev.quittance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.chaos.fault.Kind;
import dev.quittance.launcher.Launcher;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChaosCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Launcher.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @Test
  void theHelpSaysWhatEachFaultIs() {
    assertThat(run("chaos", "--help")).isZero();

    String help = out.toString().replaceAll("\\s+", " ");
    for (Kind kind : Kind.values()) {
      assertThat(help).contains(" " + kind.label() + " " + kind.words());
    }
  }

  @Test
  void theListOfFaultsInTheDocumentsHasEachOfThem() throws IOException {
    String page = Files.readString(Path.of("../docs/reliability.md"));

    for (Kind kind : Kind.values()) {
      assertThat(page).contains("`" + kind.label() + "`");
    }
  }

  @Test
  void aFaultThatThereIsNotIsRefusedBeforeAnythingStarts() {
    assertThat(run("chaos", "--faults", "kill,nonsense")).isEqualTo(2);

    assertThat(err.toString()).contains("--faults knows brokers3, kill").contains("overtake");
  }
}
