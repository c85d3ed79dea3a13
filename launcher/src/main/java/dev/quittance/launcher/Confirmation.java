package dev.quittance.launcher;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Asks before what can't be undone. Programs, which can't be asked, say it beforehand.
final class Confirmation {

  @Option(names = "--yes", description = "Do it without asking; needed where no terminal is.")
  private boolean yes;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private final Terminal terminal;

  @SuppressWarnings({"NullAway.Init", "initialization"}) // picocli sets the field
  Confirmation(Terminal terminal) {
    this.terminal = terminal;
  }

  /// @throws ParameterException where it isn't said and nobody can be asked
  void requireSomebody() {
    if (!yes && !terminal.isThere()) {
      throw new ParameterException(
          command.commandLine(), "It can't be undone, and nobody is here to be asked: say --yes.");
    }
  }

  /// @param question what is about to be done
  /// @return whether it is wanted; anything but a yes is a no
  boolean given(String question) {
    requireSomebody();
    if (yes) {
      return true;
    }
    @Nullable String answer = terminal.ask(question + " [y/N]");
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }
}
